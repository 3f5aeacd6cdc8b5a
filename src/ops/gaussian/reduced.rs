//! Blur of large radii: averaged down by a power of two, blurred there, read back bilinearly.
//!
//! The blocks that are averaged lie on a grid of the view, so that parts of a view (`rect=`) are
//! blurred as the whole is.

use std::collections::VecDeque;

use super::{Area, blur::Ring, weights::half_width};

/// Rows on their way through a picture that is reduced by `factor` and blurred, and back to full
/// size. Only the small rows under the kernel are in memory.
pub struct Reduced {
    area: Area,
    factor: u32,
    /// Columns and rows of the first block that lie before the picture.
    before: [u32; 2],
    small_width: u32,
    small_height: u32,
    ring: Ring,
    /// The mean of the rows of a block so far.
    block: Vec<f32>,
    /// Small rows that are blurred, and the number of the first.
    small: VecDeque<Vec<f32>>,
    first: usize,
    pushed: u32,
    next: u32,
}

impl Reduced {
    /// Blurs with a standard deviation of `sigma` pixels.
    pub fn new(area: Area, sigma: f64, factor: u32) -> Self {
        let before = area.origin.map(|at| at.rem_euclid(i64::from(factor)) as u32);
        let small_height = (before[1] + area.height).div_ceil(factor);
        Self {
            area,
            factor,
            before,
            small_width: (before[0] + area.width).div_ceil(factor),
            small_height,
            ring: Ring::new(rest(sigma, factor), area.pixel.samples(), small_height),
            block: Vec::new(),
            small: VecDeque::new(),
            first: 0,
            pushed: 0,
            next: 0,
        }
    }

    /// Takes the next row.
    pub fn push(&mut self, row: &[f32]) {
        let (factor, above) = (self.factor, self.before[1]);
        let inside = |y: u32| y.saturating_sub(above).min(self.area.height);
        let block = (above + self.pushed) / factor;
        let (start, end) = (inside(block * factor), inside((block + 1) * factor));
        if self.pushed == start {
            self.block.clear();
            self.block.resize(self.small_width as usize * self.area.pixel.samples(), 0.0);
        }
        average(
            row,
            self.before[0],
            factor,
            self.area.pixel.samples(),
            (end - start) as f32,
            &mut self.block,
        );
        self.pushed += 1;
        if self.pushed == end {
            self.ring.push(&self.block);
            let mut line = Vec::new();
            while self.ring.pull(&mut line) {
                self.small.push_back(std::mem::take(&mut line));
            }
        }
    }

    /// The next row that is done, if there is one.
    pub fn pull(&mut self, line: &mut Vec<f32>) -> bool {
        let [left_of, above] = self.before;
        let (factor, channels) = (self.factor, self.area.pixel.samples());
        if self.next >= self.area.height {
            return false;
        }
        let (upper, lower, down) = position(above + self.next, factor, self.small_height);
        while self.first < upper && self.small.pop_front().is_some() {
            self.first += 1;
        }
        let small = |nth: usize| self.small.get(nth.checked_sub(self.first)?);
        let (Some(upper), Some(lower)) = (small(upper), small(lower)) else { return false };
        line.clear();
        for x in 0..self.area.width {
            let (left, right, across) = position(left_of + x, factor, self.small_width);
            for channel in 0..channels {
                let (l, r) = (left * channels + channel, right * channels + channel);
                let top = upper[l] + (upper[r] - upper[l]) * across;
                let bottom = lower[l] + (lower[r] - lower[l]) * across;
                line.push(top + (bottom - top) * down);
            }
        }
        self.next += 1;
        true
    }
}

/// Bytes that it holds at most: the small rows under the kernel, one that is averaged, those that
/// are read back.
pub fn memory(sigma: f64, factor: u32, area: Area) -> u64 {
    // A block at each end may be cut.
    let small = u64::from(area.width / factor + 2) * area.pixel.samples() as u64 * 4;
    small * (2 * half_width(rest(sigma, factor)) as u64 + 1 + 5)
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

/// Adds a row of pixels to a row of blocks, of `rows` rows each, that are averaged.
fn average(row: &[f32], left_of: u32, factor: u32, channels: usize, rows: f32, blocks: &mut [f32]) {
    let (first, rest) = row.split_at(((factor - left_of) as usize * channels).min(row.len()));
    let pixels = std::iter::once(first).chain(rest.chunks(factor as usize * channels));
    for (sum, pixels) in blocks.chunks_exact_mut(channels).zip(pixels) {
        let scale = 1.0 / (rows * (pixels.len() / channels) as f32);
        for pixel in pixels.chunks_exact(channels) {
            for (sum, sample) in sum.iter_mut().zip(pixel) {
                *sum += sample * scale;
            }
        }
    }
}
