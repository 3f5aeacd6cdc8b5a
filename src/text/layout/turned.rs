//! Text that is not in an upright box: along a path, within shapes, at an angle (r-textpath,
//! r-textflowpath, r-textangle).

use std::rc::Rc;

use super::{
    LaidOut,
    area::{Area, Sides},
    drawing::{Affine, Drawing, MarkShape},
    fit::fitted,
    on_path::Baseline,
    path::{Polyline, polylines},
    place::Placing,
    scale::Scale,
    set::Setting,
    shape::{Opened, Shaped},
    text_box::{Placed, side, text_box},
};
use crate::{
    commands::Wrap,
    error::{Error, Result},
    protocol::Path,
    ratio::Ratio,
    text::LayerText,
};

/// Draws the first line of a text along a path. What has no room is left out.
pub fn along(
    path: &Path,
    text: &LayerText,
    shaped: &[Shaped],
    opened: &Opened,
    size: [Option<u32>; 2],
) -> Result<LaidOut> {
    let document = &text.document;
    let setting = Setting { document, shaped, opened, wrap: Wrap::None };
    let scale = Scale { point: f64::from(text.attributes.resolution) / 72.0, fit: 0.0 };
    let area = Area::new([0.0, f64::INFINITY], Sides::Free);
    let lines = setting.set(&area, scale)?;
    let baseline = Baseline::new(&polylines(path), &text.on_path);
    let mut drawing = Drawing::default();
    if let (Some(set), Some(paragraph), Some(shaped), Some(widths)) =
        (lines.lines.first(), document.paragraphs.first(), shaped.first(), lines.widths.first())
    {
        let format = &paragraph.format;
        let placing = Placing { shaped, format, widths, opened, scale, whole_pixels: false };
        let left = set.interval[0];
        let room = (baseline.room - left - scale.twips(format.right)).max(0.0);
        let start = placing.start(&set.line, left, room);
        placing.draw(&set.line, start, room, &|x| baseline.at(x), &mut drawing)?;
    }
    as_large_as_drawn(drawing, opened, size)
}

/// Fills the areas of a path with text.
pub fn within(
    flow: &Path,
    text: &LayerText,
    shaped: &[Shaped],
    opened: &Opened,
    size: [Option<u32>; 2],
) -> Result<LaidOut> {
    let outside = text.flow_around.as_ref().map(polylines).unwrap_or_default();
    let (mut within, mut outside) = (polylines(flow), outside);
    let turn = -text.angle.to_f64();
    let turned = Affine::rotated(turn);
    for point in within.iter_mut().chain(&mut outside).flat_map(|line| &mut line.points) {
        *point = turned.apply(*point);
    }
    let area = Area::of_shape(within, outside);
    let mut drawing = filled(&area, text, shaped, opened)?;
    drawing.transform(Affine::rotated(-turn));
    as_large_as_drawn(drawing, opened, size)
}

/// Lays out a text whose lines are rotated clockwise within their box.
pub fn at_angle(
    text: &LayerText,
    shaped: &[Shaped],
    opened: &Opened,
    size: [Option<u32>; 2],
) -> Result<LaidOut> {
    let [width, height] = size.map(|side| f64::from(side.unwrap_or(0)));
    let angle = text.angle.to_f64();
    let quarter = Ratio::from(90_u32);
    let turns = (text.angle / quarter).floor().rem_euclid(4);
    let is_quarter = Ratio::from((text.angle / quarter).floor()) * quarter == text.angle;
    if is_quarter && size.iter().all(Option::is_some) {
        let inner = if turns % 2 == 1 { [size[1], size[0]] } else { size };
        let mut laid_out = text_box(text, shaped, opened, inner)?;
        let by = match turns {
            1 => [width, 0.0],
            2 => [width, height],
            3 => [0.0, height],
            _ => [0.0; 2],
        };
        let turn = Affine::rotated((turns * 90) as f64).then(Affine::moved(by));
        Rc::make_mut(&mut laid_out.drawing).transform(turn);
        return Ok(LaidOut { size: [width as u32, height as u32], origin: None, ..laid_out });
    }
    let turn = Affine::rotated(angle);
    if let [Some(_), Some(_)] = size {
        let back = Affine::rotated(-angle);
        let corners = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]];
        let points = corners.map(|corner| back.apply(corner)).to_vec();
        let area = Area::of_shape(vec![Polyline { points, closed: true }], Vec::new());
        let mut drawing = filled(&area, text, shaped, opened)?;
        drawing.transform(turn);
        return as_large_as_drawn(drawing, opened, size);
    }
    // A self-sizing layer turns around its origin.
    let laid_out = text_box(text, shaped, opened, size)?;
    let mut drawing = Rc::unwrap_or_clone(laid_out.drawing);
    let [x, y] = laid_out.origin.unwrap_or_default();
    drawing.transform(Affine::moved([-x, -y]).then(turn));
    as_large_as_drawn(drawing, opened, [None; 2])
}

/// Fills an area with text.
fn filled(area: &Area, text: &LayerText, shaped: &[Shaped], opened: &Opened) -> Result<Drawing> {
    let document = &text.document;
    let setting = Setting { document, shaped, opened, wrap: Wrap::Wrap };
    let (lines, scale) = fitted(&setting, area, &text.attributes)?;
    let mut drawing = Drawing::default();
    Placed { text, shaped, opened, scale, lines: &lines }.draw(0.0, f64::INFINITY, &mut drawing)?;
    Ok(drawing)
}

/// A layer of the given size; without one, as large as what is drawn. Its origin is then (0, 0) of
/// the drawing.
fn as_large_as_drawn(
    mut drawing: Drawing,
    opened: &Opened,
    size: [Option<u32>; 2],
) -> Result<LaidOut> {
    if let [Some(width), Some(height)] = size {
        return Ok(LaidOut { drawing: Rc::new(drawing), size: [width, height], origin: None });
    }
    let mut ends: Option<[f64; 4]> = None;
    for mark in &drawing.marks {
        let [left, low, right, high] = match mark.shape {
            MarkShape::Glyph { font, id, .. } => opened.font(font)?.outline(id).bounds,
            MarkShape::Square => [0.0, 0.0, 1.0, 1.0],
        };
        for corner in [[left, low], [right, low], [left, high], [right, high]] {
            let [x, y] = mark.to_layer.apply(corner);
            let [left, top, right, bottom] = ends.unwrap_or([x, y, x, y]);
            ends = Some([left.min(x), top.min(y), right.max(x), bottom.max(y)]);
        }
    }
    let [left, top, right, bottom] = ends.unwrap_or_default().map(f64::floor);
    if [left, top].iter().any(|at| at.abs() > 1e6) {
        return Err(Error::too_large(
            "textPath= or textFlowPath=: the text is too far from (0, 0)",
        ));
    }
    drawing.transform(Affine::moved([-left, -top]));
    let size = [side(right + 1.0 - left)?, side(bottom + 1.0 - top)?];
    Ok(LaidOut { drawing: Rc::new(drawing), size, origin: Some([-left, -top]) })
}
