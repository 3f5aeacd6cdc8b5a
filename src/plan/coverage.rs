//! Clip paths in pixels of the view (r-clippath; decisions D31 and D32).

use super::{clips::PlacedClip, matrix::Matrix, view::Frame};
use crate::{
    geometry::{Rect, ViewSpace},
    protocol::{Path, Step},
    sort::sort_by,
};

/// Clip paths in the view.
#[derive(Debug, Clone, Hash)]
pub struct Shape {
    /// The paths, with their transforms to pixels of the view in place of the canvas.
    pub clips: Vec<PlacedClip>,
}

/// The closed polygons of one path.
#[derive(Debug, Clone)]
pub struct Outline {
    /// The edges, from x, y to x, y in pixels of the view, the topmost first. Those that no line
    /// between pixel rows crosses are left out.
    pub edges: Vec<[f64; 4]>,
    /// Whether the inside is transparent instead of the outside.
    pub exclude: bool,
    /// Whether the inside is found by the even-odd rule, not by the non-zero rule.
    pub even_odd: bool,
}

/// The lines in a row of pixels on which the coverage is measured.
pub const LINES: u32 = 8;

/// The most straight pieces that a curve is divided into.
const PIECES: u32 = 64;

impl Shape {
    /// The shape of clip paths on the canvas.
    pub fn new(clips: &[PlacedClip], frame: &Frame) -> Self {
        let placed = |clip: &PlacedClip| PlacedClip {
            to_canvas: frame.matrix() * clip.to_canvas,
            ..clip.clone()
        };
        Self { clips: clips.iter().map(placed).collect() }
    }

    /// The polygons of each path, without the edges that lie above or below an area.
    pub fn outlines(&self, area: Rect<ViewSpace>) -> impl Iterator<Item = Outline> {
        let (top, bottom) = (area.y as f64, area.bottom() as f64);
        self.clips.iter().map(move |clip| {
            let edges = edges(&clip.path, &clip.to_canvas)
                .filter(|&[_, y, _, to_y]| y != to_y && y.max(to_y) > top && y.min(to_y) < bottom);
            let mut edges: Vec<[f64; 4]> = edges.collect();
            let first = |edge: &[f64; 4]| edge[1].min(edge[3]);
            sort_by(&mut edges, |one, other| first(one).total_cmp(&first(other)));
            Outline { edges, exclude: clip.exclude, even_odd: clip.even_odd }
        })
    }

    /// The work of drawing the coverage of `area`, in pixels of a
    /// [`TimeSlice`](crate::time_slice::TimeSlice): each step of a path may cross all lines.
    pub fn work(&self, area: Rect<ViewSpace>) -> u64 {
        let steps: usize = self.clips.iter().map(|clip| clip.path.0.len()).sum();
        let row = u64::from(area.width) * self.clips.len() as u64 + u64::from(LINES) * steps as u64;
        u64::from(area.height).saturating_mul(row)
    }

    /// Bytes of memory that drawing the coverage of `area` needs: the paths, the edges of one of
    /// them while they are sorted, the edges that a line crosses, and a row of coverage.
    pub fn memory(&self, area: Rect<ViewSpace>) -> u64 {
        let pieces = |step: &Step| if matches!(step, Step::Curve(_)) { PIECES.into() } else { 1 };
        let edges = |clip: &PlacedClip| clip.path.0.iter().map(pieces).sum::<u64>() + 1;
        let steps = self.clips.iter().map(|clip| clip.path.0.len()).sum::<usize>();
        let paths = (steps * size_of::<Step>()) as u64;
        let most = self.clips.iter().map(edges).max().unwrap_or(0);
        paths + most * 160 + u64::from(area.width) * 4
    }
}

/// The left, top, right and bottom end of a path after a transform; `None` if it has no edges.
pub fn bounds(path: &Path, matrix: &Matrix) -> Option<[f64; 4]> {
    let points = edges(path, matrix).flat_map(|[x, y, to_x, to_y]| [[x, y], [to_x, to_y]]);
    points.fold(None, |ends: Option<[f64; 4]>, [x, y]| {
        let [left, top, right, bottom] = ends.unwrap_or([x, y, x, y]);
        Some([left.min(x), top.min(y), right.max(x), bottom.max(y)])
    })
}

/// The smallest rectangle of whole pixels around these ends. It has at least one pixel.
pub fn pixels_around<S>([left, top, right, bottom]: [f64; 4]) -> Rect<S> {
    let whole = |at: f64| at.max(-1e9).min(1e9) as i64;
    let (x, y) = (whole(left.floor()), whole(top.floor()));
    let len = |end: f64, start: i64| u32::try_from(whole(end.ceil()) - start).unwrap_or(1).max(1);
    Rect::new(x, y, len(right, x), len(bottom, y))
}

/// The edges of a path after a transform. Curves are divided into straight pieces, and open
/// subpaths are closed.
fn edges<'a>(path: &'a Path, matrix: &'a Matrix) -> impl Iterator<Item = [f64; 4]> + 'a {
    let (mut pen, mut start) = ([0.0; 2], [0.0; 2]);
    // The same points before the transform.
    let (mut stored, mut stored_start) = ([0.0; 2], [0.0; 2]);
    let end = std::iter::once(&Step::Close);
    path.0.iter().chain(end).flat_map(move |step| {
        let mut made: Vec<[f64; 4]> = Vec::new();
        let mut to = |point: [f64; 2]| {
            if pen != point {
                made.push([pen[0], pen[1], point[0], point[1]]);
            }
            pen = point;
        };
        match *step {
            Step::Move(point) => {
                to(start);
                start = matrix.apply(point);
                pen = start;
                (stored, stored_start) = (point, point);
            }
            Step::Line(point) => {
                to(matrix.apply(point));
                stored = point;
            }
            Step::Curve([x1, y1, x2, y2, x, y]) => {
                let points = [stored, [x1, y1], [x2, y2], [x, y]];
                let moved = points.map(|point| matrix.apply(point));
                let pieces = pieces(moved);
                match matrix.is_affine() {
                    true => curve(moved, pieces).for_each(to),
                    // The image of a Bézier curve in perspective is no Bézier curve.
                    false => curve(points, pieces).for_each(|point| to(matrix.apply(point))),
                }
                stored = [x, y];
            }
            Step::Close => {
                to(start);
                stored = stored_start;
            }
        }
        made
    })
}

/// The number of straight pieces that come close to a cubic Bézier curve: one for every two pixels
/// of its control polygon.
fn pieces([a, b, c, d]: [[f64; 2]; 4]) -> f64 {
    let len = |p: [f64; 2], q: [f64; 2]| libm::hypot(q[0] - p[0], q[1] - p[1]);
    ((len(a, b) + len(b, c) + len(c, d)) / 2.0).ceil().max(4.0).min(PIECES.into())
}

/// Points on a cubic Bézier curve, the ends of as many pieces.
fn curve([a, b, c, d]: [[f64; 2]; 4], pieces: f64) -> impl Iterator<Item = [f64; 2]> {
    (1..=pieces as u32).map(move |nth| {
        let t = f64::from(nth) / pieces;
        let u = 1.0 - t;
        let weights = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
        [0, 1].map(|axis: usize| {
            weights[0] * a[axis]
                + weights[1] * b[axis]
                + weights[2] * c[axis]
                + weights[3] * d[axis]
        })
    })
}
