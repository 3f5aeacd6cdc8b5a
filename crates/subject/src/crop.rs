//! Finds the crop of a given shape that shows the subject best.

use std::ops::Range;

use crate::{Region, plane::Plane, saliency::SaliencyMap};

/// The smallest crop, as a fraction of the largest one.
const MIN_SCALE: f64 = 0.6;

/// The margin on each side of an object, as a fraction of its longer side.
const MARGIN: f64 = 0.12;

/// How much less weight the edge of a crop has than its middle.
const EDGE_PENALTY: f64 = 0.6;

/// How much more weight the top of a subject has than its bottom, if the subject does not fit.
const TOP_BONUS: f64 = 1.0;

/// The weight of the picture's middle relative to the total saliency.
const CENTRE_WEIGHT: f64 = 1.0;

/// A row or column with less saliency than this fraction of the maximum is thin.
const THIN: f64 = 0.1;

/// The best crop whose sides have this ratio in pixels.
pub fn best(saliency: &SaliencyMap, ratio: f64) -> Region {
    let plane = &saliency.plane;
    let (width, height) = (plane.width as f64, plane.height as f64);
    if plane.values.is_empty() {
        return Region { x: 0.0, y: 0.0, width: 1.0, height: 1.0 };
    }
    let largest =
        if ratio > width / height { (width, width / ratio) } else { (height * ratio, height) };
    let (columns, rows) = (Profile::columns(plane), Profile::rows(plane));
    // Zooms in only if the whole subject is known. Otherwise it might cut off a part of it.
    let scale = if saliency.is_complete { zoom(&columns, &rows, largest) } else { 1.0 };
    let (across, down) = (largest.0 * scale, largest.1 * scale);
    let place = |profile: &Profile, length: f64, top: f64| {
        if !saliency.is_complete {
            return profile.place(length, &(0..profile.sums.len()), top);
        }
        let body = profile.body();
        let whole = [&profile.extent, &body].into_iter().find_map(|at| profile.around(at, length));
        whole.unwrap_or_else(|| profile.place(length, &body, top))
    };
    let (x, y) = (place(&columns, across, 0.0), place(&rows, down, TOP_BONUS));
    Region { x: x / width, y: y / height, width: across / width, height: down / height }
}

/// The smallest scale of the crop, relative to the largest, that shows an object with a margin.
fn zoom(columns: &Profile, rows: &Profile, largest: (f64, f64)) -> f64 {
    let (across, down) = (columns.extent.len() as f64, rows.extent.len() as f64);
    let margin = across.max(down) * 2.0 * MARGIN;
    let scale = ((across + margin) / largest.0).max((down + margin) / largest.1);
    scale.max(MIN_SCALE).min(1.0)
}

/// The saliency of each column, or of each row.
struct Profile {
    sums: Vec<f64>,
    /// The range with 99.8 % of the saliency.
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

    /// The extent without thin parts at its ends, such as a cable or a strap.
    fn body(&self) -> Range<usize> {
        let most = self.sums.iter().copied().fold(0.0, f64::max);
        let thick = |sum: &f64| *sum > most * THIN;
        let start = self.sums.iter().position(thick).unwrap_or(0);
        let end = self.sums.iter().rposition(thick).map_or(self.sums.len(), |last| last + 1);
        start..end
    }

    /// The beginning of a crop of this length, centred on the range. `None` if the range does not
    /// fit.
    fn around(&self, range: &Range<usize>, length: f64) -> Option<f64> {
        let (start, end) = (range.start as f64, range.end as f64);
        let last = (self.sums.len() as f64 - length).max(0.0);
        (end - start <= length).then(|| ((start + end - length) / 2.0).max(0.0).min(last))
    }

    /// The beginning of the crop of this length with the most weight. The middle of `within` has as
    /// much weight as the total saliency. If the subject does not fit, its top gets up to `top`
    /// more weight than its bottom, because that is where heads are.
    fn place(&self, length: f64, within: &Range<usize>, top: f64) -> f64 {
        let count = self.sums.len() as f64;
        let (start, size) = (self.extent.start as f64, self.extent.len() as f64);
        let top = if size > length { top } else { 0.0 };
        // Even a picture without any saliency is cropped to its middle.
        let middle = CENTRE_WEIGHT * self.sums.iter().sum::<f64>().max(1e-9);
        let (from, wide) = (within.start as f64, within.len() as f64);
        let weight = |(at, sum): (usize, &f64)| {
            let at = at as f64 + 0.5;
            let (down, off) = ((at - start) / size, (at - from) / wide * 2.0 - 1.0);
            sum * (1.0 + top * (0.5 - down)) + middle * 1.5 / wide * (1.0 - off * off).max(0.0)
        };
        let weights: Vec<f64> = self.sums.iter().enumerate().map(weight).collect();
        let held_out = |begin: f64| -> f64 {
            let value = |at: usize| {
                let off = (at as f64 + 0.5 - begin) / length * 2.0 - 1.0;
                // Nearly constant except at the edges, since the subject need not be in the middle.
                let near =
                    if off.abs() > 1.0 { 0.0 } else { 1.0 - EDGE_PENALTY * off * off * off * off };
                near * weights.get(at).copied().unwrap_or(0.0)
            };
            (begin as usize..(begin + length).ceil() as usize).map(value).sum()
        };
        let last = (count - length).max(0.0);
        let begins = (0..=last as usize).map(|begin| begin as f64).chain([last]);
        begins.max_by(|&one, &other| held_out(one).total_cmp(&held_out(other))).unwrap_or(0.0)
    }
}
