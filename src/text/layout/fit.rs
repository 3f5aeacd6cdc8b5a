//! Finds the size of a text that fits its box (r-textattr: `resMode`; r-copy-fitting).

use super::{
    area::Area,
    scale::Scale,
    set::{Lines, Setting},
};
use crate::{
    commands::{ResolutionMode, TextAttributes},
    error::Result,
    text::Renderer,
};

/// The highest resolution that `autoRes` tries, in dots per inch.
const MOST: u32 = 36_000;

/// The steps between the smallest and the largest size of copy-fitted text.
const STEPS: u32 = 256;

/// Sets a text in its box, at the size that its attributes ask for. Also returns that size.
pub fn fitted(
    setting: &Setting,
    area: &Area,
    attributes: &TextAttributes,
) -> Result<(Lines, Scale)> {
    let at = |resolution: u32, fit: f64| Scale { point: f64::from(resolution) / 72.0, fit };
    let set = |scale: Scale| Ok((setting.set(area, scale)?, scale));
    let given = attributes.resolution;
    if !area.bottom.is_finite() || area.is_free() {
        return set(at(given, 0.0));
    }
    match setting.document.renderer {
        Renderer::Text => {
            let fits = |resolution: u32| Ok(setting.set(area, at(resolution, 0.0))?.fits(area));
            match attributes.mode {
                ResolutionMode::Auto => set(at(largest(MOST, &fits)?.max(1), 0.0)),
                ResolutionMode::Max if !fits(given)? => set(at(largest(given, &fits)?.max(1), 0.0)),
                ResolutionMode::Max | ResolutionMode::Fixed => set(at(given, 0.0)),
            }
        }
        Renderer::TextPs => {
            let spans = setting.shaped.iter().flat_map(|shaped| &shaped.spans);
            let mut formats = spans.map(|span| &span.format);
            if !formats.any(|format| format.copy_fit > format.size) {
                return set(at(given, 0.0));
            }
            let part = |step: u32| at(given, f64::from(step) / f64::from(STEPS));
            let fits = |step: u32| {
                let lines = setting.set(area, part(step))?;
                Ok(lines.fits(area) && !lines.cuts_word)
            };
            set(part(largest(STEPS, &fits)?))
        }
    }
}

/// The largest number up to `most` that fits, if all smaller ones do; 0 if 1 does not fit.
fn largest(most: u32, fits: &dyn Fn(u32) -> Result<bool>) -> Result<u32> {
    if fits(most)? {
        return Ok(most);
    }
    let (mut low, mut high) = (0, most);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if fits(middle)? {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
