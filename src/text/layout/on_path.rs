//! Text along a path (r-textpath, r-pathattr).

use super::{drawing::Affine, path::Polyline};
use crate::commands::OnPath;

/// The part of a path that text runs along.
pub struct Baseline {
    /// The straight pieces with a length: where each begins on the path, its ends.
    pieces: Vec<(f64, [[f64; 2]; 2])>,
    /// The length of the whole path.
    len: f64,
    /// Where the text begins.
    start: f64,
    /// How long it may be.
    pub room: f64,
}

impl Baseline {
    /// The part of a path that `pathAttr=` names. The subpaths follow each other.
    pub fn new(lines: &[Polyline], on_path: &OnPath) -> Self {
        let mut pieces: Vec<[[f64; 2]; 2]> = Vec::new();
        for line in lines {
            let pairs = line.points.iter().zip(line.points.iter().skip(1));
            pieces.extend(pairs.map(|(from, to)| [*from, *to]));
        }
        if on_path.reverse {
            pieces.reverse();
            pieces.iter_mut().for_each(|piece| piece.reverse());
        }
        let mut len = 0.0;
        let measured = pieces.into_iter().filter_map(|[from, to]| {
            let at = len;
            let of = libm::hypot(to[0] - from[0], to[1] - from[1]);
            len += of;
            (of > 0.0).then_some((at, [from, to]))
        });
        let pieces: Vec<_> = measured.collect();
        let is_closed = lines.len() == 1 && lines.iter().all(|line| line.closed);
        let [start, end] = [on_path.start, on_path.end].map(|part| part.to_f64() * len);
        // Only a closed path goes on from its beginning.
        let end = if is_closed { end } else { end.min(len) };
        Self { pieces, len, start, room: (end - start).max(0.0) }
    }

    /// The transform that moves text from `x` on a horizontal baseline to its place on the path.
    /// `None` beyond the ends of the path.
    pub fn at(&self, x: f64) -> Option<Affine> {
        if !(0.0..=self.room).contains(&x) || self.len <= 0.0 {
            return None;
        }
        let at = self.start + x;
        let at = if at > self.len { at - self.len } else { at };
        let nth = self.pieces.partition_point(|(from, _)| *from <= at).saturating_sub(1);
        let (from, [[x0, y0], [x1, y1]]) = *self.pieces.get(nth)?;
        let of = libm::hypot(x1 - x0, y1 - y0);
        let (cos, sin) = ((x1 - x0) / of, (y1 - y0) / of);
        let along = at - from;
        let place = [x0 + cos * along, y0 + sin * along];
        let turn = Affine([cos, sin, -sin, cos, place[0], place[1]]);
        Some(Affine::moved([-x, 0.0]).then(turn))
    }
}
