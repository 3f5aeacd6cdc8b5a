//! Rows that wait until the rows below them have arrived.

use std::collections::VecDeque;

use super::{Area, Samples};
use crate::pixel::{PixelFormat, load_row, store_row};

/// At most as many rows wait as floats. That is faster, and more would take much memory.
const FLOATS_MAX: u64 = 16;

/// A queue of rows. Rows of 8-bit samples are stored as bytes, without loss, where many wait.
pub struct Held {
    pixel: PixelFormat,
    rows: Waiting,
}

/// The rows, and the buffer of the last one that was popped.
enum Waiting {
    Bytes(VecDeque<Vec<u8>>, Vec<u8>),
    Floats(VecDeque<Vec<f32>>, Vec<f32>),
}

/// Whether rows are stored as bytes, where `count` wait.
fn as_bytes(samples: Samples, count: u64) -> bool {
    samples == Samples::Bytes && count > FLOATS_MAX
}

impl Held {
    /// An empty queue for at most `count` rows.
    pub fn new(area: Area, samples: Samples, count: u64) -> Self {
        let rows = if as_bytes(samples, count) {
            Waiting::Bytes(VecDeque::new(), Vec::new())
        } else {
            Waiting::Floats(VecDeque::new(), Vec::new())
        };
        Self { pixel: area.pixel, rows }
    }

    /// The memory of `count` rows, in bytes.
    pub fn memory(area: Area, samples: Samples, count: u64) -> u64 {
        let bytes = if as_bytes(samples, count) { 1 } else { 4 };
        // One more, because a row that is popped is reused.
        let count = count.min(area.height.into()) + 1;
        count * (area.samples() * bytes + 32)
    }

    /// Appends a row, whose buffer it may take.
    pub fn push(&mut self, row: &mut Vec<f32>) {
        match &mut self.rows {
            Waiting::Bytes(rows, spare) => {
                let mut bytes = std::mem::take(spare);
                bytes.resize(row.len(), 0);
                store_row(self.pixel, row, &mut bytes);
                rows.push_back(bytes);
            }
            Waiting::Floats(rows, spare) => {
                rows.push_back(std::mem::replace(row, std::mem::take(spare)));
            }
        }
    }

    /// Moves the oldest row to `line`; false if the queue is empty.
    pub fn pop(&mut self, line: &mut Vec<f32>) -> bool {
        match &mut self.rows {
            Waiting::Bytes(rows, spare) => {
                let Some(bytes) = rows.pop_front() else { return false };
                load_row(self.pixel, &bytes, line);
                *spare = bytes;
            }
            Waiting::Floats(rows, spare) => {
                let Some(floats) = rows.pop_front() else { return false };
                *spare = std::mem::replace(line, floats);
            }
        }
        true
    }
}
