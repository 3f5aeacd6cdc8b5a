//! Blur of large radii: averaged down by a power of two, blurred there, read back bilinearly.
//!
//! The blocks that are averaged lie on a grid of the view, so that parts of a view (`rect=`) are
//! blurred as the whole is.

use super::{blur::Ring, gaussian::half_width};
use crate::{
    raster::{Raster, load_row},
    time_slice::TimeSlice,
};

/// A picture reduced by `factor` and blurred, read back at full size, a row at a time: small rows
/// are made as they are needed, so that only those under the kernel are in memory.
pub struct Reduced {
    factor: u32,
    /// Columns and rows of the first block that lie before the picture.
    before: [u32; 2],
    small_width: u32,
    small_height: u32,
    ring: Ring,
    /// The last two rows that the ring made, and the number of the second.
    upper: Vec<f32>,
    lower: Vec<f32>,
    made: Option<u32>,
    y: u32,
}

impl Reduced {
    /// Blurs with a standard deviation of `sigma` pixels; the raster's first pixel lies at
    /// `origin` of the view.
    pub fn new(raster: &Raster, origin: [i64; 2], sigma: f64, factor: u32) -> Self {
        let before = origin.map(|at| at.rem_euclid(i64::from(factor)) as u32);
        let ring = Ring::new(rest(sigma, factor));
        Self {
            factor,
            before,
            small_width: (before[0] + raster.width).div_ceil(factor),
            small_height: (before[1] + raster.height).div_ceil(factor),
            ring,
            upper: Vec::new(),
            lower: Vec::new(),
            made: None,
            y: 0,
        }
    }

    /// The next row into `line`. Of `raster`, rows from this one on must still be unchanged: the
    /// ring is ahead by half its kernel.
    pub async fn next_row(
        &mut self,
        raster: &Raster,
        line: &mut Vec<f32>,
        slice: &mut TimeSlice<'_>,
    ) {
        let ([left_of, above], channels) = (self.before, raster.channels);
        let (factor, small_width) = (self.factor, self.small_width);
        let (upper, lower, down) = position(above + self.y, factor, self.small_height);
        while self.made.is_none_or(|made| (made as usize) < lower) {
            std::mem::swap(&mut self.upper, &mut self.lower);
            while let Some(y) = self.ring.wants(self.small_height) {
                self.ring.take(channels, |row| {
                    average_rows(raster, [left_of, above], y, factor, small_width, row);
                });
                slice.spend(u64::from(raster.width) * u64::from(factor) / 2).await;
            }
            self.ring.next_row(self.small_height, &mut self.lower);
            slice.spend(u64::from(small_width) * 4).await;
            self.made = Some(self.made.map_or(0, |made| made + 1));
        }
        // In the last half of the last block both are the last row.
        let upper = if upper == lower { &self.lower } else { &self.upper };
        let lower = &self.lower;
        line.clear();
        for x in 0..raster.width {
            let (left, right, across) = position(left_of + x, factor, small_width);
            for channel in 0..channels {
                let (l, r) = (left * channels + channel, right * channels + channel);
                let top = upper[l] + (upper[r] - upper[l]) * across;
                let bottom = lower[l] + (lower[r] - lower[l]) * across;
                line.push(top + (bottom - top) * down);
            }
        }
        self.y += 1;
    }
}

/// Bytes that it holds of a picture `width` pixels wide: the small rows under the kernel, one
/// that is averaged, the two that are read back.
pub fn memory(sigma: f64, factor: u32, width: u32, channels: usize) -> u64 {
    // A block at each end may be cut.
    let small = u64::from(width / factor + 2) * channels as u64 * 4;
    small * (2 * half_width(rest(sigma, factor)) as u64 + 1 + 3)
}

/// The standard deviation of what is left to do at reduced size: the averaging is itself a blur,
/// of variance (factor² − 1) / 12.
fn rest(sigma: f64, factor: u32) -> f64 {
    let f = f64::from(factor);
    (sigma * sigma - (f * f - 1.0) / 12.0).max(0.25).sqrt() / f
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
    sums: &mut Vec<f32>,
) {
    let channels = raster.channels;
    let row = |block: u32| (block * factor).saturating_sub(above).min(raster.height);
    let rows = row(small_y)..row(small_y + 1);
    sums.clear();
    sums.resize(small_width as usize * channels, 0.0);
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
}
