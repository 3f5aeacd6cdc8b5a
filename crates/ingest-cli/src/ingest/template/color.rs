//! Colours of Photoshop.

use azulejo::color::{Color, Components};

use crate::psd::Value;

/// The colour of engine data: opacity and components, from 0 to 1. `None` if it is of an unknown
/// kind.
pub fn read(color: &Value) -> Option<Color> {
    let values: Vec<u8> = color.numbers(&["Values"]).into_iter().map(|v| byte(v * 255.0)).collect();
    let (alpha, color) = values.split_first()?;
    let color = match *color {
        [gray] => Components::Rgb([gray; 3]),
        _ => Components::of(color)?,
    };
    Some(Color::new(color, *alpha))
}

/// The colour of a fill layer's descriptor; `None` if it is not RGB.
pub fn fill(descriptor: &Value) -> Option<Color> {
    let component = |name| descriptor.number(&["Clr", name]).map(byte);
    let rgb = [component("Rd")?, component("Grn")?, component("Bl")?];
    Some(Color::new(Components::Rgb(rgb), 255))
}

fn byte(number: f64) -> u8 {
    number.round() as u8
}
