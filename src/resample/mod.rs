//! Separable resampling of rows as they arrive; the whole source is never in memory.
//!
//! Down first, then across: a window of source rows (as wide as the kernel) is kept as `f32`
//! with premultiplied alpha; each output row is their weighted sum, resampled across and
//! rounded once. Down first is the cheaper order for rows that stream, and its inner loop runs
//! along memory. A weight depends only on the output pixel's own position, so any part of a
//! picture comes out the same to the bit, whether it is made alone or with the rest.

mod kernel;
mod weights;

use std::{collections::VecDeque, rc::Rc};

pub use kernel::Kernel;
pub use weights::{Axis, Weights};

use crate::raster;

/// Resamples rows of `C` interleaved 8-bit channels: 1 grey, 3 RGB, 4 RGB with straight alpha.
#[derive(Debug)]
pub struct Resampler {
    channels: usize,
    across: Rc<Weights>,
    down: Rc<Weights>,
    /// The source row that [`Resampler::push`] takes next, and the outputs not yet made.
    next_row: u32,
    next_output: usize,
    window: VecDeque<Vec<f32>>,
    spare: Vec<Vec<f32>>,
    sum: Vec<f32>,
    resampled: Vec<f32>,
    row: Vec<u8>,
}

impl Resampler {
    /// A resampler of `channels` (1, 3 or 4) interleaved channels.
    pub fn new(channels: usize, across: Rc<Weights>, down: Rc<Weights>) -> Self {
        Self {
            channels,
            next_row: down.source().start,
            next_output: 0,
            window: VecDeque::new(),
            spare: Vec::new(),
            sum: Vec::new(),
            resampled: vec![0.0; across.len() * channels],
            row: vec![0; across.len() * channels],
            across,
            down,
        }
    }

    /// Columns of the source that [`Resampler::push`] wants in each row.
    pub fn columns(&self) -> std::ops::Range<u32> {
        self.across.source()
    }

    /// Rows of the source that are still to be pushed, top to bottom.
    pub fn rows(&self) -> std::ops::Range<u32> {
        self.next_row..self.down.source().end
    }

    /// Bytes that one with these weights will hold at most, for the plan.
    pub fn memory(channels: usize, across: &Weights, down: &Weights) -> u64 {
        let columns = u64::from(across.source().end - across.source().start) + 2;
        let row = columns * channels as u64 * 4;
        row * (down.taps() as u64 + 2) + across.memory() + down.memory()
    }

    /// Takes the next source row (the columns of [`Resampler::columns`]) and hands on every
    /// output row that is complete with it: its index in the output axis, and its pixels.
    pub fn push(&mut self, row: &[u8], mut emit: impl FnMut(usize, &[u8])) {
        let (channels, mut rounded) = (self.channels, std::mem::take(&mut self.row));
        self.push_unrounded(row, |output, line| {
            raster::store_row(channels, line, &mut rounded);
            emit(output, &rounded);
        });
        self.row = rounded;
    }

    /// The same, but hands on what is not rounded yet, with premultiplied alpha.
    pub fn push_unrounded(&mut self, row: &[u8], mut emit: impl FnMut(usize, &[f32])) {
        let mut line = self.spare.pop().unwrap_or_default();
        raster::load_row(self.channels, row, &mut line);
        // Padding, so that the last samples can be loaded as whole vectors.
        line.extend([0.0; 4]);
        self.window.push_back(line);
        self.next_row += 1;
        while let Some((output, first, weights)) = self.down.in_order(self.next_output) {
            if first + weights.len() as u32 > self.next_row {
                break;
            }
            let oldest = self.next_row - self.window.len() as u32;
            let skip = (first - oldest) as usize;
            sum_rows(&self.window, skip, weights, &mut self.sum);
            self.across.apply(self.channels, &self.sum, &mut self.resampled);
            emit(output, &self.resampled);
            self.next_output += 1;
        }
        // Rows above the next output's kernel are done with.
        let keep_from =
            self.down.in_order(self.next_output).map_or(self.next_row, |(_, first, _)| first);
        while self.next_row - (self.window.len() as u32) < keep_from {
            let Some(line) = self.window.pop_front() else { break };
            self.spare.push(line);
        }
    }
}

/// `sum` = Σ weight × row, in blocks that stay in registers.
fn sum_rows(window: &VecDeque<Vec<f32>>, skip: usize, weights: &[f32], sum: &mut Vec<f32>) {
    const BLOCK: usize = 16;
    let rows = window.iter().skip(skip).map(|row| row.as_chunks::<BLOCK>());
    let rows: Vec<_> = rows.zip(weights).collect();
    let len = window.front().map_or(0, Vec::len);
    sum.clear();
    sum.resize(len, 0.0);
    let (blocks, last) = sum.as_chunks_mut::<BLOCK>();
    for (at, block) in blocks.iter_mut().enumerate() {
        let mut total = [0.0_f32; BLOCK];
        for ((row, _), weight) in &rows {
            if let Some(samples) = row.get(at) {
                for lane in 0..BLOCK {
                    total[lane] += *weight * samples[lane];
                }
            }
        }
        *block = total;
    }
    for (at, total) in last.iter_mut().enumerate() {
        *total = rows.iter().map(|((_, last), weight)| *weight * last[at]).sum();
    }
}

#[cfg(test)]
mod tests;
