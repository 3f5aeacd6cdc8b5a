//! Paths as straight lines, for text along and within them (r-textpath, r-textflowpath).

use crate::protocol::{Path, Step};

/// The points of a subpath, and whether it is closed.
#[derive(Debug, Clone, PartialEq)]
pub struct Polyline {
    /// Its points, at least one. Those of a closed one end where they begin.
    pub points: Vec<[f64; 2]>,
    /// Whether the path closes it.
    pub closed: bool,
}

/// The straight pieces that a curve is divided into.
const PIECES: u32 = 24;

/// The subpaths of a path.
pub fn polylines(path: &Path) -> Vec<Polyline> {
    let mut lines: Vec<Polyline> = Vec::new();
    for step in &path.0 {
        let (Some(line), false) = (lines.last_mut(), matches!(step, Step::Move(_))) else {
            if let Step::Move(to) = *step {
                lines.push(Polyline { points: vec![to], closed: false });
            }
            continue;
        };
        let (Some(&from), Some(&start)) = (line.points.last(), line.points.first()) else {
            continue;
        };
        match *step {
            Step::Move(_) => {}
            Step::Line(to) => line.points.push(to),
            Step::Curve([x1, y1, x2, y2, x, y]) => {
                let points = [from, [x1, y1], [x2, y2], [x, y]];
                line.points.extend(
                    (1..=PIECES).map(|nth| cubic(points, f64::from(nth) / f64::from(PIECES))),
                );
            }
            Step::Close => {
                line.closed = true;
                line.points.push(start);
                // What follows begins there.
                lines.push(Polyline { points: vec![start], closed: false });
            }
        }
    }
    lines.retain(|line| line.points.len() > 1);
    lines
}

/// A point of a cubic Bézier curve.
fn cubic([a, b, c, d]: [[f64; 2]; 4], t: f64) -> [f64; 2] {
    let u = 1.0 - t;
    let weights = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
    [0, 1].map(|axis: usize| {
        weights[0] * a[axis] + weights[1] * b[axis] + weights[2] * c[axis] + weights[3] * d[axis]
    })
}

/// The intervals of a horizontal line that lie within closed polygons by the non-zero rule, from
/// left to right: their ends.
pub fn inside(lines: &[Polyline], y: f64) -> Vec<[f64; 2]> {
    let mut crossings: Vec<(f64, i32)> = Vec::new();
    for Polyline { points, .. } in lines {
        let next = points.iter().skip(1).chain(points.first());
        for (&[x, from], &[to_x, to]) in points.iter().zip(next) {
            if (from <= y) != (to <= y) {
                let at = x + (y - from) * (to_x - x) / (to - from);
                crossings.push((at, if from < to { 1 } else { -1 }));
            }
        }
    }
    crate::sort::sort_by(&mut crossings, |one, other| one.0.total_cmp(&other.0));
    let (mut winding, mut start, mut intervals) = (0, 0.0, Vec::new());
    for (x, direction) in crossings {
        let before = winding;
        winding += direction;
        if before == 0 {
            start = x;
        } else if winding == 0 && x > start {
            intervals.push([start, x]);
        }
    }
    intervals
}

/// What lies in intervals of both lists.
pub fn both(one: &[[f64; 2]], other: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let (mut first, mut second, mut all) = (one.iter(), other.iter(), Vec::new());
    let (mut a, mut b) = (first.next(), second.next());
    while let (Some(&[from, to]), Some(&[low, high])) = (a, b) {
        let [start, end] = [from.max(low), to.min(high)];
        if start < end {
            all.push([start, end]);
        }
        if to < high { a = first.next() } else { b = second.next() }
    }
    all
}

/// What lies in the intervals, and in none of the others.
pub fn without(one: &[[f64; 2]], other: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let starts = std::iter::once(f64::NEG_INFINITY).chain(other.iter().map(|[_, end]| *end));
    let ends = other.iter().map(|[start, _]| *start).chain([f64::INFINITY]);
    let gaps: Vec<[f64; 2]> = starts.zip(ends).map(|(start, end)| [start, end]).collect();
    both(one, &gaps)
}
