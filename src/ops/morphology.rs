//! Morphological dilation and erosion with a disc (decision G16), row by row from the top.
//!
//! A dilation takes the greatest sample within the disc: all pixels whose centres are at most the
//! radius away, inside the image. Each row is widened once per width of the disc and raises the
//! rows that it reaches. An erosion is the dilation of negated samples.

use std::collections::VecDeque;

use super::{Area, Stage};

/// The largest radius; those that are scaled up stop there.
const RADIUS_MAX: f64 = 250.0;

/// The radius for an image scaled by `factor`, rounded to the nearest integer; `None` if it is 0.
/// Erosions have negative radii.
pub fn scaled(radius: i16, factor: f64) -> Option<i16> {
    let len = (f64::from(radius.unsigned_abs()) * factor).min(RADIUS_MAX);
    let len = (len + 0.5).floor() as i16;
    (len > 0).then_some(len * radius.signum())
}

/// A running dilation, or an erosion, of each component.
pub struct Growing {
    channels: usize,
    height: u32,
    is_erosion: bool,
    /// Pixels of the disc left and right of its centre, in rows 0 to radius from its centre.
    half_widths: Vec<usize>,
    /// The greatest samples so far of the rows from `next` on.
    rows: VecDeque<Vec<f32>>,
    /// A row that is reused.
    spare: Vec<f32>,
    next: u32,
    pushed: u32,
    /// The row that was pushed last, widened, and the buffer of the next width.
    wide: Vec<f32>,
    wider: Vec<f32>,
}

impl Growing {
    /// Dilates by a radius greater than 0; erodes by the size of a negative one.
    pub fn new(radius: i16, channels: usize, height: u32) -> Self {
        let square = |len: u32| len * len;
        let len = u32::from(radius.unsigned_abs());
        let half_widths =
            (0..=len).map(|down| (square(len) - square(down)).isqrt() as usize).collect();
        Self {
            channels,
            height,
            is_erosion: radius < 0,
            half_widths,
            rows: VecDeque::new(),
            spare: Vec::new(),
            next: 0,
            pushed: 0,
            wide: Vec::new(),
            wider: Vec::new(),
        }
    }

    /// The peak memory in bytes: the rows under the disc, and three more.
    pub fn memory(radius: i16, area: Area) -> u64 {
        let rows = (2 * u64::from(radius.unsigned_abs()) + 1).min(area.height.into()) + 3;
        rows * (area.samples() * 4 + 24) + u64::from(radius.unsigned_abs()) * 8
    }

    /// The work per pixel, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    pub fn work(radius: i16) -> u64 {
        1 + u64::from(radius.unsigned_abs()) * 4 / 5
    }
}

impl Stage for Growing {
    fn push(&mut self, row: &mut Vec<f32>) {
        let (y, radius) = (self.pushed, self.half_widths.len() as u32 - 1);
        self.pushed += 1;
        let end = (y + radius + 1).min(self.height);
        while self.next + (self.rows.len() as u32) < end {
            let mut lowest = std::mem::take(&mut self.spare);
            lowest.clear();
            lowest.resize(row.len(), f32::MIN);
            self.rows.push_back(lowest);
        }
        self.wide.clear();
        self.wide.extend(row.iter().map(|&sample| if self.is_erosion { -sample } else { sample }));
        let mut reached = 0;
        for (down, &half_width) in (0..=radius).rev().zip(self.half_widths.iter().rev()) {
            while reached < half_width {
                // Three copies of the window meet without a gap.
                let step = (half_width - reached).min(2 * reached + 1);
                widen(&self.wide, step * self.channels, self.channels, &mut self.wider);
                std::mem::swap(&mut self.wide, &mut self.wider);
                reached += step;
            }
            let (above, below) = (y.checked_sub(down), (down > 0).then_some(y + down));
            for y in [above, below].into_iter().flatten() {
                let nth = y.checked_sub(self.next).map(|nth| nth as usize);
                if let Some(row) = nth.and_then(|nth| self.rows.get_mut(nth)) {
                    raise(row, &self.wide);
                }
            }
        }
    }

    fn pull(&mut self, line: &mut Vec<f32>) -> bool {
        let radius = self.half_widths.len() as u32 - 1;
        if self.pushed < self.height.min(self.next + radius + 1) {
            return false;
        }
        let Some(row) = self.rows.pop_front() else { return false };
        self.spare = std::mem::replace(line, row);
        if self.is_erosion {
            line.iter_mut().for_each(|sample| *sample = -*sample);
        }
        self.next += 1;
        true
    }
}

/// Writes to `wide` the greatest of each sample and those `step` samples to the left and right of
/// it. Beyond an end, the last pixel there stands for them: its window lies within the wider one.
fn widen(row: &[f32], step: usize, channels: usize, wide: &mut Vec<f32>) {
    let step = step.min(row.len());
    let rest = row.len() - step;
    wide.clear();
    wide.extend_from_slice(row);
    let (first, last) = (&row[..channels], &row[row.len() - channels..]);
    raise(&mut wide[step..], &row[..rest]);
    raise(&mut wide[..rest], &row[step..]);
    for pixel in wide[..step].chunks_exact_mut(channels) {
        raise(pixel, first);
    }
    for pixel in wide[rest..].chunks_exact_mut(channels) {
        raise(pixel, last);
    }
}

/// Raises each sample to at least that of `other`.
fn raise(row: &mut [f32], other: &[f32]) {
    for (sample, &other) in row.iter_mut().zip(other) {
        // `f32::max` is a function call on some machines.
        *sample = if other > *sample { other } else { *sample };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::{PixelFormat, Raster, load_row, store_row};

    fn grown(raster: &Raster, radius: i16) -> Raster {
        let Raster { width, height, pixel, .. } = *raster;
        let mut growing = Growing::new(radius, pixel.samples(), height);
        let (mut line, mut out) = (Vec::new(), Raster::new(width, height, pixel));
        let mut done = 0;
        for y in 0..height {
            load_row(pixel, raster.row(y), &mut line);
            growing.push(&mut line);
            while growing.pull(&mut line) {
                store_row(pixel, &line, out.row_mut(done));
                done += 1;
            }
        }
        assert_eq!(done, height);
        out
    }

    /// The definition: the extreme of all pixels within the radius.
    fn exactly(raster: &Raster, radius: i16) -> Raster {
        let (mut out, r) = (raster.clone(), i64::from(radius.abs()));
        let samples = raster.pixel.samples();
        for (y, x) in (0..raster.height).flat_map(|y| (0..raster.width).map(move |x| (y, x))) {
            for channel in 0..samples {
                let at = |x: i64, y: i64| raster.row(y as u32)[x as usize * samples + channel];
                let near = (-r..=r)
                    .flat_map(|down| (-r..=r).map(move |across| (across, down)))
                    .filter(|(across, down)| across * across + down * down <= r * r)
                    .map(|(across, down)| (i64::from(x) + across, i64::from(y) + down))
                    .filter(|(x, y)| {
                        (0..i64::from(raster.width)).contains(x)
                            && (0..i64::from(raster.height)).contains(y)
                    })
                    .map(|(x, y)| at(x, y));
                let extreme = if radius > 0 { near.max() } else { near.min() };
                out.row_mut(y)[x as usize * samples + channel] = extreme.unwrap();
            }
        }
        out
    }

    #[test]
    fn the_extreme_within_the_disc_is_found_whatever_the_size() {
        for (width, height) in [(1, 1), (1, 30), (30, 1), (9, 4), (23, 31)] {
            let mut raster = Raster::new(width, height, PixelFormat::RGB);
            let samples = raster.data.iter_mut().zip(0_u32..);
            samples.for_each(|(sample, at)| *sample = (at * at / 7 + at * 13) as u8);
            for radius in [1, 2, 3, 5, 9, 40] {
                for radius in [radius, -radius] {
                    let wanted = exactly(&raster, radius);
                    assert!(grown(&raster, radius) == wanted, "{width} × {height}, {radius}");
                }
            }
        }
    }

    #[test]
    fn a_point_becomes_a_disc() {
        let mut raster = Raster::new(7, 7, PixelFormat::GRAY);
        raster.row_mut(3)[3] = 1;
        // `skimage.morphology.disk(2)`
        let disc: [&[u8]; 5] =
            [&[0, 0, 1, 0, 0], &[0, 1, 1, 1, 0], &[1; 5], &[0, 1, 1, 1, 0], &[0, 0, 1, 0, 0]];
        let grown = grown(&raster, 2);
        for (y, wanted) in (1..6).zip(disc) {
            assert_eq!(&grown.row(y)[1..6], wanted, "{y}");
        }
        assert_eq!([grown.row(0), grown.row(6)], [&[0; 7]; 2]);
    }

    #[test]
    fn a_scaled_radius_is_rounded_and_keeps_its_sign() {
        let cases = [(3, 0.5), (-3, 0.5), (3, 0.1), (-100, 1.0), (100, 1e9), (-2, 1.2)];
        let wanted = [Some(2), Some(-2), None, Some(-100), Some(250), Some(-2)];
        assert_eq!(cases.map(|(radius, factor)| scaled(radius, factor)), wanted);
    }
}
