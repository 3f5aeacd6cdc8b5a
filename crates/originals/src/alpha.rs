//! Unpremultiplies alpha: pyramids store straight alpha.

/// Divides the colours of one pixel by its alpha, the last sample. A transparent pixel becomes
/// black.
pub(crate) fn unpremultiply(pixel: &mut [u8]) {
    let Some((&mut alpha, colors)) = pixel.split_last_mut() else { return };
    let alpha = u32::from(alpha);
    for color in colors {
        let straight = (u32::from(*color) * 255 + alpha / 2).checked_div(alpha).unwrap_or(0);
        *color = straight.min(255) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn premultiplied_colours_become_straight() {
        let mut pixel = [64, 128, 0, 128];
        unpremultiply(&mut pixel);
        assert_eq!(pixel, [128, 255, 0, 128]);
        let mut transparent = [9, 9, 9, 0];
        unpremultiply(&mut transparent);
        assert_eq!(transparent, [0, 0, 0, 0]);
    }
}
