//! The size of an SVG, as browsers give it to an image.
//!
//! A missing side follows from the aspect ratio of the `viewBox`, or else is a side of 300 × 150.
//! Without both sides, the image fits into 300 × 150 (CSS Images 3, section 4.3, the default object
//! size). A percentage counts as a missing side. These are Chromium's `naturalWidth` and
//! `naturalHeight`.

use resvg::usvg::roxmltree::Node;

use super::{Natural, document, images, texts};
use crate::{
    error::{Error, Result},
    geometry::{Size, SourceSpace},
    limits,
};

/// The default object size (CSS 2.1, section 10.3.2).
const DEFAULT: [f64; 2] = [300.0, 150.0];

/// What is known of an SVG before its variables are inserted.
pub fn natural(bytes: &[u8]) -> Result<Natural> {
    let text = document::text(bytes)?;
    let document = document::parse(&text)?;
    let size = rounded(sides(document.root_element())?)?;
    let (texts, images) = (texts::has_words(&document), images::has_images(&document));
    Ok(Natural { size, texts, images })
}

/// The sides in CSS pixels.
pub fn sides(root: Node) -> Result<[f64; 2]> {
    let named = ["width", "height"].map(|name| {
        let sides = root.attribute(name).and_then(pixels);
        match sides {
            Some(side) if side <= 0.0 => {
                let value = root.attribute(name).unwrap_or_default();
                Err(Error::bad_source(format!(
                    "the SVG has {name}=\"{value}\": expected a size above 0"
                )))
            }
            side => Ok(side),
        }
    });
    let [width, height] = named;
    let ratio = ratio(root);
    let [wide, high] = DEFAULT;
    Ok(match (width?, height?, ratio) {
        (Some(width), Some(height), _) => [width, height],
        (Some(width), None, Some(ratio)) => [width, width / ratio],
        (Some(width), None, None) => [width, high],
        (None, Some(height), Some(ratio)) => [height * ratio, height],
        (None, Some(height), None) => [wide, height],
        (None, None, Some(ratio)) if ratio >= wide / high => [wide, wide / ratio],
        (None, None, Some(ratio)) => [high * ratio, high],
        (None, None, None) => DEFAULT,
    })
}

/// Whole pixels. Fails if a side is too long.
pub fn rounded(sides: [f64; 2]) -> Result<Size<SourceSpace>> {
    let limit = limits::SVG_SIDE;
    if sides.iter().any(|side| !side.is_finite() || *side > f64::from(limit)) {
        let [width, height] = sides;
        let message =
            format!("the SVG has {width} × {height} pixels: expected at most {limit} a side");
        return Err(Error::too_large(message));
    }
    let [width, height] = sides.map(|side| (side.round() as u32).max(1));
    Ok(Size::new(width, height))
}

/// Width by height of the `viewBox`; `None` without one, or if `preserveAspectRatio` is `none`.
fn ratio(root: Node) -> Option<f64> {
    let stretched = root.attribute("preserveAspectRatio").unwrap_or_default();
    if stretched.split_ascii_whitespace().any(|word| word == "none") {
        return None;
    }
    let view_box = root.attribute("viewBox")?;
    let numbers = view_box.split(|c: char| c == ',' || c.is_ascii_whitespace());
    let numbers = numbers.filter(|number| !number.is_empty()).map(str::parse);
    let numbers: Vec<f64> = numbers.collect::<Result<_, _>>().ok()?;
    let &[_, _, width, height] = numbers.as_slice() else { return None };
    let sound = |side: f64| side.is_finite() && side > 0.0;
    (sound(width) && sound(height)).then_some(width / height)
}

/// An absolute length in CSS pixels (CSS Values 4, section 6); `em` and `ex` for the initial font
/// size of 16 pixels. `None` for any other value.
fn pixels(text: &str) -> Option<f64> {
    let text = text.trim();
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    let unit = text.strip_prefix(number)?;
    let number: f64 = number.parse().ok().filter(|number: &f64| number.is_finite())?;
    let by = match unit.to_ascii_lowercase().as_str() {
        "" | "px" => 1.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "q" => 96.0 / 101.6,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "em" | "rem" => 16.0,
        "ex" => 8.0,
        _ => return None,
    };
    Some(number * by)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(attributes: &str) -> Result<[u32; 2]> {
        let text = format!("<svg xmlns='{}' {attributes}/>", document::SVG);
        natural(text.as_bytes()).map(|natural| [natural.size.width, natural.size.height])
    }

    /// Measured in Chromium 156.
    #[test]
    fn a_size_is_that_of_chromium() {
        for (attributes, expected) in [
            ("", [300, 150]),
            ("viewBox='0 0 24 24'", [150, 150]),
            ("viewBox='0 0 1000 200'", [300, 60]),
            ("viewBox='0,0 100,400'", [38, 150]),
            ("width='40'", [40, 150]),
            ("height='40'", [300, 40]),
            ("width='40' viewBox='0 0 20 10'", [40, 20]),
            ("height='40' viewBox='0 0 20 10'", [80, 40]),
            ("width='100%' height='100%' viewBox='0 0 24 24'", [150, 150]),
            ("width='50%' height='20' viewBox='0 0 24 24'", [20, 20]),
            ("width='10mm' height='1in'", [38, 96]),
            ("width='10pt' height='1pc'", [13, 16]),
            ("width='2rem' height='3em'", [32, 48]),
            ("width='2em' height='1e1'", [32, 10]),
            ("width='10.4' height='10.6'", [10, 11]),
            ("width='abc' height='20'", [300, 20]),
            ("width='auto' height='auto' viewBox='0 0 24 24'", [150, 150]),
            ("width='40' viewBox='0 0 20 10' preserveAspectRatio='none'", [40, 150]),
            ("viewBox='0 0 0 24'", [300, 150]),
            ("width='10.5' viewBox='0 0 3 1'", [11, 4]),
        ] {
            assert_eq!(size(attributes).unwrap(), expected, "{attributes}");
        }
    }

    #[test]
    fn sides_without_pixels_and_endless_ones_are_refused() {
        let refused = |attributes: &str| size(attributes).unwrap_err().message;
        assert!(refused("width='0' height='9'").contains("width=\"0\": expected a size above 0"));
        assert!(refused("width='9' height='-5px'").contains("height=\"-5px\""));
        assert!(refused("width='1e30' height='9'").contains("a side"));
        assert_eq!(size("width='0.3' height='0.2'").unwrap(), [1, 1]);
    }
}
