//! Parses the protocol's colour values (r-is-http-color; decisions H1 to H12), and converts
//! between RGB, CMYK and the YCbCr of JPEG, and by ICC profiles ([`icc`]).

pub mod from_rgb;
pub mod icc;
pub mod ycbcr;

use crate::{
    error::{Error, Result},
    pixel::PixelFormat,
};

/// An 8-bit RGB colour with straight alpha, 255 opaque.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color {
    /// Red, green and blue, 0 to 255.
    pub rgb: [u8; 3],
    /// Opacity, 0 (transparent) to 255 (opaque).
    pub alpha: u8,
}

impl Color {
    /// Opaque white.
    pub const WHITE: Self = Self { rgb: [255; 3], alpha: 255 };
    /// Opaque black.
    pub const BLACK: Self = Self { rgb: [0; 3], alpha: 255 };

    /// Parses a colour: `255,0,0`, `ff0000`, `0xff000080`, `50` (grey %), `0,100,100,0k` …
    /// An error names `command`.
    pub fn parse(command: &str, text: &str) -> Result<Self> {
        parse(text).ok_or_else(|| {
            let wanted = "a colour such as 255,0,0 or ff0000 or 0xff000080 or 0,100,100,0k";
            Error::value(command, text, wanted)
        })
    }

    /// Like [`Color::parse`], but returns `None` if the text is empty.
    pub fn optional(command: &str, text: &str) -> Result<Option<Self>> {
        if text.trim().is_empty() { Ok(None) } else { Self::parse(command, text).map(Some) }
    }

    /// Whether the text has the form of an RGB colour, rather than grey or CMYK.
    pub fn is_rgb(text: &str) -> bool {
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_suffix('s').unwrap_or(&text);
        match text.split(',').count() {
            1 => {
                let digits = text.trim_start_matches("0x").trim_start_matches('#');
                // Three decimal digits are a grey value, not a CSS colour (H3).
                let css = digits.len() == 3 && !digits.bytes().all(|byte| byte.is_ascii_digit());
                !text.ends_with(['g', 'k']) && (css || digits.len() >= 6)
            }
            count => count >= 3 && !text.ends_with('k'),
        }
    }

    /// `0xrrggbbaa`, as `req=props` prints it.
    pub fn hex8(self) -> String {
        let [r, g, b] = self.rgb;
        format!("0x{r:02x}{g:02x}{b:02x}{:02x}", self.alpha)
    }
}

fn parse(text: &str) -> Option<Color> {
    let lower = text.trim().to_ascii_lowercase();
    let (prefixed, rest) = match lower.strip_prefix("0x") {
        Some(rest) => (true, rest),
        None => (false, lower.strip_prefix('#').unwrap_or(&lower)),
    };
    let rest = rest.strip_suffix('s').unwrap_or(rest);
    // g, r and k are no hex digits, so a suffix is unambiguous.
    let (kind, body) = match rest.as_bytes().last()? {
        b'g' | b'r' | b'k' => rest.split_at_checked(rest.len() - 1).map(|(b, k)| (k, b))?,
        _ => ("", rest),
    };
    if body.contains(',') {
        return components(kind, body);
    }
    let hex = body.bytes().all(|byte| byte.is_ascii_hexdigit());
    match (body.len(), prefixed) {
        (2 | 4 | 6 | 8 | 10, true) | (6 | 8, false) if hex => packed(kind, body),
        (10, false) if hex && kind == "k" => packed(kind, body),
        (1..=3, false) if kind != "k" && body.bytes().all(|byte| byte.is_ascii_digit()) => {
            components("g", body)
        }
        (3, false) if hex && kind.is_empty() => {
            let doubled: String = body.chars().flat_map(|digit| [digit, digit]).collect();
            packed("", &doubled)
        }
        _ => None,
    }
}

/// Parses decimal components. Their count and the suffix select grey, RGB or CMYK.
fn components(kind: &str, body: &str) -> Option<Color> {
    let values: Vec<f64> =
        body.split(',').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let byte = |value: f64| value.max(0.0).min(255.0).round() as u8;
    let percent = |value: f64| (value.max(0.0).min(100.0) * 255.0 / 100.0).round() as u8;
    match (kind, values.as_slice()) {
        ("" | "g", [grey]) => Some(grey_of(percent(*grey), 255)),
        ("" | "g", [grey, alpha]) => Some(grey_of(percent(*grey), percent(*alpha))),
        ("" | "r", [r, g, b]) => Some(Color { rgb: [*r, *g, *b].map(byte), alpha: 255 }),
        ("" | "r", [r, g, b, a]) => Some(Color { rgb: [*r, *g, *b].map(byte), alpha: byte(*a) }),
        ("k", [c, m, y, k]) => Some(cmyk([*c, *m, *y, *k].map(percent), 255)),
        ("k", [c, m, y, k, a]) => Some(cmyk([*c, *m, *y, *k].map(percent), percent(*a))),
        _ => None,
    }
}

/// Parses components of two hex digits each. The caller requires the prefix `0x` for grey.
fn packed(kind: &str, digits: &str) -> Option<Color> {
    let bytes: Vec<u8> = digits
        .as_bytes()
        .chunks_exact(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect::<Option<_>>()?;
    match (kind, bytes.as_slice()) {
        ("" | "g", &[grey]) => Some(grey_of(grey, 255)),
        ("" | "g", &[grey, alpha]) => Some(grey_of(grey, alpha)),
        ("" | "r", &[r, g, b]) => Some(Color { rgb: [r, g, b], alpha: 255 }),
        ("" | "r", &[r, g, b, alpha]) => Some(Color { rgb: [r, g, b], alpha }),
        ("k", &[c, m, y, k]) => Some(cmyk([c, m, y, k], 255)),
        ("k", &[c, m, y, k, alpha]) => Some(cmyk([c, m, y, k], alpha)),
        _ => None,
    }
}

fn grey_of(grey: u8, alpha: u8) -> Color {
    Color { rgb: [grey; 3], alpha }
}

/// Converts CMYK to RGB without colour management: R = 255·(1−C)(1−K), and so on.
pub fn cmyk(channels: [u8; 4], alpha: u8) -> Color {
    let [c, m, y, k] = channels;
    Color { rgb: [c, m, y].map(|channel| naive(channel, k)), alpha }
}

/// Converts a row of grey or CMYK pixels, with or without alpha, to RGB. CMYK as [`cmyk`] does.
pub fn row_to_rgb(pixel: PixelFormat, row: &[u8], rgb: &mut Vec<u8>) {
    rgb.clear();
    for color in row.chunks_exact(pixel.samples()) {
        let (color, alpha) = color.split_at(pixel.colors());
        match *color {
            [gray] => rgb.extend([gray; 3]),
            [c, m, y, k] => rgb.extend([c, m, y].map(|channel| naive(channel, k))),
            _ => rgb.extend(color),
        }
        rgb.extend(alpha);
    }
}

/// Converts RGB to CMYK without colour management, as [`cmyk`] does the other way: black takes the
/// place of what the three inks share.
pub fn rgb_to_cmyk(rgb: [u8; 3]) -> [u8; 4] {
    let [r, g, b] = rgb;
    let light = u32::from(r.max(g).max(b));
    let ink = |channel: u8| match light {
        0 => 0,
        light => (((light - u32::from(channel)) * 255 + light / 2) / light) as u8,
    };
    [ink(r), ink(g), ink(b), 255 - light as u8]
}

fn naive(channel: u8, black: u8) -> u8 {
    let product = u32::from(255 - channel) * u32::from(255 - black);
    ((product + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::ColorModel;

    #[test]
    fn a_row_of_any_model_becomes_rgb_and_keeps_its_alpha() {
        let mut rgb = Vec::new();
        let cmyk = PixelFormat { model: ColorModel::Cmyk, alpha: false };
        row_to_rgb(cmyk, &[0, 255, 255, 0, 0, 0, 0, 128], &mut rgb);
        assert_eq!(rgb, [255, 0, 0, 127, 127, 127]);
        row_to_rgb(PixelFormat { alpha: true, ..cmyk }, &[255, 0, 0, 0, 9], &mut rgb);
        assert_eq!(rgb, [0, 255, 255, 9]);
        row_to_rgb(PixelFormat::GRAY, &[7, 8], &mut rgb);
        assert_eq!(rgb, [7, 7, 7, 8, 8, 8]);
        row_to_rgb(PixelFormat::RGBA, &[1, 2, 3, 4], &mut rgb);
        assert_eq!(rgb, [1, 2, 3, 4]);
    }

    #[test]
    fn rgb_becomes_inks_and_back() {
        assert_eq!(rgb_to_cmyk([255, 255, 255]), [0; 4]);
        assert_eq!(rgb_to_cmyk([0, 0, 0]), [0, 0, 0, 255]);
        assert_eq!(rgb_to_cmyk([255, 0, 0]), [0, 255, 255, 0]);
        assert_eq!(rgb_to_cmyk([100, 50, 0]), [0, 128, 255, 155]);
        for nth in 0..4096_u32 {
            let rgb = [0, 4, 8].map(|shift| (nth >> shift & 15) as u8 * 17);
            let back = cmyk(rgb_to_cmyk(rgb), 255).rgb;
            assert!(back.iter().zip(rgb).all(|(a, b)| a.abs_diff(b) <= 1), "{rgb:?} {back:?}");
        }
    }

    fn rgba(text: &str) -> Option<[u8; 4]> {
        parse(text).map(|Color { rgb: [r, g, b], alpha }| [r, g, b, alpha])
    }

    #[test]
    fn decimal_components_by_count() {
        assert_eq!(rgba("85"), Some([217, 217, 217, 255]));
        assert_eq!(rgba("50,50g"), Some([128, 128, 128, 128]));
        assert_eq!(rgba("255, 10,0"), Some([255, 10, 0, 255]));
        assert_eq!(rgba("255,0,0,128"), Some([255, 0, 0, 128]));
        assert_eq!(rgba("0,100,100,0k"), Some([255, 0, 0, 255]));
    }

    #[test]
    fn hex_by_length_and_prefix() {
        assert_eq!(rgba("FF8000"), Some([255, 128, 0, 255]));
        assert_eq!(rgba("0xff800040"), Some([255, 128, 0, 64]));
        assert_eq!(rgba("0X70G"), Some([112, 112, 112, 255]));
        assert_eq!(rgba("#fff"), Some([255, 255, 255, 255]));
        assert_eq!(rgba("000000"), Some([0, 0, 0, 255]), "six digits are hex (H2)");
        assert_eq!(rgba("0x00ff0000ks"), Some([255, 0, 255, 255]));
    }

    #[test]
    fn the_kind_of_a_colour_is_in_how_it_is_written() {
        for text in ["a0b0c0", "200,0,0", "0xff800040", "#fff", "1,2,3,4r"] {
            assert!(Color::is_rgb(text), "{text}");
        }
        for text in ["50", "50,75g", "0x70", "38393a3bk", "1,2,3,4k", "100", ""] {
            assert!(!Color::is_rgb(text), "{text}");
        }
    }

    #[test]
    fn three_decimal_digits_are_grey_before_css() {
        assert_eq!(rgba("100"), Some([255, 255, 255, 255]));
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in ["", "ff", "red", "1,2,3,4,5,6", "0xf", "12345", "é"] {
            assert_eq!(rgba(text), None, "{text}");
        }
    }
}
