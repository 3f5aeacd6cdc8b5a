//! Checks smart crops and swatches that a page sends.

use std::collections::BTreeMap;

use azulejo::catalog::{Crop, SWATCH, Swatch};
use serde_json::Value;

/// The most smart crops of an image.
const MOST: usize = 100;

/// The longest name of a smart crop, in bytes.
const NAME_BYTES: usize = 100;

/// A mistake: the field, and what is wrong with it.
pub type Mistake = (String, String);

/// Parses the smart crops of a record.
pub fn crops(value: &Value) -> Result<BTreeMap<String, Crop>, Vec<Mistake>> {
    let of_all = |message: String| Err(vec![("crops".to_owned(), message)]);
    if value.is_null() {
        return Ok(BTreeMap::new());
    }
    let Some(named) = value.as_object() else {
        return of_all("expected an object of smart crops by name".to_owned());
    };
    if named.len() > MOST {
        return of_all(format!("{} smart crops; expected at most {MOST}", named.len()));
    }
    let (mut crops, mut mistakes) = (BTreeMap::new(), Vec::new());
    for (name, value) in named {
        match check_name(name).and_then(|()| crop(value)) {
            Ok(crop) => {
                crops.insert(name.clone(), crop);
            }
            Err(message) => mistakes.push((format!("crops.{name}"), format!("{name}: {message}"))),
        }
    }
    if mistakes.is_empty() { Ok(crops) } else { Err(mistakes) }
}

/// Parses the swatch of a record; `None` for null.
pub fn swatch(value: &Value) -> Result<Option<Swatch>, Vec<Mistake>> {
    if value.is_null() {
        return Ok(None);
    }
    let swatch = || -> Result<Swatch, String> {
        let crop = crop(value)?;
        let color = value.get("color").and_then(Value::as_str).unwrap_or_default();
        let digits = color.strip_prefix("0x").unwrap_or_default();
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(format!("color={color}: expected 0xRRGGBB"));
        }
        Ok(Swatch { color: color.to_owned(), crop })
    };
    swatch().map(Some).map_err(|message| vec![("swatch".to_owned(), format!("swatch: {message}"))])
}

/// A URL has the name behind a colon, so it can have no colon itself.
fn check_name(name: &str) -> Result<(), String> {
    let harmful = |c: char| c.is_control() || ":/\\?&#%$".contains(c);
    if name.trim() != name || name.is_empty() || name.len() > NAME_BYTES {
        return Err(format!("expected a name of 1 to {NAME_BYTES} bytes without spaces around it"));
    }
    if let Some(c) = name.chars().find(|&c| harmful(c)) {
        return Err(format!("{} cannot stand in the name of a smart crop", c.escape_default()));
    }
    if name == SWATCH {
        return Err(format!("{SWATCH} is the name of the swatch: choose another one"));
    }
    Ok(())
}

fn crop(value: &Value) -> Result<Crop, String> {
    let crop: Crop = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    let Crop { rect: [x, y, w, h], width, height, .. } = crop;
    // Sums of fractions may exceed 1 by a rounding error.
    let inside =
        |start: f64, length: f64| start >= 0.0 && length > 0.0 && start + length <= 1.0 + 1e-9;
    if !(inside(x, w) && inside(y, h)) {
        return Err(format!(
            "rect {x},{y},{w},{h}: expected x, y, width and height as fractions of the image, the \
             rectangle within 0 to 1 and not empty"
        ));
    }
    if width == 0 || height == 0 {
        return Err(format!("width {width}, height {height}: expected at least 1 pixel each"));
    }
    Ok(crop)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn studio_crops_each_mistake_names_its_crop() {
        let good = json!({ "rect": [0, 0.25, 1, 0.75], "width": 100, "height": 50 });
        let with = |name: &str, value: &Value| json!({ "Good": good, name: value });
        assert_eq!(crops(&with("Banner, wide", &good)).unwrap().len(), 2);
        assert!(crops(&Value::Null).unwrap().is_empty());
        for (x, y, w, h) in [
            (0.5, 0.0, 0.6, 1.0),
            (-0.1, 0.0, 0.5, 0.5),
            (0.0, 0.0, 0.0, 1.0),
            (0.0, 0.9, 0.5, -0.1),
            (0.0, 1.0, 1.0, 1e-8),
        ] {
            let bad = json!({ "rect": [x, y, w, h], "width": 9, "height": 9 });
            let mistakes = crops(&with("Bad", &bad)).unwrap_err();
            assert_eq!(mistakes.len(), 1);
            assert_eq!(mistakes[0].0, "crops.Bad");
            assert!(mistakes[0].1.starts_with("Bad: rect "), "{mistakes:?}");
        }
        for bad in [
            json!({ "rect": [0, 0, 1, 1], "width": 0, "height": 9 }),
            json!({ "rect": [0, 0, 1], "width": 9, "height": 9 }),
            json!({ "rect": [0, 0, 1, 1], "width": -9, "height": 9 }),
            json!({ "rect": [0, 0, 1, 1] }),
            json!("0,0,1,1"),
        ] {
            assert!(crops(&with("Bad", &bad)).unwrap_err()[0].1.starts_with("Bad: "), "{bad}");
        }
        for name in ["", "a:b", " a", "a/b", "a\nb", "Swatch", "100%", &"x".repeat(101)] {
            assert_eq!(crops(&with(name, &good)).unwrap_err()[0].0, format!("crops.{name}"));
        }
        let many: serde_json::Map<_, _> = (0..101).map(|n| (n.to_string(), good.clone())).collect();
        assert!(crops(&Value::Object(many)).unwrap_err()[0].1.contains("101 smart crops"));
        assert!(crops(&json!([good])).is_err());
    }

    #[test]
    fn studio_crops_a_swatch_has_a_colour_and_a_rectangle() {
        let parsed = swatch;
        let swatch = |color: &str| {
            parsed(&json!({ "color": color, "rect": [0, 0, 1, 1], "width": 9, "height": 9 }))
        };
        assert_eq!(swatch("0xA0b1c2").unwrap().unwrap().color, "0xA0b1c2");
        for bad in ["", "A0b1c2", "0xA0b1c", "0xA0b1cg", "#a0b1c2"] {
            assert!(swatch(bad).unwrap_err()[0].1.starts_with("swatch: color="), "{bad}");
        }
        assert_eq!(parsed(&Value::Null).unwrap(), None);
        assert!(parsed(&json!({ "color": "0x000000" })).is_err());
    }
}
