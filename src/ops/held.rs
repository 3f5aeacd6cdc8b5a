//! Rows that wait until the rows below them have arrived.

use std::collections::VecDeque;

use super::{Area, Samples};
use crate::pixel::{PixelFormat, load_row, store_row};

/// A queue of rows. Rows of 8-bit samples are stored as bytes, without loss.
pub struct Held {
    pixel: PixelFormat,
    rows: Waiting,
}

enum Waiting {
    Bytes(VecDeque<Vec<u8>>, Vec<u8>),
    Floats(VecDeque<Vec<f32>>),
}

impl Held {
    /// An empty queue.
    pub fn new(area: Area, samples: Samples) -> Self {
        let rows = match samples {
            Samples::Bytes => Waiting::Bytes(VecDeque::new(), Vec::new()),
            Samples::Floats => Waiting::Floats(VecDeque::new()),
        };
        Self { pixel: area.pixel, rows }
    }

    /// The memory of `count` rows, in bytes.
    pub fn memory(area: Area, samples: Samples, count: u64) -> u64 {
        let bytes = if samples == Samples::Bytes { 1 } else { 4 };
        // One more, because a row that is popped is reused.
        let count = count.min(area.height.into()) + 1;
        count * (area.samples() * bytes + 32)
    }

    /// Appends a row.
    pub fn push(&mut self, row: &[f32]) {
        match &mut self.rows {
            Waiting::Bytes(rows, spare) => {
                let mut bytes = std::mem::take(spare);
                bytes.resize(row.len(), 0);
                store_row(self.pixel, row, &mut bytes);
                rows.push_back(bytes);
            }
            Waiting::Floats(rows) => rows.push_back(row.to_vec()),
        }
    }

    /// Moves the oldest row to `line`; false if the queue is empty.
    pub fn pop(&mut self, line: &mut Vec<f32>) -> bool {
        match &mut self.rows {
            Waiting::Bytes(rows, spare) => {
                let Some(bytes) = rows.pop_front() else { return false };
                load_row(self.pixel, &bytes, line);
                *spare = bytes;
                true
            }
            Waiting::Floats(rows) => rows.pop_front().map(|row| *line = row).is_some(),
        }
    }
}
