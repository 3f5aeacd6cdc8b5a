//! Gaussian blur, row by row from the top, without a second full-size image.
//!
//! Small blurs are convolved directly, in a ring buffer of rows. From a standard deviation of
//! [`DIRECT`] on, the image is reduced by a power of two with block averages, blurred, and enlarged
//! bilinearly. Such a large blur removes all detail that the reduction could lose, and the work per
//! pixel does not grow with the radius.

use std::collections::VecDeque;

use wide::{bytemuck::cast, f32x8};

use super::{
    Area, Stage,
    reduced::{self, Reduced},
    weights::{half_width, weights},
};

/// Blurs with a standard deviation of this many pixels or more work at reduced size.
const DIRECT: f64 = 4.0;

/// A blur of rows, in order from the top.
pub enum Blur {
    /// Convolves the rows of the image itself.
    Direct(Ring),
    /// Reads from a reduced, blurred image.
    Reduced(Reduced),
}

impl Blur {
    /// Blurs with a Gaussian of standard deviation `sigma` pixels; edge pixels are repeated.
    pub fn new(sigma: f64, area: Area) -> Self {
        match factor(sigma) {
            1 => Self::Direct(Ring::new(sigma, area.pixel.samples(), area.height)),
            factor => Self::Reduced(Reduced::new(area, sigma, factor)),
        }
    }
}

impl Stage for Blur {
    fn push(&mut self, row: &mut Vec<f32>) {
        match self {
            Self::Direct(ring) => ring.push(row),
            Self::Reduced(reduced) => reduced.push(row),
        }
    }

    fn pull(&mut self, line: &mut Vec<f32>) -> bool {
        match self {
            Self::Direct(ring) => ring.pull(line),
            Self::Reduced(reduced) => reduced.pull(line),
        }
    }
}

/// The work per pixel of a blurred row, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
pub fn work(sigma: f64) -> u64 {
    if factor(sigma) == 1 { 1 + half_width(sigma) as u64 / 3 } else { 2 }
}

/// The peak memory of a blur in bytes, without the rows that it is given and returns.
pub fn memory(sigma: f64, area: Area) -> u64 {
    let row = area.samples() * 4;
    match factor(sigma) {
        1 => ring_memory(sigma, row, area.pixel.samples()),
        factor => reduced::memory(sigma, factor, area),
    }
}

/// The peak memory of a [`Ring`] over rows of `row` bytes.
pub fn ring_memory(sigma: f64, row: u64, channels: usize) -> u64 {
    let half = half_width(sigma) as u64;
    // The last row is there twice, once with margins.
    row * (2 * half + 2) + 2 * half * channels as u64 * 4
}

/// The most rows that are pushed before the first one is finished.
pub fn delay(sigma: f64) -> u32 {
    match factor(sigma) {
        1 => half_width(sigma) as u32 + 1,
        factor => needs(sigma) + factor,
    }
}

/// The margin in pixels that a blur reads around a region.
pub fn needs(sigma: f64) -> u32 {
    let factor = factor(sigma);
    (half_width(sigma / f64::from(factor)) as u32 + 2) * factor
}

/// The power of two by which the image is reduced first: 1 for a `sigma` below [`DIRECT`]; else
/// `sigma` becomes 2 to 4 pixels.
fn factor(sigma: f64) -> u32 {
    let mut factor = 1;
    while sigma / f64::from(factor) >= DIRECT {
        factor *= 2;
    }
    factor
}

/// A Gaussian convolution: blurs each row across as it arrives, then down in a ring buffer.
pub struct Ring {
    channels: usize,
    height: u32,
    weights: Vec<f32>,
    rows: VecDeque<Vec<f32>>,
    /// The last row, with the margins that the kernel reads.
    padded: Vec<f32>,
    /// The row that is returned next, and the number of rows pushed.
    next: u32,
    pushed: u32,
}

impl Ring {
    /// A convolution with standard deviation `sigma` pixels, over `height` rows.
    pub fn new(sigma: f64, channels: usize, height: u32) -> Self {
        let (weights, rows) = (weights(sigma), VecDeque::new());
        Self { channels, height, weights, rows, padded: Vec::new(), next: 0, pushed: 0 }
    }

    /// Accepts the next row, from the top.
    pub fn push(&mut self, row: &[f32]) {
        // The ring is as long as the kernel. The buffer of a row that drops out is reused.
        let full = self.rows.len() == self.weights.len();
        let recycled = if full { self.rows.pop_front() } else { None };
        let mut across = recycled.unwrap_or_default();
        // Beyond an edge, the edge pixel repeats.
        let (channels, half) = (self.channels, self.weights.len() / 2);
        self.padded.clear();
        self.padded.reserve_exact(row.len() + 2 * half * channels);
        (0..half).for_each(|_| self.padded.extend_from_slice(&row[..channels]));
        self.padded.extend_from_slice(row);
        (0..half).for_each(|_| self.padded.extend_from_slice(&row[row.len() - channels..]));
        let shifted = |tap: usize| self.padded.get(tap * channels..).unwrap_or_default();
        let taps: Vec<&[f32]> = (0..self.weights.len()).map(shifted).collect();
        across.resize(row.len(), 0.0);
        weigh(&taps, &self.weights, &mut across);
        self.rows.push_back(across);
        self.pushed += 1;
    }

    /// Moves the next finished row to `line`; false if none is finished.
    pub fn pull(&mut self, line: &mut Vec<f32>) -> bool {
        let half = (self.weights.len() / 2) as u32;
        if self.next >= self.height || self.pushed < self.height.min(self.next + half + 1) {
            return false;
        }
        let oldest = self.pushed - self.rows.len() as u32;
        let row = |tap: u32| {
            let y = (self.next + tap).saturating_sub(half).min(self.height - 1);
            // Rows above the ring repeat the top row.
            self.rows.get(y.saturating_sub(oldest) as usize).map_or(&[][..], Vec::as_slice)
        };
        let taps: Vec<&[f32]> = (0..self.weights.len() as u32).map(row).collect();
        line.resize(self.rows.back().map_or(0, Vec::len), 0.0);
        weigh(&taps, &self.weights, line);
        self.next += 1;
        true
    }
}

/// The samples that are summed in registers.
const BLOCK: usize = 24;

/// Writes the weighted sums of rows that are at least as long as `out`.
fn weigh(rows: &[&[f32]], weights: &[f32], out: &mut [f32]) {
    let (blocks, rest) = out.as_chunks_mut::<BLOCK>();
    let end = blocks.len() * BLOCK;
    for (block, at) in blocks.iter_mut().zip((0..).step_by(BLOCK)) {
        let mut sums = [f32x8::ZERO; BLOCK / 8];
        for (row, &weight) in rows.iter().zip(weights) {
            let Some(samples) = row.get(at..at + BLOCK).and_then(<[f32]>::first_chunk) else {
                continue;
            };
            let samples: [f32x8; BLOCK / 8] = cast::<[f32; BLOCK], _>(*samples);
            for (sum, samples) in sums.iter_mut().zip(samples) {
                *sum += f32x8::splat(weight) * samples;
            }
        }
        *block = cast(sums);
    }
    for (out, at) in rest.iter_mut().zip(end..) {
        let samples = rows.iter().filter_map(|row| row.get(at)).zip(weights);
        *out = samples.fold(0.0, |sum, (sample, weight)| sum + weight * sample);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::{PixelFormat, Raster, load_row};

    fn blurred(raster: &Raster, origin: [i64; 2], sigma: f64) -> Vec<Vec<f32>> {
        let Raster { width, height, pixel, .. } = *raster;
        let mut blur = Blur::new(sigma, Area { origin, ..Area::new(width, height, pixel) });
        let (mut lines, mut line) = (Vec::new(), Vec::new());
        for y in 0..height {
            load_row(pixel, raster.row(y), &mut line);
            blur.push(&mut line);
            while blur.pull(&mut line) {
                lines.push(line.clone());
                assert!(y + 1 - lines.len() as u32 <= delay(sigma), "{sigma}: row {y}");
            }
        }
        lines
    }

    #[test]
    fn a_flat_picture_stays_flat_with_any_radius() {
        let raster =
            Raster { width: 37, height: 23, pixel: PixelFormat::RGB, data: vec![80; 37 * 23 * 3] };
        for sigma in [0.3, 1.0, 3.9, 4.0, 30.0, 250.0] {
            let rows = blurred(&raster, [0, 0], sigma);
            assert_eq!(rows.concat().len(), raster.data.len(), "{sigma}");
            assert!(rows.concat().iter().all(|v| (v - 80.0).abs() < 0.01), "{sigma}");
        }
    }

    #[test]
    fn an_edge_becomes_the_gaussians_integral() {
        let mut raster = Raster::new(200, 3, PixelFormat::GRAY);
        (0..3).for_each(|y| raster.row_mut(y)[100..].fill(200));
        for sigma in [2.0, 10.0] {
            let rows = blurred(&raster, [0, 0], sigma);
            for (x, &value) in rows[1].iter().enumerate() {
                let at = (x as f64 + 0.5 - 100.0) / (sigma * std::f64::consts::SQRT_2);
                let exact = 100.0 * (1.0 + libm::erf(at));
                assert!((f64::from(value) - exact).abs() < 1.5, "{sigma} {x} {value} {exact}");
            }
        }
    }

    #[test]
    fn parts_are_blurred_as_the_whole_is() {
        let mut whole = Raster::new(160, 120, PixelFormat::GRAY);
        for y in 0..120 {
            let row = whole.row_mut(y).iter_mut().zip(0_u32..);
            row.for_each(|(sample, x)| *sample = (x * x + y * 37 + x * y) as u8);
        }
        for sigma in [2.0, 5.0, 8.0] {
            let all = blurred(&whole, [0, 0], sigma);
            let margin = needs(sigma);
            let (x, y) = (51.max(margin), 33.max(margin));
            let (left, top) = (x - margin, y - margin);
            let mut part = Raster::new(160 - left, 120 - top, PixelFormat::GRAY);
            (top..120).for_each(|y| {
                part.row_mut(y - top).copy_from_slice(&whole.row(y)[left as usize..]);
            });
            let rows = blurred(&part, [i64::from(left), i64::from(top)], sigma);
            for row in y..120 {
                let line = &rows[(row - top) as usize][margin as usize..];
                assert_eq!(line, &all[row as usize][x as usize..], "{sigma}");
            }
        }
    }
}
