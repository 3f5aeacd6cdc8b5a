//! Rows that wait until the rows below them are there.

use std::collections::VecDeque;

use super::{Area, Samples};
use crate::pixel::{PixelFormat, load_row, store_row};

/// Rows in the order they came. Those of 8-bit samples are held as such, which loses nothing.
pub struct Held {
    pixel: PixelFormat,
    rows: Waiting,
}

enum Waiting {
    Bytes(VecDeque<Vec<u8>>, Vec<u8>),
    Floats(VecDeque<Vec<f32>>),
}

impl Held {
    /// None yet.
    pub fn new(area: Area, samples: Samples) -> Self {
        let rows = match samples {
            Samples::Bytes => Waiting::Bytes(VecDeque::new(), Vec::new()),
            Samples::Floats => Waiting::Floats(VecDeque::new()),
        };
        Self { pixel: area.pixel, rows }
    }

    /// Bytes of so many rows.
    pub fn memory(area: Area, samples: Samples, count: u64) -> u64 {
        let bytes = if samples == Samples::Bytes { 1 } else { 4 };
        // What is popped is used again.
        let count = count.min(area.height.into()) + 1;
        count * (area.samples() * bytes + 32)
    }

    /// Takes a row.
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

    /// Gives the oldest row back, if there is one.
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
