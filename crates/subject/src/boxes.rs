//! The box of a shape that shows the subject best.

use std::ops::Range;

use crate::{plane::Plane, saliency::Weight};

/// A box is not made smaller than this part of the largest one.
const SMALLEST: f64 = 0.6;

/// Room that is left on each side of an object, as part of its longer side.
const ROOM: f64 = 0.12;

/// How much less what lies at the very edge of a box counts than what lies within.
const EDGE: f64 = 0.6;

/// How much the top of a subject that does not fit counts more than its foot.
const TOP: f64 = 1.0;

/// How much the middle of a picture counts beside all that stands out in it: where that says
/// little, photographers are to be trusted.
const MIDDLE: f64 = 1.0;

/// A row or column with less than this part of what the fullest has is thin.
const THIN: f64 = 0.1;

/// x, y, width, height, from 0 to 1 of the picture, of a box whose sides have this ratio in
/// pixels.
pub fn best(weight: &Weight, ratio: f64) -> [f64; 4] {
    let plane = &weight.plane;
    let (width, height) = (plane.width as f64, plane.height as f64);
    if plane.values.is_empty() {
        return [0.0, 0.0, 1.0, 1.0];
    }
    let largest =
        if ratio > width / height { (width, width / ratio) } else { (height * ratio, height) };
    let (columns, rows) = (Profile::columns(plane), Profile::rows(plane));
    // Nearer only where all of the subject is known: what is cut off by mistake is worse.
    let scale = if weight.sure { nearer(&columns, &rows, largest) } else { 1.0 };
    let (across, down) = (largest.0 * scale, largest.1 * scale);
    let place = |profile: &Profile, length: f64, top: f64| {
        if !weight.sure {
            return profile.place(length, &(0..profile.sums.len()), top);
        }
        let body = profile.body();
        let whole = [&profile.extent, &body].into_iter().find_map(|at| profile.around(at, length));
        whole.unwrap_or_else(|| profile.place(length, &body, top))
    };
    let (x, y) = (place(&columns, across, 0.0), place(&rows, down, TOP));
    [x / width, y / height, across / width, down / height]
}

/// How much smaller a box may be that holds an object and room around it.
fn nearer(columns: &Profile, rows: &Profile, largest: (f64, f64)) -> f64 {
    let (across, down) = (columns.extent.len() as f64, rows.extent.len() as f64);
    let room = across.max(down) * 2.0 * ROOM;
    let scale = ((across + room) / largest.0).max((down + room) / largest.1);
    scale.max(SMALLEST).min(1.0)
}

/// The weight of each column, or of each row.
struct Profile {
    sums: Vec<f64>,
    /// From the first to the last that has any to speak of.
    extent: Range<usize>,
}

impl Profile {
    fn columns(plane: &Plane) -> Self {
        let column = |x: usize| plane.values.iter().skip(x).step_by(plane.width);
        Self::new((0..plane.width).map(|x| column(x).copied().map(f64::from).sum()).collect())
    }

    fn rows(plane: &Plane) -> Self {
        let rows = plane.values.chunks(plane.width);
        Self::new(rows.map(|row| row.iter().copied().map(f64::from).sum()).collect())
    }

    fn new(sums: Vec<f64>) -> Self {
        let all: f64 = sums.iter().sum();
        let mut so_far = 0.0;
        let within = |value: &f64| {
            so_far += value;
            so_far > all * 0.001 && so_far - value < all * 0.999
        };
        let within: Vec<bool> = sums.iter().map(within).collect();
        let start = within.iter().position(|&within| within).unwrap_or(0);
        let end = within.iter().rposition(|&within| within).map_or(sums.len(), |last| last + 1);
        Self { sums, extent: start..end }
    }

    /// The extent without what is thin at its ends: a cable, a strap.
    fn body(&self) -> Range<usize> {
        let most = self.sums.iter().copied().fold(0.0, f64::max);
        let thick = |sum: &f64| *sum > most * THIN;
        let start = self.sums.iter().position(thick).unwrap_or(0);
        let end = self.sums.iter().rposition(thick).map_or(self.sums.len(), |last| last + 1);
        start..end
    }

    /// Where a box of this length begins that has all of a range in its middle, if it fits.
    fn around(&self, range: &Range<usize>, length: f64) -> Option<f64> {
        let (start, end) = (range.start as f64, range.end as f64);
        let last = (self.sums.len() as f64 - length).max(0.0);
        (end - start <= length).then(|| ((start + end - length) / 2.0).max(0.0).min(last))
    }

    /// Where the box of this length begins that holds most. The middle of `within` weighs as much
    /// as all the rest; of what does not fit, the top weighs up to `top` more than the foot:
    /// heads are up there.
    fn place(&self, length: f64, within: &Range<usize>, top: f64) -> f64 {
        let count = self.sums.len() as f64;
        let (start, size) = (self.extent.start as f64, self.extent.len() as f64);
        let top = if size > length { top } else { 0.0 };
        // Of a picture of nothing there is still a middle.
        let middle = MIDDLE * self.sums.iter().sum::<f64>().max(1e-9);
        let (from, wide) = (within.start as f64, within.len() as f64);
        let weight = |(at, sum): (usize, &f64)| {
            let at = at as f64 + 0.5;
            let (down, off) = ((at - start) / size, (at - from) / wide * 2.0 - 1.0);
            sum * (1.0 + top * (0.5 - down)) + middle * 1.5 / wide * (1.0 - off * off).max(0.0)
        };
        let weights: Vec<f64> = self.sums.iter().enumerate().map(weight).collect();
        let held = |begin: f64| -> f64 {
            let value = |at: usize| {
                let off = (at as f64 + 0.5 - begin) / length * 2.0 - 1.0;
                // Flat within: a subject is best in the middle, but need not be.
                let near = if off.abs() > 1.0 { 0.0 } else { 1.0 - EDGE * off * off * off * off };
                near * weights.get(at).copied().unwrap_or(0.0)
            };
            (begin as usize..(begin + length).ceil() as usize).map(value).sum()
        };
        let last = (count - length).max(0.0);
        let begins = (0..=last as usize).map(|begin| begin as f64).chain([last]);
        begins.max_by(|&one, &other| held(one).total_cmp(&held(other))).unwrap_or(0.0)
    }
}
