//! Text in an upright box, or in a layer that is as large as the text (r-text-layers,
//! r-text-positioning).

use std::rc::Rc;

use super::{
    LaidOut,
    area::{Area, Sides},
    drawing::{Affine, Drawing},
    fit::fitted,
    place::Placing,
    scale::Scale,
    set::{Lines, Setting},
    shape::{Opened, Shaped},
};
use crate::{
    commands::Wrap,
    error::{Error, Result},
    text::{LayerText, Renderer, VerticalAlign},
};

/// The longest side of a text, in pixels.
const SIDE_MAX: f64 = 1_000_000.0;

/// Lays out a text in a box. A side that is `None` is as long as the text needs.
pub fn text_box(
    text: &LayerText,
    shaped: &[Shaped],
    opened: &Opened,
    [width, height]: [Option<u32>; 2],
) -> Result<LaidOut> {
    let document = &text.document;
    let is_photoshop = document.renderer == Renderer::TextPs;
    let wrap = if is_photoshop { Wrap::Wrap } else { text.attributes.wrap };
    let setting = Setting { document, shaped, opened, wrap };
    let point = f64::from(text.attributes.resolution) / 72.0;
    let has_margins = is_photoshop && width.is_some();
    let margin = |twips: i32| if has_margins { f64::from(twips) / 20.0 * point } else { 0.0 };
    let [left, right] = [margin(document.margins.left), margin(document.margins.right)];
    let [top, bottom] = [margin(document.margins.top), margin(document.margins.bottom)];
    let sides = width
        .map_or(Sides::Free, |width| Sides::Straight([left, (f64::from(width) - right).max(left)]));
    let end = height.map_or(f64::INFINITY, |height| f64::from(height) - bottom);
    let area = Area::new([top, end], sides);
    let (lines, scale) = fitted(&setting, &area, &text.attributes)?;
    let used = lines.bottom + if height.is_none() { bottom } else { 0.0 };
    let high = height.map_or_else(|| side(used), Ok)?;
    let lower = match (document.vertical_align, height) {
        (VerticalAlign::Top, _) | (_, None) => 0.0,
        (VerticalAlign::Center, _) => ((end - lines.bottom) / 2.0).floor().max(0.0),
        (VerticalAlign::Bottom, _) => (end - lines.bottom).floor().max(0.0),
    };
    let placed = Placed { text, shaped, opened, scale, lines: &lines };
    let mut drawing = Drawing::default();
    if let Some(width) = width {
        placed.draw(lower, f64::INFINITY, &mut drawing)?;
        return Ok(LaidOut { drawing: Rc::new(drawing), size: [width, high], origin: None });
    }
    let reach = |line: &super::set::SetLine| line.interval[0] + line.line.width;
    if !is_photoshop {
        let wide = side(lines.lines.iter().map(reach).fold(0.0, f64::max))?;
        placed.draw(lower, wide.into(), &mut drawing)?;
        return Ok(LaidOut { drawing: Rc::new(drawing), size: [wide, high], origin: None });
    }
    // Paragraphs lie to the right or to the left of the origin, or around it.
    let [from, to] = placed.draw(lower, f64::INFINITY, &mut drawing)?;
    drawing.transform(Affine::moved([-from, 0.0]));
    let baseline = lines.lines.first().map_or(0.0, |line| line.baseline + lower);
    let (size, origin) = ([side(to - from)?, high], Some([-from, baseline]));
    Ok(LaidOut { drawing: Rc::new(drawing), size, origin })
}

/// A side of a layer in whole pixels, at least 1.
pub fn side(len: f64) -> Result<u32> {
    if len > SIDE_MAX {
        return Err(Error::too_large(format!("a text of more than {SIDE_MAX} pixels")));
    }
    Ok(len.ceil().max(1.0) as u32)
}

/// The lines of a text.
pub struct Placed<'a> {
    /// The text.
    pub text: &'a LayerText,
    /// Its shaped paragraphs.
    pub shaped: &'a [Shaped],
    /// Its fonts.
    pub opened: &'a Opened<'a>,
    /// Its sizes.
    pub scale: Scale,
    /// Its lines.
    pub lines: &'a Lines,
}

impl Placed<'_> {
    /// Draws the lines, lower by some pixels. A line whose length nothing limits may go up to
    /// `right`. Returns the left and the right end of all lines.
    pub fn draw(&self, lower: f64, right: f64, drawing: &mut Drawing) -> Result<[f64; 2]> {
        let mut ends: Option<[f64; 2]> = None;
        for set in &self.lines.lines {
            let of = (
                self.text.document.paragraphs.get(set.paragraph),
                self.shaped.get(set.paragraph),
                self.lines.widths.get(set.paragraph),
            );
            let (Some(paragraph), Some(shaped), Some(widths)) = of else { continue };
            let placing = Placing {
                shaped,
                format: &paragraph.format,
                widths,
                opened: self.opened,
                scale: self.scale,
                whole_pixels: self.text.document.renderer == Renderer::Text,
            };
            let [left, room] = set.interval;
            let room = if room.is_finite() { room } else { right - left };
            let start = placing.start(&set.line, left, room);
            let down = Affine::moved([0.0, set.baseline + lower]);
            placing.draw(&set.line, start, room, &|_| Some(down), drawing)?;
            let [from, to] = ends.unwrap_or([start; 2]);
            ends = Some([from.min(start), to.max(start + set.line.width)]);
        }
        Ok(ends.unwrap_or_default())
    }
}
