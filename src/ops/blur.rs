//! Gaussian blur, row by row from the top, without a second full-size picture.
//!
//! Small radii are convolved directly in a ring of rows. For a radius of [`DIRECT`] and more the
//! picture is averaged down by a power of two, blurred there, and read back bilinearly:
//! so blurred a picture has nothing left that the detour could lose, and the work per pixel does
//! not grow with the radius.

use std::collections::VecDeque;

use super::{
    gaussian::{half_width, weights},
    reduced::{self, Reduced},
};
use crate::{
    raster::{Raster, load_row},
    time_slice::TimeSlice,
};

/// Standard deviations of this many pixels and more are blurred at reduced size.
const DIRECT: f64 = 4.0;

/// Rows of a picture, blurred, in order from the top.
pub enum Blurred {
    /// Convolved from the picture's own rows.
    Direct(Ring),
    /// Read from a small picture that is already blurred.
    Reduced(Reduced),
}

impl Blurred {
    /// Blurs with a Gaussian of standard deviation `sigma` pixels; edges are repeated. The
    /// raster's first pixel lies at `origin` of the view.
    pub fn new(raster: &Raster, origin: [i64; 2], sigma: f64) -> Self {
        match factor(sigma) {
            1 => Self::Direct(Ring::new(sigma)),
            factor => Self::Reduced(Reduced::new(raster, origin, sigma, factor)),
        }
    }

    /// The next row into `line`. Of `raster`, rows from this one on must still be unchanged.
    pub async fn next_row(
        &mut self,
        raster: &Raster,
        line: &mut Vec<f32>,
        slice: &mut TimeSlice<'_>,
    ) {
        match self {
            Self::Direct(ring) => {
                while let Some(y) = ring.wants(raster.height) {
                    ring.take(raster.channels, |row| {
                        load_row(raster.channels, raster.row(y), row);
                    });
                }
                ring.next_row(raster.height, line);
            }
            Self::Reduced(reduced) => reduced.next_row(raster, line, slice).await,
        }
    }
}

/// The work of a pixel of a blurred row, in pixels of a [`TimeSlice`].
pub fn work(sigma: f64) -> u64 {
    if factor(sigma) == 1 { 1 + half_width(sigma) as u64 / 3 } else { 1 }
}

/// Bytes a blur needs of a picture `width` pixels wide, but for the rows it is given and gives.
pub fn memory(sigma: f64, width: u32, channels: usize) -> u64 {
    let row = u64::from(width) * channels as u64 * 4;
    match factor(sigma) {
        1 => row * (2 * half_width(sigma) as u64 + 1 + 1),
        factor => reduced::memory(sigma, factor, width, channels) + row,
    }
}

/// How far a blur reaches, in pixels.
pub fn reach(sigma: f64) -> u32 {
    let factor = factor(sigma);
    (half_width(sigma / f64::from(factor)) as u32 + 2) * factor
}

/// The power of two by which the picture is reduced first: what is left is 2 to 4 pixels.
fn factor(sigma: f64) -> u32 {
    let mut factor = 1;
    while sigma / f64::from(factor) >= DIRECT {
        factor *= 2;
    }
    factor
}

/// A Gaussian convolution: rows are blurred across as they come, then down in a ring.
pub struct Ring {
    weights: Vec<f32>,
    rows: VecDeque<Vec<f32>>,
    /// The row that is made next, and the one that is taken next.
    y: u32,
    taken: u32,
    scratch: Vec<f32>,
}

impl Ring {
    /// Of standard deviation `sigma` pixels, at the first row.
    pub fn new(sigma: f64) -> Self {
        let weights = weights(sigma);
        Self { weights, rows: VecDeque::new(), y: 0, taken: 0, scratch: Vec::new() }
    }

    /// The row of the source, of so many, that [`Ring::take`] takes before the next is made.
    pub fn wants(&self, height: u32) -> Option<u32> {
        let half = (self.weights.len() / 2) as u32;
        (self.taken < height.min(self.y + half + 1)).then_some(self.taken)
    }

    /// Takes the next row of the source, from the top, which `load` gives.
    pub fn take(&mut self, channels: usize, load: impl FnOnce(&mut Vec<f32>)) {
        load(&mut self.scratch);
        // The ring is as long as the kernel: a row that falls out is used again.
        let full = self.rows.len() == self.weights.len();
        let recycled = if full { self.rows.pop_front() } else { None };
        let mut across = recycled.unwrap_or_default();
        blur_across(channels, &self.scratch, &self.weights, &mut across);
        self.rows.push_back(across);
        self.taken += 1;
    }

    /// The next row into `line`, once it wants no more.
    pub fn next_row(&mut self, height: u32, line: &mut Vec<f32>) {
        let half = (self.weights.len() / 2) as u32;
        let oldest = self.taken - self.rows.len() as u32;
        line.clear();
        line.resize(self.scratch.len(), 0.0);
        for (tap, &weight) in self.weights.iter().enumerate() {
            let y = (self.y + tap as u32).saturating_sub(half).min(height - 1);
            // Rows above the ring are those of the top edge, which repeat.
            if let Some(row) = self.rows.get(y.saturating_sub(oldest) as usize) {
                for (sum, sample) in line.iter_mut().zip(row) {
                    *sum += weight * sample;
                }
            }
        }
        self.y += 1;
    }
}

fn blur_across(channels: usize, row: &[f32], weights: &[f32], out: &mut Vec<f32>) {
    let half = weights.len() / 2;
    let pixels = row.len() / channels;
    out.clear();
    out.resize(row.len(), 0.0);
    for (tap, &weight) in weights.iter().enumerate() {
        // Pixel x takes from x + tap − half; the runs that fall off an edge repeat it.
        let first = half.saturating_sub(tap).min(pixels);
        let last = (pixels + half).saturating_sub(tap).min(pixels);
        let (left, right) = (&row[..channels], &row[row.len() - channels..]);
        let (head, rest) = out.split_at_mut(first * channels);
        let (body, tail) = rest.split_at_mut((last.max(first) - first) * channels);
        let from = (first + tap).saturating_sub(half).min(pixels) * channels;
        for (sum, sample) in head.iter_mut().zip(left.iter().cycle()) {
            *sum += weight * sample;
        }
        for (sum, sample) in body.iter_mut().zip(&row[from..]) {
            *sum += weight * sample;
        }
        for (sum, sample) in tail.iter_mut().zip(right.iter().cycle()) {
            *sum += weight * sample;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time_slice::at_once;

    fn next_row(rows: &mut Blurred, raster: &Raster) -> Vec<f32> {
        let mut line = Vec::new();
        at_once(async |slice| rows.next_row(raster, &mut line, slice).await);
        line
    }

    fn blurred(raster: &Raster, sigma: f64) -> Vec<Vec<f32>> {
        let mut rows = Blurred::new(raster, [0, 0], sigma);
        (0..raster.height).map(|_| next_row(&mut rows, raster)).collect()
    }

    #[test]
    fn a_flat_picture_stays_flat_with_any_radius() {
        let raster = Raster { width: 37, height: 23, channels: 3, data: vec![80; 37 * 23 * 3] };
        for sigma in [0.3, 1.0, 3.9, 4.0, 30.0, 250.0] {
            let rows = blurred(&raster, sigma);
            assert_eq!(rows.concat().len(), raster.data.len(), "{sigma}");
            assert!(rows.concat().iter().all(|v| (v - 80.0).abs() < 0.01), "{sigma}");
        }
    }

    #[test]
    fn an_edge_becomes_the_gaussians_integral() {
        let mut raster = Raster::new(200, 3, 1);
        (0..3).for_each(|y| raster.row_mut(y)[100..].fill(200));
        for sigma in [2.0, 10.0] {
            let rows = blurred(&raster, sigma);
            for (x, &value) in rows[1].iter().enumerate() {
                let at = (x as f64 + 0.5 - 100.0) / (sigma * std::f64::consts::SQRT_2);
                let exact = 100.0 * (1.0 + libm::erf(at));
                assert!((f64::from(value) - exact).abs() < 1.5, "{sigma} {x} {value} {exact}");
            }
        }
    }

    #[test]
    fn parts_are_blurred_as_the_whole_is() {
        let mut whole = Raster::new(160, 120, 1);
        for y in 0..120 {
            let row = whole.row_mut(y).iter_mut().zip(0_u32..);
            row.for_each(|(sample, x)| *sample = (x * x + y * 37 + x * y) as u8);
        }
        for sigma in [2.0, 5.0, 8.0] {
            let all = blurred(&whole, sigma);
            let reach = reach(sigma);
            let (x, y) = (51.max(reach), 33.max(reach));
            let (left, top) = (x - reach, y - reach);
            let mut part = Raster::new(160 - left, 120 - top, 1);
            (top..120).for_each(|y| {
                part.row_mut(y - top).copy_from_slice(&whole.row(y)[left as usize..]);
            });
            let mut rows = Blurred::new(&part, [i64::from(left), i64::from(top)], sigma);
            for row in top..120 {
                let line = next_row(&mut rows, &part);
                if row >= y {
                    assert_eq!(line[reach as usize..], all[row as usize][x as usize..], "{sigma}");
                }
            }
        }
    }
}
