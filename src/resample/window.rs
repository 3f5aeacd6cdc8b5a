//! The sliding window of source rows under the kernel, and their weighted sums.

use std::collections::VecDeque;

use wide::{bytemuck::cast, f32x4, i16x8, i32x4, u8x16};

use super::weights::{FIXED_ONE, Taps};
use crate::pixel::{self, PixelFormat, widen};

/// A window of as many source rows as the kernel is tall.
#[derive(Debug)]
pub enum Window {
    /// Pixels without alpha: 8-bit samples, summed as integers.
    Opaque(WindowRows<u8>),
    /// Pixels with alpha: premultiplied `f32` samples.
    Alpha(PixelFormat, WindowRows<f32>),
}

/// Rows, oldest first, and spare buffers for reuse.
#[derive(Debug, Default)]
pub struct WindowRows<T> {
    rows: VecDeque<Vec<T>>,
    spare: Vec<Vec<T>>,
}

/// Samples that are summed together; rows are padded to whole blocks.
const BLOCK: usize = 16;

/// Padding samples that a vector load may read after the last sample of a sum.
const PADDING: usize = 4;

/// The length of a row with its padding, in samples.
fn padded(samples: usize) -> usize {
    (samples + PADDING).next_multiple_of(BLOCK)
}

impl Window {
    /// An empty window for rows of this pixel format.
    pub fn new(pixel: PixelFormat) -> Self {
        match pixel.alpha {
            true => Self::Alpha(pixel, WindowRows::default()),
            false => Self::Opaque(WindowRows::default()),
        }
    }

    /// Upper bound of the memory of `rows` rows of `samples` samples each, in bytes.
    pub fn memory(alpha: bool, samples: u64, rows: u64) -> u64 {
        let sample = if alpha { 4 } else { 1 };
        (samples + (BLOCK + PADDING) as u64).saturating_mul(sample * rows)
    }

    /// The number of rows in the window.
    pub fn len(&self) -> u32 {
        match self {
            Self::Opaque(rows) => rows.rows.len() as u32,
            Self::Alpha(_, rows) => rows.rows.len() as u32,
        }
    }

    /// Adds a row.
    pub fn push(&mut self, row: &[u8]) {
        match self {
            Self::Opaque(rows) => rows.push(row.len(), |line| line.extend_from_slice(row)),
            Self::Alpha(pixel, rows) => {
                rows.push(row.len(), |line| pixel::load_row(*pixel, row, line));
            }
        }
    }

    /// Drops the oldest row.
    pub fn pop(&mut self) {
        match self {
            Self::Opaque(rows) => rows.pop(),
            Self::Alpha(_, rows) => rows.pop(),
        }
    }

    /// Sets `sum` to Σ weight × row, without the oldest `skip` rows. Padding samples follow the
    /// last one, so that a full vector can be loaded there.
    pub fn sum(&self, skip: usize, taps: &Taps, sum: &mut Vec<f32>) {
        match self {
            Self::Opaque(rows) => sum_whole(&rows.blocks(skip), taps.fixed, sum),
            Self::Alpha(_, rows) => sum_floats(&rows.blocks(skip), taps.weights, sum),
        }
    }
}

impl<T: Copy + Default> WindowRows<T> {
    fn push(&mut self, samples: usize, load: impl FnOnce(&mut Vec<T>)) {
        let mut line = self.spare.pop().unwrap_or_default();
        line.clear();
        // A vector that grows would double its capacity.
        line.reserve_exact(padded(samples));
        load(&mut line);
        line.resize(padded(samples), T::default());
        self.rows.push_back(line);
    }

    fn pop(&mut self) {
        self.spare.extend(self.rows.pop_front());
    }

    fn blocks(&self, skip: usize) -> Vec<&[[T; BLOCK]]> {
        self.rows.iter().skip(skip).map(|row| row.as_chunks().0).collect()
    }
}

/// Sums two rows at a time: it interleaves their samples and adds their products pairwise.
fn sum_whole(rows: &[&[[u8; BLOCK]]], weights: &[i16], sum: &mut Vec<f32>) {
    let len = rows.first().map_or(0, |row| row.len());
    // An odd last row is paired with itself, with a second weight of 0.
    let pairs: Vec<_> = rows
        .chunks(2)
        .zip(weights.chunks(2))
        .filter_map(|(rows, weights)| {
            let (&above, &a) = (rows.first()?, weights.first()?);
            let (below, b) = rows.get(1).zip(weights.get(1)).map_or((above, 0), |(r, w)| (*r, *w));
            let weights = i16x8::new([a, b, a, b, a, b, a, b]);
            Some((above.get(..len)?, below.get(..len)?, weights))
        })
        .collect();
    let scale = f32x4::splat(1.0 / f32::from(FIXED_ONE));
    sum.resize(len * BLOCK, 0.0);
    for (at, out) in sum.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
        let mut sums = [i32x4::ZERO; 4];
        for (above, below, weights) in &pairs {
            let (above, below) = (u8x16::new(above[at]), u8x16::new(below[at]));
            let low = u8x16::unpack_low(above, below);
            let high = u8x16::unpack_high(above, below);
            sums[0] += widen::lower(low).dot(*weights);
            sums[1] += widen::upper(low).dot(*weights);
            sums[2] += widen::lower(high).dot(*weights);
            sums[3] += widen::upper(high).dot(*weights);
        }
        *out = cast(sums.map(|four| four.round_float() * scale));
    }
}

/// Sums rows of floats, in blocks that stay in registers.
fn sum_floats(rows: &[&[[f32; BLOCK]]], weights: &[f32], sum: &mut Vec<f32>) {
    sum.clear();
    for at in 0..rows.first().map_or(0, |row| row.len()) {
        let mut total = [0.0_f32; BLOCK];
        for (row, weight) in rows.iter().zip(weights) {
            if let Some(samples) = row.get(at) {
                for lane in 0..BLOCK {
                    total[lane] += *weight * samples[lane];
                }
            }
        }
        sum.extend_from_slice(&total);
    }
}
