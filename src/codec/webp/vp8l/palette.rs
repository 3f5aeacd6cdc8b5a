//! Pictures of few colours as indices of a palette (RFC 9649, section 3.5.4).

use super::predict::minus;

/// The most colours of a palette.
const COLORS: usize = 256;

/// The colours of a picture in order; `None` if there are too many.
pub fn palette(pixels: &[u32]) -> Option<Vec<u32>> {
    let mut colors: Vec<u32> = Vec::new();
    let mut before = None;
    for &pixel in pixels.iter().filter(|pixel| before.replace(**pixel) != Some(**pixel)) {
        if let Err(place) = colors.binary_search(&pixel) {
            if colors.len() == COLORS {
                return None;
            }
            colors.insert(place, pixel);
        }
    }
    Some(colors)
}

/// The palette as an image: each colour without the one before.
pub fn differences(palette: &[u32]) -> Vec<u32> {
    let before = std::iter::once(&0).chain(palette);
    palette.iter().zip(before).map(|(color, before)| minus(*color, *before)).collect()
}

/// Replaces pixels by indices, of which up to eight share a pixel. Returns the picture and its width.
pub fn indexed(pixels: &[u32], width: usize, palette: &[u32]) -> (Vec<u32>, usize) {
    let per_pixel = match palette.len() {
        0..=2 => 8,
        3..=4 => 4,
        5..=16 => 2,
        _ => 1,
    };
    let bits = 8 / per_pixel;
    let packed = |pixels: &[u32]| {
        let mut green = 0;
        for (nth, pixel) in pixels.iter().enumerate() {
            let index = palette.binary_search(pixel).unwrap_or(0) as u32;
            green |= index << (nth * bits);
        }
        0xff00_0000 | green << 8
    };
    let rows = pixels.chunks(width);
    let packed = rows.flat_map(|row| row.chunks(per_pixel).map(packed)).collect();
    (packed, width.div_ceil(per_pixel))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_share_pixels_and_rows_begin_anew() {
        let pixels = [9, 5, 5, 9, 9, 5, 7, 7, 7, 5];
        let palette = palette(&pixels).unwrap();
        assert_eq!(palette, [5, 7, 9]);
        let (packed, width) = indexed(&pixels, 5, &palette);
        assert_eq!(packed, [0xff00_8200, 0xff00_0200, 0xff00_5400, 0xff00_0000]);
        assert_eq!(width, 2);
        assert_eq!(differences(&palette), [5, 2, 2]);
        assert_eq!(super::palette(&(0..257).collect::<Vec<_>>()), None);
    }
}
