//! Separable resampling of streamed rows; the whole source is never in memory.
//!
//! The vertical pass comes first. A window holds as many source rows as the kernel is tall. Each
//! output row is their weighted sum, resampled horizontally as `f32` and rounded once. This order
//! is the cheaper one for streamed rows, and its inner loop runs along memory. A weight depends
//! only on the position of its output pixel. So any part of an image has the same bits, whether
//! it is computed alone or with the rest.

mod across;
mod axis;
mod kernel;
mod weights;
mod window;

use std::rc::Rc;

pub use axis::Axis;
pub use kernel::Kernel;
pub use weights::Weights;
use window::Window;

use crate::pixel::{self, PixelFormat};

/// Resamples rows of interleaved 8-bit samples with straight alpha.
#[derive(Debug)]
pub struct Resampler {
    pixel: PixelFormat,
    across: Rc<Weights>,
    down: Rc<Weights>,
    /// The next source row for [`Resampler::push`].
    next_row: u32,
    next_output: usize,
    window: Window,
    sum: Vec<f32>,
    resampled: Vec<f32>,
    row: Vec<u8>,
}

impl Resampler {
    /// A resampler with horizontal (`across`) and vertical (`down`) weights.
    pub fn new(pixel: PixelFormat, across: Rc<Weights>, down: Rc<Weights>) -> Self {
        let made = across.len() * pixel.samples();
        Self {
            pixel,
            next_row: down.source().start,
            next_output: 0,
            window: Window::new(pixel),
            sum: Vec::new(),
            resampled: vec![0.0; made],
            row: vec![0; made],
            across,
            down,
        }
    }

    /// The source columns that each row given to [`Resampler::push`] must contain.
    pub fn columns(&self) -> std::ops::Range<u32> {
        self.across.source()
    }

    /// The source rows that still have to be pushed, top to bottom.
    pub fn rows(&self) -> std::ops::Range<u32> {
        self.next_row..self.down.source().end
    }

    /// Peak memory of a resampler without its weights, in bytes, for the plan: the source rows
    /// under the kernel, their sum, and one output row.
    pub fn memory(pixel: PixelFormat, across: &Axis, down: &Axis) -> u64 {
        let len = |range: std::ops::Range<u32>| u64::from(range.end - range.start);
        let samples = len(across.source()) * pixel.samples() as u64;
        let rows = down.taps().min(len(down.source())) + 1;
        // The sum has floats; the output row has floats and bytes.
        let made = across.outputs() * pixel.samples() as u64 * 5;
        Window::memory(pixel.alpha, samples, rows) + Window::memory(true, samples, 1) + made
    }

    /// Adds the next source row, cut to [`Resampler::columns`]. Afterwards [`Resampler::pull`]
    /// returns each output row that this row completes.
    pub fn push(&mut self, row: &[u8]) {
        // Rows above the kernels of the next outputs are no longer needed.
        let keep_from = self.down.needed_from(self.next_output).unwrap_or(self.next_row);
        while self.next_row - self.window.len() < keep_from && self.window.len() > 0 {
            self.window.pop();
        }
        self.window.push(row);
        self.next_row += 1;
    }

    /// Returns the next complete output row: its index in the output axis, and its pixels. `None`
    /// if it needs more source rows, or if there are no more outputs.
    pub fn pull(&mut self) -> Option<(usize, &[u8])> {
        let output = self.resample()?;
        pixel::store_row(self.pixel, &self.resampled, &mut self.row);
        Some((output, &self.row))
    }

    /// Like [`Resampler::pull`], but unrounded and with premultiplied alpha.
    pub fn pull_unrounded(&mut self) -> Option<(usize, &[f32])> {
        let output = self.resample()?;
        Some((output, &self.resampled))
    }

    /// The work per output row, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    pub fn work(&self) -> u64 {
        let columns = self.columns();
        let summed = u64::from(columns.end - columns.start) * self.down.taps() as u64;
        self.across.len() as u64 + summed / 16
    }

    fn resample(&mut self) -> Option<usize> {
        let taps = self.down.in_order(self.next_output)?;
        if taps.first + taps.weights.len() as u32 > self.next_row {
            return None;
        }
        let oldest = self.next_row - self.window.len();
        self.window.sum((taps.first - oldest) as usize, &taps, &mut self.sum);
        self.across.apply(self.pixel.samples(), &self.sum, &mut self.resampled);
        self.next_output += 1;
        Some(taps.output)
    }
}

#[cfg(test)]
mod tests;
