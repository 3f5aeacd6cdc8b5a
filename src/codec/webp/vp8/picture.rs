//! The samples that luma is predicted from, subblock by subblock.

use super::macroblock::Surroundings;

/// The decoded luma of a macroblock and the samples above and to the left of it.
pub struct Picture([[u8; 32]; 17]);

/// The column of the first sample of the macroblock.
const FIRST: usize = 4;

impl Picture {
    /// Begins a macroblock.
    pub fn new(around: &Surroundings) -> Self {
        let mut rows = [[0; 32]; 17];
        rows[0][FIRST - 1] = around.luma.corner;
        rows[0][FIRST..FIRST + 16].copy_from_slice(&around.luma.above);
        for (row, left) in rows[1..].iter_mut().zip(around.luma.left) {
            row[FIRST - 1] = left;
        }
        // The blocks on the right see the samples above the next macroblock, in all rows.
        for row in [0, 4, 8, 12] {
            rows[row][FIRST + 16..FIRST + 20].copy_from_slice(&around.above_right);
        }
        Self(rows)
    }

    /// The samples around a subblock: left from below, the corner, above to the right.
    pub fn edge(&self, column: usize, row: usize) -> [u8; 13] {
        let (x, y) = (FIRST + column * 4, row * 4);
        let mut edge = [0; 13];
        for (at, edge) in edge[..4].iter_mut().enumerate() {
            *edge = self.0[y + 4 - at][x - 1];
        }
        edge[4..].copy_from_slice(&self.0[y][x - 1..x + 8]);
        edge
    }

    /// Adds a subblock.
    pub fn put(&mut self, column: usize, row: usize, samples: [u8; 16]) {
        let rows = self.0[1 + row * 4..].iter_mut();
        for (to, from) in rows.zip(samples.chunks_exact(4)) {
            to[FIRST + column * 4..][..4].copy_from_slice(from);
        }
    }

    /// The rows of the macroblock.
    pub fn samples(&self) -> [[u8; 16]; 16] {
        let mut out = [[0; 16]; 16];
        for (to, from) in out.iter_mut().zip(&self.0[1..]) {
            to.copy_from_slice(&from[FIRST..FIRST + 16]);
        }
        out
    }
}
