//! Draws texts: fills the outlines of their glyphs.

use std::rc::Rc;

use super::{
    convert::{Transforms, painted},
    fill::Cells,
};
use crate::{
    color::Color,
    error::Result,
    geometry::{Rect, ViewSpace},
    pixel::{ColorModel, Raster},
    plan::{BAND, Edges, Node, TextStep},
    text::{
        font::{Font, Outline, Piece},
        layout::{Affine, BOLDER, MarkShape},
    },
    time_slice::TimeSlice,
};

/// A contour: its points in pixels of the view.
type Contour = Vec<[f64; 2]>;

/// Paints a row of coverage in a colour.
type Painter = fn(&mut [u8], &[u8], &[u8; 5], Edges);

/// Draws the part of a text in the area of its node.
pub async fn draw(
    step: &TextStep,
    &Node { area, pixel, .. }: &Node,
    transforms: &Transforms,
    slice: &mut TimeSlice<'_>,
) -> Result<Raster> {
    let mut raster = Raster::new(area.width, area.height, pixel);
    let fonts = step.drawing.fonts.iter().map(|handle| handle.font());
    let fonts = fonts.collect::<Result<Vec<Rc<Font>>>>()?;
    let converted = step.paints.iter();
    let converted = converted.map(|paint| (paint.color, painted(paint, pixel, transforms)));
    let converted: Vec<(Color, [u8; 5])> = converted.collect();
    let paint: Painter = match pixel.model {
        ColorModel::Cmyk => paint::<5>,
        ColorModel::Gray | ColorModel::Rgb => paint::<4>,
    };
    let mut cells = Cells::new();
    let mut contours: Vec<Contour> = Vec::new();
    let mut coverage = Vec::new();
    for mark in &step.drawing.marks {
        let transform = step.transform(mark);
        let (outline, bolder) = match mark.shape {
            MarkShape::Square => (Rc::new(square()), 0.0),
            MarkShape::Glyph { font, id, embolden } => {
                let Some(font) = fonts.get(usize::from(font)) else { continue };
                let bolder =
                    if embolden { font.metrics.em * BOLDER * unit(transform) } else { 0.0 };
                (font.outline(id), bolder)
            }
        };
        let part = pixels(&outline, transform, bolder).intersect(&area);
        if outline.pieces.is_empty() || part.is_empty() {
            continue;
        }
        flatten(&outline, transform, &mut contours);
        if bolder > 0.0 {
            embolden(&mut contours, bolder / 2.0);
        }
        let managed = converted.iter().find(|(color, _)| *color == mark.color);
        let color = match managed {
            Some((_, color)) => *color,
            None => painted(&mark.color.into(), pixel, transforms),
        };
        let rows = u32::try_from(BAND / u64::from(part.width)).unwrap_or(1).max(1);
        for top in (0..part.height).step_by(rows as usize) {
            let height = rows.min(part.height - top);
            let band = Rect::new(part.x, part.y + i64::from(top), part.width, height);
            cells.reset(band);
            for contour in &contours {
                let next = contour.iter().skip(1).chain(contour.first());
                contour.iter().zip(next).for_each(|(from, to)| cells.edge(*from, *to));
            }
            for y in 0..height {
                cells.row(y, &mut coverage);
                let row = raster.row_mut((band.y + i64::from(y) - area.y) as u32);
                let from = (band.x - area.x) as usize * pixel.samples();
                paint(row.get_mut(from..).unwrap_or_default(), &coverage, &color, step.edges);
            }
            slice.spend(u64::from(band.width) * u64::from(height) / 4 + 100).await;
        }
    }
    Ok(raster)
}

/// The square from (0, 0) to (1, 1).
fn square() -> Outline {
    let points = [[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]].map(Piece::Line);
    let mut pieces = vec![Piece::Move([0.0, 0.0])];
    pieces.extend(points);
    Outline { pieces, bounds: [0.0, 0.0, 1.0, 1.0] }
}

/// The length of a unit after a transform.
fn unit(Affine([a, b, c, d, ..]): Affine) -> f64 {
    (a * d - b * c).abs().sqrt()
}

/// The pixels that an outline may touch after a transform.
fn pixels(outline: &Outline, transform: Affine, bolder: f64) -> Rect<ViewSpace> {
    let [left, low, right, high] = outline.bounds;
    let corners = [[left, low], [right, low], [left, high], [right, high]];
    let corners = corners.map(|corner| transform.apply(corner));
    let end = |axis: usize| {
        let low = corners.iter().map(|corner| corner[axis]).fold(f64::INFINITY, f64::min);
        let high = corners.iter().map(|corner| corner[axis]).fold(f64::NEG_INFINITY, f64::max);
        // Points are rounded, and bold outlines are larger.
        let whole = |at: f64| at.max(-4e6).min(4e6) as i64;
        (whole((low - bolder - 0.01).floor()), whole((high + bolder + 0.01).ceil()))
    };
    let ((left, right), (top, bottom)) = (end(0), end(1));
    let len = |from: i64, to: i64| u32::try_from(to - from).unwrap_or(0);
    Rect::new(left, top, len(left, right), len(top, bottom))
}

/// How far a straight piece may be from the curve, in pixels.
const TOLERANCE: f64 = 0.03;

/// The pieces that come close to a curve, by the length of its second difference in pixels times
/// a factor of its degree. G. Wang, "The subdivision method for finding the intersection between
/// two Bézier curves or surfaces" (1984).
fn pieces(difference: f64) -> u32 {
    (difference / TOLERANCE).sqrt().ceil().max(1.0).min(64.0) as u32
}

/// Makes straight lines of the contours of an outline, after a transform.
fn flatten(outline: &Outline, transform: Affine, contours: &mut Vec<Contour>) {
    contours.clear();
    let at = |point: [f64; 2]| transform.apply(point);
    let bend = |[x0, y0]: [f64; 2], [x1, y1]: [f64; 2], [x2, y2]: [f64; 2]| {
        let (x, y) = (x0 - 2.0 * x1 + x2, y0 - 2.0 * y1 + y2);
        (x * x + y * y).sqrt()
    };
    for piece in &outline.pieces {
        if let Piece::Move(to) = *piece {
            contours.push(vec![at(to)]);
            continue;
        }
        let Some(contour) = contours.last_mut() else { continue };
        let Some(&from) = contour.last() else { continue };
        match *piece {
            Piece::Move(_) => {}
            Piece::Line(to) => contour.push(at(to)),
            Piece::Quad(points) => {
                let [control, to] = points.map(at);
                let count = pieces(bend(from, control, to) / 4.0);
                contour.extend((1..=count).map(|nth| {
                    let t = f64::from(nth) / f64::from(count);
                    let u = 1.0 - t;
                    [0, 1].map(|axis: usize| {
                        u * u * from[axis] + 2.0 * u * t * control[axis] + t * t * to[axis]
                    })
                }));
            }
            Piece::Cubic(points) => {
                let [one, two, to] = points.map(at);
                let most = bend(from, one, two).max(bend(one, two, to));
                let count = pieces(most * 0.75);
                contour.extend((1..=count).map(|nth| {
                    let t = f64::from(nth) / f64::from(count);
                    let u = 1.0 - t;
                    let weights = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
                    [0, 1].map(|axis: usize| {
                        weights[0] * from[axis]
                            + weights[1] * one[axis]
                            + weights[2] * two[axis]
                            + weights[3] * to[axis]
                    })
                }));
            }
        }
    }
}

/// Moves the sides of contours outwards, those of holes inwards, by some pixels.
fn embolden(contours: &mut [Contour], by: f64) {
    let area = |contour: &Contour| {
        let next = contour.iter().skip(1).chain(contour.first());
        contour.iter().zip(next).map(|([x0, y0], [x1, y1])| x0 * y1 - x1 * y0).sum::<f64>()
    };
    // The outlines are larger than their holes, so their sum tells which way they run.
    let by = if contours.iter().map(area).sum::<f64>() > 0.0 { by } else { -by };
    for contour in contours {
        contour.dedup();
        while contour.len() > 1 && contour.first() == contour.last() {
            contour.pop();
        }
        if contour.len() < 3 {
            continue;
        }
        let direction = |[x0, y0]: [f64; 2], [x1, y1]: [f64; 2]| {
            let (x, y) = (x1 - x0, y1 - y0);
            let len = (x * x + y * y).sqrt();
            [x / len, y / len]
        };
        let before = contour.iter().cycle().skip(contour.len() - 1);
        let after = contour.iter().cycle().skip(1);
        let moved = contour.iter().zip(before).zip(after).map(|((&point, &before), &after)| {
            let ([ax, ay], [bx, by_]) = (direction(before, point), direction(point, after));
            // The corner of the moved sides lies on the bisector; a sharp one is cut off.
            let (x, y) = (ay + by_, -(ax + bx));
            let cos = (1.0 + ax * bx + ay * by_).max(0.25);
            [point[0] + by * x / cos, point[1] + by * y / cos]
        });
        *contour = moved.collect();
    }
}

/// Paints a row of coverage in a colour over straight pixels of `N` samples, the last of which is
/// alpha.
fn paint<const N: usize>(row: &mut [u8], coverage: &[u8], color: &[u8; 5], edges: Edges) {
    let Some(color) = color.first_chunk::<N>() else { return };
    let opacity = color[N - 1];
    let over = |one: u32, other: u32| (one * other + 127) / 255;
    for (pixel, &covered) in row.as_chunks_mut::<N>().0.iter_mut().zip(coverage) {
        let covered = match edges {
            Edges::Smooth => covered,
            Edges::Hard => {
                if covered >= 128 {
                    255
                } else {
                    0
                }
            }
            Edges::Coarse => ((u32::from(covered) * 15 + 127) / 255 * 17) as u8,
        };
        let alpha = over(covered.into(), opacity.into());
        if alpha == 0 {
            continue;
        }
        let rest = over(pixel[N - 1].into(), 255 - alpha);
        let sum = alpha + rest;
        let mix = |new: u8, old: u8| match rest {
            0 => new,
            _ => ((u32::from(new) * alpha + u32::from(old) * rest + sum / 2) / sum) as u8,
        };
        for (old, new) in pixel.iter_mut().zip(color).take(N - 1) {
            *old = mix(*new, *old);
        }
        pixel[N - 1] = sum.min(255) as u8;
    }
}
