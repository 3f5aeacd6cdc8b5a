//! Colours of Photoshop.

use azulejo::color::{Color, cmyk};

use crate::psd::Value;

/// The colour of engine data: opacity and components, from 0 to 1. `None` if it is of an unknown
/// kind.
pub fn read(color: &Value) -> Option<Color> {
    let values: Vec<u8> = color.numbers(&["Values"]).into_iter().map(|v| byte(v * 255.0)).collect();
    Some(match *values.as_slice() {
        [alpha, gray] => Color { rgb: [gray; 3], alpha },
        [alpha, red, green, blue] => Color { rgb: [red, green, blue], alpha },
        [alpha, cyan, magenta, yellow, black] => cmyk([cyan, magenta, yellow, black], alpha),
        _ => return None,
    })
}

/// The colour of a fill layer's descriptor; `None` if it is not RGB.
pub fn fill(descriptor: &Value) -> Option<Color> {
    let component = |name| descriptor.number(&["Clr", name]).map(byte);
    let rgb = [component("Rd")?, component("Grn")?, component("Bl")?];
    Some(Color { rgb, alpha: 255 })
}

fn byte(number: f64) -> u8 {
    number.round() as u8
}
