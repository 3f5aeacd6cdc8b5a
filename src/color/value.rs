//! Colour values of the protocol (r-is-http-color; decisions H1 to H11).

use super::naive::numbers_in;
use crate::{
    error::{Error, Result},
    pixel::ColorModel,
};

/// A colour with straight alpha, as it was written. Its space follows from the request:
/// `plan::space`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color {
    /// Its numbers, 0 to 255.
    pub components: Components,
    /// Opacity, 0 (transparent) to 255 (opaque).
    pub alpha: u8,
    /// Whether it is in the space of images without a profile (suffix `s`), and not in that of the
    /// reply.
    pub is_source: bool,
}

/// The numbers of a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Components {
    /// 0 is black.
    Gray(u8),
    /// Red, green, blue.
    Rgb([u8; 3]),
    /// Cyan, magenta, yellow, black; 255 is full ink.
    Cmyk([u8; 4]),
}

impl Components {
    /// One, three or four numbers.
    pub fn of(numbers: &[u8]) -> Option<Self> {
        match *numbers {
            [gray] => Some(Self::Gray(gray)),
            [r, g, b] => Some(Self::Rgb([r, g, b])),
            [c, m, y, k] => Some(Self::Cmyk([c, m, y, k])),
            _ => None,
        }
    }

    /// Their model.
    pub fn model(self) -> ColorModel {
        match self {
            Self::Gray(_) => ColorModel::Gray,
            Self::Rgb(_) => ColorModel::Rgb,
            Self::Cmyk(_) => ColorModel::Cmyk,
        }
    }
}

impl Color {
    /// Opaque white.
    pub const WHITE: Self = Self::new(Components::Rgb([255; 3]), 255);
    /// Opaque black.
    pub const BLACK: Self = Self::new(Components::Rgb([0; 3]), 255);
    /// No colour.
    pub const TRANSPARENT: Self = Self::new(Components::Rgb([0; 3]), 0);

    /// A colour in the space of the reply.
    pub const fn new(components: Components, alpha: u8) -> Self {
        Self { components, alpha, is_source: false }
    }

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

    /// A colour that has to be RGB, such as `ff0000`; `None` for others, and for what is no colour.
    pub fn parse_rgb(text: &str) -> Option<Self> {
        parse(text).filter(|color| color.model() == ColorModel::Rgb)
    }

    /// Whether it is grey, RGB or CMYK.
    pub fn model(self) -> ColorModel {
        self.components.model()
    }

    /// Red, green and blue, without colour management.
    pub fn rgb(self) -> [u8; 3] {
        let [r, g, b, _] = numbers_in(self.components, ColorModel::Rgb);
        [r, g, b]
    }

    /// `0xrrggbbaa`, as `req=props` prints it.
    pub fn hex8(self) -> String {
        let [r, g, b] = self.rgb();
        format!("0x{r:02x}{g:02x}{b:02x}{:02x}", self.alpha)
    }
}

fn parse(text: &str) -> Option<Color> {
    let lower = text.trim().to_ascii_lowercase();
    let (prefixed, rest) = match lower.strip_prefix("0x") {
        Some(rest) => (true, rest),
        None => (false, lower.strip_prefix('#').unwrap_or(&lower)),
    };
    let (rest, is_source) = rest.strip_suffix('s').map_or((rest, false), |rest| (rest, true));
    // g, r and k are no hex digits, so a suffix is unambiguous.
    let (kind, body) = match rest.as_bytes().last()? {
        b'g' | b'r' | b'k' => rest.split_at_checked(rest.len() - 1).map(|(b, k)| (k, b))?,
        _ => ("", rest),
    };
    let color =
        if body.contains(',') { components(kind, body) } else { digits(kind, body, prefixed) };
    color.map(|color| Color { is_source, ..color })
}

/// Parses a colour without commas, by its length.
fn digits(kind: &str, body: &str, prefixed: bool) -> Option<Color> {
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
        ("" | "g", [gray]) => Some(Color::new(Components::Gray(percent(*gray)), 255)),
        ("" | "g", [gray, alpha]) => {
            Some(Color::new(Components::Gray(percent(*gray)), percent(*alpha)))
        }
        ("" | "r", [r, g, b]) => Some(Color::new(Components::Rgb([*r, *g, *b].map(byte)), 255)),
        ("" | "r", [r, g, b, alpha]) => {
            Some(Color::new(Components::Rgb([*r, *g, *b].map(byte)), byte(*alpha)))
        }
        ("k", [c, m, y, k]) => {
            Some(Color::new(Components::Cmyk([*c, *m, *y, *k].map(percent)), 255))
        }
        ("k", [c, m, y, k, alpha]) => {
            Some(Color::new(Components::Cmyk([*c, *m, *y, *k].map(percent)), percent(*alpha)))
        }
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
    let count = match kind {
        "k" => 4,
        "r" => 3,
        "g" => 1,
        _ if bytes.len() <= 2 => 1,
        _ => 3,
    };
    let (color, alpha) = bytes.split_at_checked(count)?;
    let alpha = match *alpha {
        [] => 255,
        [alpha] => alpha,
        _ => return None,
    };
    Some(Color::new(Components::of(color)?, alpha))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rgba(text: &str) -> Option<[u8; 4]> {
        parse(text).map(|color| {
            let [r, g, b] = color.rgb();
            [r, g, b, color.alpha]
        })
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

    /// The examples of r-is-http-color.
    #[test]
    fn a_colour_keeps_its_model_and_its_space() {
        use Components::{Cmyk, Gray, Rgb};
        let cmyk = |parts: [u8; 4]| {
            Cmyk(parts.map(|part| (f64::from(part) * 255.0 / 100.0).round() as u8))
        };
        for (text, components, alpha, is_source) in [
            ("0,100,200", Rgb([0, 100, 200]), 255, false),
            ("0,100,200,200rs", Rgb([0, 100, 200]), 200, true),
            ("0x010203S", Rgb([1, 2, 3]), 255, true),
            ("a0b1c2d3R", Rgb([160, 177, 194]), 211, false),
            ("100S", Gray(255), 255, true),
            ("50,75g", Gray(128), 191, false),
            ("0X70G", Gray(112), 255, false),
            ("0xddeegs", Gray(221), 238, true),
            ("94,11,50,33k", cmyk([94, 11, 50, 33]), 255, false),
            ("22,23,24,25,26KS", cmyk([22, 23, 24, 25]), 66, true),
            ("38393A3bK", Cmyk([56, 57, 58, 59]), 255, false),
            ("0x0a0b0C0d0eks", Cmyk([10, 11, 12, 13]), 14, true),
        ] {
            assert_eq!(parse(text), Some(Color { components, alpha, is_source }), "{text}");
        }
    }

    #[test]
    fn other_models_are_no_rgb() {
        for text in ["a0b0c0", "200,0,0", "0xff800040", "#fff", "1,2,3,4r"] {
            assert!(Color::parse_rgb(text).is_some(), "{text}");
        }
        for text in ["50", "50,75g", "0x70", "38393a3bk", "1,2,3,4k", "100", ""] {
            assert!(Color::parse_rgb(text).is_none(), "{text}");
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
