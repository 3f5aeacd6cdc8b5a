//! HTML areas, moved and clipped as the image is (r-image-maps; decision L16).

use super::{layer::LayerLayout, layout::Layout, matrix::Matrix, source::Opened};
use crate::{
    catalog::Area,
    error::Result,
    resolved::{Maps, Resolved},
};

/// Two opposite corners of a rectangle: the smaller coordinates, then the greater ones.
type Bounds = [[f64; 2]; 2];

/// How the areas of one coordinate system are moved.
#[derive(Debug, Clone, Copy)]
struct AreaTransform {
    /// To pixels of the layer before its rotation, where it has one.
    to_layer: Matrix,
    /// The part of them that the layer shows; `None` without a rotation.
    shown: Option<Bounds>,
    /// From there to pixels of the reply.
    to_reply: Matrix,
    /// The part of the reply that the composite covers.
    covered: Bounds,
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
    let moved = |text: &str, space| {
        let transform = transform(resolved, &layout, layer, space);
        let areas = Area::read(text).into_iter();
        areas.filter_map(|area| seen(area, &transform)).collect::<Vec<_>>()
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

fn transform(
    resolved: &Resolved,
    layout: &Layout,
    layer: &LayerLayout,
    space: Space,
) -> AreaTransform {
    let (cut, frame, canvas) = (layout.transform.reply, &layout.transform.frame, layout.canvas);
    let sides = [f64::from(canvas.width), f64::from(canvas.height)];
    let to_reply = Matrix::moved([-cut.x as f64, -cut.y as f64]) * frame.matrix();
    let ends = [to_reply.apply([0.0; 2]), to_reply.apply(sides)];
    let (low, high) = (ends[0].map(|at| at.max(0.0)), ends[1]);
    let covered = [low, [high[0].min(cut.width.into()), high[1].min(cut.height.into())]];
    let (to_layer, shown, to_reply) = match space {
        Space::Source => {
            let content = &layer.content;
            let pixels = Matrix::scale_and_move(content.size().map(|side| 1.0 / side), [0.0; 2]);
            let clip = [content.across.clip, content.down.clip];
            let shown = [0, 1].map(|end: usize| clip.map(|axis| axis[end] as f64));
            let warp = layer.warp.unwrap_or(Matrix::moved([0.0; 2]));
            (content.matrix() * pixels, layer.warp.map(|_| shown), to_reply * warp)
        }
        Space::Layer => {
            // Where the layer lies before the composite is mirrored.
            let (flip, rect) = (resolved.picture.composite.flip, layer.rect);
            let x = if flip.left_right { sides[0] - rect.right() as f64 } else { rect.x as f64 };
            let y = if flip.up_down { sides[1] - rect.bottom() as f64 } else { rect.y as f64 };
            (Matrix::moved([x, y]), None, to_reply * Matrix::mirrored(flip, canvas))
        }
        Space::Composite => (Matrix::moved([0.0; 2]), None, to_reply),
    };
    AreaTransform { to_layer, shown, to_reply, covered }
}

impl AreaTransform {
    /// The whole transform where it maps rectangles along the axes to such rectangles.
    fn upright(&self) -> Option<Matrix> {
        let all = self.to_reply * self.to_layer;
        let [[a, b, _], [c, d, _], _] = all.0;
        (all.is_affine() && (b == 0.0 && c == 0.0 || a == 0.0 && d == 0.0)).then_some(all)
    }
}

/// The area in reply pixels; `None` where it is not visible or its shape is unsupported.
fn seen(mut area: Area, transform: &AreaTransform) -> Option<Area> {
    let [low, high] = transform.covered;
    if low[0] >= high[0] || low[1] >= high[1] {
        return None;
    }
    let shape = area.get("shape").unwrap_or("default").trim().to_ascii_lowercase();
    let points = points(area.get("coords").unwrap_or_default());
    let coords = match (shape.as_str(), points) {
        ("default", _) => {
            area.set("shape", "RECT".to_owned());
            rectangle(transform.covered)?
        }
        ("rect" | "rectangle", Some(points)) => {
            let [one, other] = *points.as_slice() else { return None };
            match transform.upright() {
                Some(upright) => {
                    let near = |at: f64, axis: usize| at.max(low[axis]).min(high[axis]);
                    let corner = |at| {
                        let [x, y] = upright.apply(at);
                        [near(x, 0), near(y, 1)]
                    };
                    rectangle([corner(one), corner(other)])?
                }
                None => {
                    area.set("shape", "POLY".to_owned());
                    polygon(vec![one, [other[0], one[1]], other, [one[0], other[1]]], transform)?
                }
            }
        }
        ("poly" | "polygon", Some(points)) => polygon(points, transform)?,
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

fn rectangle([one, other]: Bounds) -> Option<Vec<i64>> {
    let side = |axis: usize| {
        let (low, high) = (one[axis].min(other[axis]), one[axis].max(other[axis]));
        (round(low), round(high))
    };
    let ((left, right), (top, bottom)) = (side(0), side(1));
    (left < right && top < bottom).then(|| vec![left, top, right, bottom])
}

/// Moves and clips a polygon; `None` where the result has no area.
fn polygon(points: Vec<[f64; 2]>, transform: &AreaTransform) -> Option<Vec<i64>> {
    let AreaTransform { to_layer, shown, to_reply, covered } = transform;
    let mut points: Vec<_> = points.into_iter().map(|point| to_layer.apply(point)).collect();
    if let Some(shown) = shown {
        // What the layer does not show may lie beyond the horizon of a perspective.
        points = clipped(points, *shown);
    }
    let points = points.into_iter().map(|point| to_reply.apply(point)).collect();
    let points = clipped(points, *covered).into_iter();
    let mut whole: Vec<[i64; 2]> = points.map(|point| point.map(round)).collect();
    whole.dedup();
    (twice_the_area(&whole) != 0).then(|| whole.into_iter().flatten().collect())
}

/// Clips a polygon at each edge of a rectangle (Sutherland–Hodgman).
fn clipped(mut points: Vec<[f64; 2]>, [low, high]: Bounds) -> Vec<[f64; 2]> {
    for axis in [0, 1] {
        for (edge, sign) in [(low[axis], 1.0), (high[axis], -1.0)] {
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
    points
}

fn twice_the_area(points: &[[i64; 2]]) -> i64 {
    let next = points.iter().cycle().skip(1);
    points
        .iter()
        .zip(next)
        .map(|(a, b)| a[0].saturating_mul(b[1]) - b[0].saturating_mul(a[1]))
        .sum()
}

/// Rounds half up. 1e-7 allows for rounding errors.
fn round(at: f64) -> i64 {
    (at + 0.5 + 1e-7).floor() as i64
}
