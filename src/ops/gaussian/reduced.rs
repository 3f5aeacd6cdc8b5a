//! Blur of large radii: averages blocks of a power of two, blurs them, enlarges bilinearly.
//!
//! The blocks lie on a grid of the view, so that a part of a view (`rect=`) is blurred exactly like
//! the whole view.

use std::collections::VecDeque;

use super::{
    Area,
    blur::{Ring, ring_memory},
};

/// A running blur that reduces rows by `factor`, blurs them, and enlarges them again. Only the
/// small rows under the kernel are in memory.
pub struct Reduced {
    area: Area,
    factor: u32,
    /// The columns and rows by which the first block extends beyond the area, left and above.
    before: [u32; 2],
    small_width: u32,
    small_height: u32,
    ring: Ring,
    /// The average of the rows of the current block so far.
    block: Vec<f32>,
    /// Blurred small rows, and the number of the first one.
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

    /// Accepts the next row.
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

    /// Moves the next finished row to `line`; false if none is finished.
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

/// The peak memory in bytes: the small rows under the kernel, the one being averaged, and those
/// that are enlarged.
pub fn memory(sigma: f64, factor: u32, area: Area) -> u64 {
    // The blocks at both ends may be partial.
    let channels = area.pixel.samples();
    let small = u64::from(area.width / factor + 2) * channels as u64 * 4;
    ring_memory(rest(sigma, factor), small, channels) + small * 5
}

/// The standard deviation of the blur at reduced size, in small pixels. The averaging is itself a
/// blur, of variance (factor² − 1) / 12.
fn rest(sigma: f64, factor: u32) -> f64 {
    let f = f64::from(factor);
    (sigma * sigma - (f * f - 1.0) / 12.0).max(0.25).sqrt() / f
}

/// The two small pixels next to pixel `at`, and its position between them from 0 to 1.
fn position(at: u32, factor: u32, len: u32) -> (usize, usize, f32) {
    let small = ((at as f32 + 0.5) / factor as f32 - 0.5).max(0.0);
    let first = (small as u32).min(len - 1);
    let second = (first + 1).min(len - 1);
    (first as usize, second as usize, small - first as f32)
}

/// Adds a row of pixels to the averages of a row of blocks that are `rows` rows high.
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
