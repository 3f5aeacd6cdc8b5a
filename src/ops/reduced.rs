//! Blur of large radii: averaged down by a power of two, blurred there, read back bilinearly.
//!
//! The blocks that are averaged lie on a grid of the view, so that parts of a view (`rect=`) are
//! blurred as the whole is.

use super::blur::Ring;
use crate::{
    raster::{Raster, load_row},
    time_slice::TimeSlice,
};

/// A picture reduced by `factor` and blurred, read back at full size.
pub struct Reduced {
    factor: u32,
    /// Columns and rows of the first block that lie before the picture.
    before: [u32; 2],
    channels: usize,
    width: u32,
    small_width: u32,
    small: Vec<Vec<f32>>,
    y: u32,
}

impl Reduced {
    /// Blurs with a standard deviation of `sigma` pixels; the raster's first pixel lies at
    /// `origin` of the view.
    pub async fn new(
        raster: &Raster,
        origin: [i64; 2],
        sigma: f64,
        factor: u32,
        slice: &mut TimeSlice<'_>,
    ) -> Self {
        let channels = raster.channels;
        let before = origin.map(|at| at.rem_euclid(i64::from(factor)) as u32);
        let small_width = (before[0] + raster.width).div_ceil(factor);
        let mut averaged: Vec<Vec<f32>> = Vec::new();
        for y in 0..(before[1] + raster.height).div_ceil(factor) {
            averaged.push(average_rows(raster, before, y, factor, small_width));
            slice.spend(u64::from(raster.width) * u64::from(factor) / 2).await;
        }
        // The averaging is itself a blur, of variance (factor² − 1) / 12.
        let f = f64::from(factor);
        let rest = (sigma * sigma - (f * f - 1.0) / 12.0).max(0.25).sqrt() / f;
        let mut ring = Ring::new(rest);
        let height = averaged.len() as u32;
        let mut small = Vec::new();
        for _ in 0..height {
            let mut line = Vec::new();
            let source = |y: u32, row: &mut Vec<f32>| {
                row.clear();
                row.extend_from_slice(averaged.get(y as usize).map_or(&[], Vec::as_slice));
            };
            ring.next_row(channels, height, source, &mut line);
            small.push(line);
            slice.spend(u64::from(small_width) * 4).await;
        }
        Self { factor, before, channels, width: raster.width, small_width, small, y: 0 }
    }

    /// The next row into `line`.
    pub fn next_row(&mut self, line: &mut Vec<f32>) {
        let [left_of, above] = self.before;
        let (upper, lower, down) = position(above + self.y, self.factor, self.small.len() as u32);
        let (Some(upper), Some(lower)) = (self.small.get(upper), self.small.get(lower)) else {
            return;
        };
        line.clear();
        for x in 0..self.width {
            let (left, right, across) = position(left_of + x, self.factor, self.small_width);
            for channel in 0..self.channels {
                let (l, r) = (left * self.channels + channel, right * self.channels + channel);
                let top = upper[l] + (upper[r] - upper[l]) * across;
                let bottom = lower[l] + (lower[r] - lower[l]) * across;
                line.push(top + (bottom - top) * down);
            }
        }
        self.y += 1;
    }
}

/// The two small pixels around pixel `at`, and how far it lies between them.
fn position(at: u32, factor: u32, len: u32) -> (usize, usize, f32) {
    let small = ((at as f32 + 0.5) / factor as f32 - 0.5).max(0.0);
    let first = (small as u32).min(len - 1);
    let second = (first + 1).min(len - 1);
    (first as usize, second as usize, small - first as f32)
}

/// A row of blocks, each averaged over its pixels that are in the picture.
fn average_rows(
    raster: &Raster,
    [left_of, above]: [u32; 2],
    small_y: u32,
    factor: u32,
    small_width: u32,
) -> Vec<f32> {
    let channels = raster.channels;
    let row = |block: u32| (block * factor).saturating_sub(above).min(raster.height);
    let rows = row(small_y)..row(small_y + 1);
    let mut sums = vec![0.0_f32; small_width as usize * channels];
    let mut line = Vec::new();
    let count = rows.len() as f32;
    for y in rows {
        load_row(channels, raster.row(y), &mut line);
        let (first, rest) = line.split_at(((factor - left_of) as usize * channels).min(line.len()));
        let blocks = std::iter::once(first).chain(rest.chunks(factor as usize * channels));
        for (sum, block) in sums.chunks_exact_mut(channels).zip(blocks) {
            let scale = 1.0 / (count * (block.len() / channels) as f32);
            for pixel in block.chunks_exact(channels) {
                for (sum, sample) in sum.iter_mut().zip(pixel) {
                    *sum += sample * scale;
                }
            }
        }
    }
    sums
}
