//! Conversions without colour management (H12).

use super::Components;
use crate::pixel::{ColorModel, PixelFormat, luma};

/// Converts a row of pixels, with or without alpha, to another model.
pub fn convert_row(from: PixelFormat, to: ColorModel, row: &[u8], made: &mut Vec<u8>) {
    made.clear();
    let count = PixelFormat { model: to, alpha: false }.colors();
    for pixel in row.chunks_exact(from.samples()) {
        let (color, alpha) = pixel.split_at(from.colors());
        match (to, color) {
            (ColorModel::Rgb, &[c, m, y, k]) => made.extend(cmyk_to_rgb([c, m, y, k])),
            (ColorModel::Rgb, &[gray]) => made.extend([gray; 3]),
            _ => match Components::of(color) {
                Some(color) => made.extend(numbers_in(color, to).iter().take(count)),
                None => made.extend(color),
            },
        }
        made.extend(alpha);
    }
}

/// The numbers of a colour in another model. The first one, three or four count.
pub fn numbers_in(color: Components, model: ColorModel) -> [u8; 4] {
    let of_rgb = |[r, g, b]: [u8; 3]| [r, g, b, 0];
    match (color, model) {
        (Components::Gray(gray), ColorModel::Gray) => [gray, 0, 0, 0],
        (Components::Gray(gray), ColorModel::Rgb) => of_rgb([gray; 3]),
        (Components::Gray(gray), ColorModel::Cmyk) => rgb_to_cmyk([gray; 3]),
        (Components::Rgb(rgb), ColorModel::Gray) => [luma(rgb), 0, 0, 0],
        (Components::Rgb(rgb), ColorModel::Rgb) => of_rgb(rgb),
        (Components::Rgb(rgb), ColorModel::Cmyk) => rgb_to_cmyk(rgb),
        (Components::Cmyk(cmyk), ColorModel::Gray) => [luma(cmyk_to_rgb(cmyk)), 0, 0, 0],
        (Components::Cmyk(cmyk), ColorModel::Rgb) => of_rgb(cmyk_to_rgb(cmyk)),
        (Components::Cmyk(cmyk), ColorModel::Cmyk) => cmyk,
    }
}

/// R = 255 · (1 − C) · (1 − K), and so on.
fn cmyk_to_rgb([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    [c, m, y].map(|channel| {
        let product = u32::from(255 - channel) * u32::from(255 - k);
        ((product + 127) / 255) as u8
    })
}

/// Converts RGB to CMYK: black takes the place of what the three inks share.
fn rgb_to_cmyk(rgb: [u8; 3]) -> [u8; 4] {
    let [r, g, b] = rgb;
    let light = u32::from(r.max(g).max(b));
    let ink = |channel: u8| match light {
        0 => 0,
        light => (((light - u32::from(channel)) * 255 + light / 2) / light) as u8,
    };
    [ink(r), ink(g), ink(b), 255 - light as u8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_any_model_becomes_rgb_and_keeps_its_alpha() {
        let mut rgb = Vec::new();
        let cmyk = PixelFormat { model: ColorModel::Cmyk, alpha: false };
        convert_row(cmyk, ColorModel::Rgb, &[0, 255, 255, 0, 0, 0, 0, 128], &mut rgb);
        assert_eq!(rgb, [255, 0, 0, 127, 127, 127]);
        convert_row(
            PixelFormat { alpha: true, ..cmyk },
            ColorModel::Rgb,
            &[255, 0, 0, 0, 9],
            &mut rgb,
        );
        assert_eq!(rgb, [0, 255, 255, 9]);
        convert_row(PixelFormat::GRAY, ColorModel::Rgb, &[7, 8], &mut rgb);
        assert_eq!(rgb, [7, 7, 7, 8, 8, 8]);
        convert_row(PixelFormat::RGBA, ColorModel::Rgb, &[1, 2, 3, 4], &mut rgb);
        assert_eq!(rgb, [1, 2, 3, 4]);
    }

    #[test]
    fn a_row_becomes_inks_or_grey_and_keeps_its_alpha() {
        let mut made = Vec::new();
        convert_row(PixelFormat::RGBA, ColorModel::Cmyk, &[255, 0, 0, 7], &mut made);
        assert_eq!(made, [0, 255, 255, 0, 7]);
        convert_row(PixelFormat::GRAY, ColorModel::Cmyk, &[0, 100], &mut made);
        assert_eq!(made, [0, 0, 0, 255, 0, 0, 0, 155]);
        let cmyk = PixelFormat { model: ColorModel::Cmyk, alpha: false };
        convert_row(cmyk, ColorModel::Gray, &[0, 0, 0, 155], &mut made);
        assert_eq!(made, [100]);
        convert_row(cmyk, ColorModel::Cmyk, &[1, 2, 3, 4], &mut made);
        assert_eq!(made, [1, 2, 3, 4]);
    }

    #[test]
    fn rgb_becomes_inks_and_back() {
        assert_eq!(rgb_to_cmyk([255, 255, 255]), [0; 4]);
        assert_eq!(rgb_to_cmyk([0, 0, 0]), [0, 0, 0, 255]);
        assert_eq!(rgb_to_cmyk([255, 0, 0]), [0, 255, 255, 0]);
        assert_eq!(rgb_to_cmyk([100, 50, 0]), [0, 128, 255, 155]);
        for nth in 0..4096_u32 {
            let rgb = [0, 4, 8].map(|shift| (nth >> shift & 15) as u8 * 17);
            let back = cmyk_to_rgb(rgb_to_cmyk(rgb));
            assert!(back.iter().zip(rgb).all(|(a, b)| a.abs_diff(b) <= 1), "{rgb:?} {back:?}");
        }
    }
}
