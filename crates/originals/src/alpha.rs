//! Alpha, which is straight in pyramids.

/// Takes out the black that premultiplied colours hold.
pub(crate) fn straight(pixel: &mut [u8]) {
    let Some((&mut alpha, colors)) = pixel.split_last_mut() else { return };
    let alpha = u32::from(alpha);
    for color in colors {
        let whole = (u32::from(*color) * 255 + alpha / 2).checked_div(alpha).unwrap_or(0);
        *color = whole.min(255) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_is_taken_out_of_premultiplied_colours() {
        let mut pixel = [64, 128, 0, 128];
        straight(&mut pixel);
        assert_eq!(pixel, [128, 255, 0, 128]);
        let mut nothing = [9, 9, 9, 0];
        straight(&mut nothing);
        assert_eq!(nothing, [0, 0, 0, 0]);
    }
}
