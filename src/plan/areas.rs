//! HTML areas, moved and clipped as the image is (r-image-maps; decision L16).

use super::{axis::LayerAxis, layer::LayerLayout, layout::Layout, source::Opened, view::Mapping};
use crate::{
    catalog::Area,
    error::{Error, Result},
    resolved::{Maps, Resolved},
};

/// One axis: position `p` of an area maps to reply position `scale · p + offset`. The composite
/// covers the reply from `low` to `high`.
#[derive(Debug, Clone, Copy)]
struct AreaTransform {
    scale: f64,
    offset: f64,
    low: f64,
    high: f64,
}

/// The coordinate system of an area.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Space {
    /// Pixels of the source image, upright.
    Source,
    /// Pixels of the layer after its transforms, before those of the composite.
    Layer,
    /// Pixels of the composite.
    Composite,
}

/// The areas of the reply in reply pixels, from front to back. Areas that are not visible are left
/// out.
pub fn areas(resolved: &Resolved, sources: &[Opened]) -> Result<Vec<Area>> {
    resolved.drawable()?;
    let layout = Layout::new(&resolved.picture, sources)?;
    let layer = layout.layer_0()?;
    if layer.warp.is_some() || layer.content.turned {
        return Err(Error::unsupported("req=map: areas do not turn with rotate= and perspective="));
    }
    let moved = |text: &str, space| {
        let lines = lines(resolved, &layout, layer, space);
        Area::read(text).into_iter().filter_map(move |area| seen(area, lines)).collect::<Vec<_>>()
    };
    let Maps { layer, source, composite: behind } = &resolved.answer.maps;
    let stored = resolved.answer.record().and_then(|record| record.fields.map.as_ref());
    let mut areas = match layer {
        Some(own) => moved(own, Space::Layer),
        None => {
            source.as_ref().or(stored).map(|text| moved(text, Space::Source)).unwrap_or_default()
        }
    };
    areas.extend(behind.iter().flat_map(|text| moved(text, Space::Composite)));
    Ok(areas)
}

fn lines(
    resolved: &Resolved,
    layout: &Layout,
    layer: &LayerLayout,
    space: Space,
) -> [AreaTransform; 2] {
    let flip = resolved.picture.composite.flip;
    let (cut, frame, canvas) = (layout.transform.reply, layout.transform.frame, layout.canvas);
    let (content, rect) = (&layer.content, layer.rect);
    let across = (content.across, [rect.x, rect.right()], flip.left_right, canvas.width);
    let down = (content.down, [rect.y, rect.bottom()], flip.up_down, canvas.height);
    let line = |(span, [near, far], flipped, canvas): (_, [i64; 2], bool, u32), mapping| {
        let canvas = f64::from(canvas);
        // Where the layer lies before the composite is mirrored.
        let at = if flipped { canvas - far as f64 } else { near as f64 };
        line(span, mapping, (space, flipped), (canvas, at))
    };
    [
        line(across, frame.across).within(cut.x as f64, cut.width.into()),
        line(down, frame.down).within(cut.y as f64, cut.height.into()),
    ]
}

/// The transform of one axis, to pixels of the view. The layer begins at `at` of the canvas.
fn line(
    span: LayerAxis,
    view: Mapping,
    (space, flipped): (Space, bool),
    (canvas, at): (f64, f64),
) -> AreaTransform {
    let (mut scale, mut offset, mut ends) = (1.0, 0.0, canvas);
    if space == Space::Layer {
        offset = at;
    }
    if space == Space::Source {
        let (at, to) = (span.at as f64, f64::from(span.to));
        scale = to / span.crop;
        offset = at - span.from * scale;
        ends = at + at + to;
    }
    // `span.flipped` combines the flips of the layer and the composite.
    let mirrored = match space {
        Space::Source => span.flipped,
        Space::Layer => flipped,
        Space::Composite => false,
    };
    if mirrored {
        (scale, offset) = (-scale, ends - offset);
    }
    let seen = |at: f64| (at - view.origin) * view.scale + view.offset;
    AreaTransform {
        scale: scale * view.scale,
        offset: seen(offset),
        low: seen(0.0),
        high: seen(canvas),
    }
}

impl AreaTransform {
    /// The same transform relative to the reply's edge, clipped to the reply.
    fn within(self, start: f64, len: f64) -> Self {
        Self {
            scale: self.scale,
            offset: self.offset - start,
            low: (self.low - start).max(0.0),
            high: (self.high - start).min(len),
        }
    }

    fn at(self, position: f64) -> f64 {
        self.scale * position + self.offset
    }
}

/// The area in reply pixels; `None` where it is not visible or its shape is unsupported.
fn seen(mut area: Area, lines: [AreaTransform; 2]) -> Option<Area> {
    if lines.iter().any(|line| line.low >= line.high) {
        return None;
    }
    let shape = area.get("shape").unwrap_or("default").trim().to_ascii_lowercase();
    let points = points(area.get("coords").unwrap_or_default());
    let whole = || [[lines[0].low, lines[1].low], [lines[0].high, lines[1].high]];
    let coords = match (shape.as_str(), points) {
        ("default", _) => {
            area.set("shape", "RECT".to_owned());
            rectangle(whole())?
        }
        ("rect" | "rectangle", Some(points)) => match points.as_slice() {
            [one, other] => {
                let corners = [*one, *other].map(|[x, y]| {
                    let near = |line: AreaTransform, at| line.at(at).max(line.low).min(line.high);
                    [near(lines[0], x), near(lines[1], y)]
                });
                rectangle(corners)?
            }
            _ => return None,
        },
        ("poly" | "polygon", Some(points)) => polygon(
            points.iter().map(|[x, y]| [lines[0].at(*x), lines[1].at(*y)]).collect(),
            lines,
        )?,
        // r-map-cat: circles are not supported.
        _ => return None,
    };
    let text: Vec<String> = coords.iter().map(i64::to_string).collect();
    area.set("coords", text.join(","));
    Some(area)
}

/// The coordinates as pairs; `None` where one is not a number, such as a percentage, or has no
/// pair.
fn points(coords: &str) -> Option<Vec<[f64; 2]>> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let numbers: Vec<f64> = coords.split(',').map(number).collect::<Option<_>>()?;
    let pairs = numbers.chunks_exact(2);
    pairs.remainder().is_empty().then(|| pairs.map(|pair| [pair[0], pair[1]]).collect())
}

fn rectangle([one, other]: [[f64; 2]; 2]) -> Option<Vec<i64>> {
    let side = |axis: usize| {
        let (low, high) = (one[axis].min(other[axis]), one[axis].max(other[axis]));
        (round(low), round(high))
    };
    let ((left, right), (top, bottom)) = (side(0), side(1));
    (left < right && top < bottom).then(|| vec![left, top, right, bottom])
}

/// Clips a polygon at each edge (Sutherland–Hodgman); `None` where the result has no area.
fn polygon(mut points: Vec<[f64; 2]>, lines: [AreaTransform; 2]) -> Option<Vec<i64>> {
    for (axis, line) in lines.iter().enumerate() {
        for (edge, sign) in [(line.low, 1.0), (line.high, -1.0)] {
            let depth = |point: &[f64; 2]| (point[axis] - edge) * sign;
            let mut kept = Vec::with_capacity(points.len() + 2);
            for (nth, point) in points.iter().enumerate() {
                let Some(next) = points.get(nth + 1).or(points.first()) else { break };
                let (here, there) = (depth(point), depth(next));
                if here >= 0.0 {
                    kept.push(*point);
                }
                if (here < 0.0) != (there < 0.0) {
                    let part = here / (here - there);
                    kept.push(
                        [0, 1].map(|side: usize| point[side] + (next[side] - point[side]) * part),
                    );
                }
            }
            points = kept;
        }
    }
    let mut whole: Vec<[i64; 2]> = points.iter().map(|point| point.map(round)).collect();
    whole.dedup();
    (twice_the_area(&whole) != 0).then(|| whole.into_iter().flatten().collect())
}

fn twice_the_area(points: &[[i64; 2]]) -> i64 {
    let next = points.iter().cycle().skip(1);
    points
        .iter()
        .zip(next)
        .map(|(a, b)| a[0].saturating_mul(b[1]) - b[0].saturating_mul(a[1]))
        .sum()
}

fn round(at: f64) -> i64 {
    (at + 0.5).floor() as i64
}
