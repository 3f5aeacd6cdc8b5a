//! The planes of an image as the format stores them: luma, and chroma of half the size.

use super::predict::Edges;

/// A plane of samples, padded to whole macroblocks with its last samples.
pub struct Plane {
    /// The samples, row by row.
    pub samples: Vec<u8>,
    /// Samples per row.
    pub stride: usize,
}

impl Plane {
    /// The samples around the square at this column and row of squares.
    pub fn edges<const SIDE: usize>(&self, x: usize, y: usize) -> Edges<SIDE> {
        let (left, top) = (x * SIDE, y * SIDE);
        let mut edges = Edges {
            above: [127; SIDE],
            left: [129; SIDE],
            corner: if y > 0 { 129 } else { 127 },
            inside: (y > 0, x > 0),
        };
        if x > 0 {
            let rows = self.samples[top * self.stride..].chunks_exact(self.stride);
            for (to, row) in edges.left.iter_mut().zip(rows) {
                *to = row[left - 1];
            }
        }
        if y > 0 {
            let row = &self.samples[(top - 1) * self.stride..][..self.stride];
            edges.above.copy_from_slice(&row[left..left + SIDE]);
            if x > 0 {
                edges.corner = row[left - 1];
            }
        }
        edges
    }

    /// Replaces the samples of a square.
    pub fn put<const SIDE: usize>(&mut self, x: usize, y: usize, samples: &[[u8; SIDE]; SIDE]) {
        let rows = self.samples[y * SIDE * self.stride..].chunks_exact_mut(self.stride);
        for (row, samples) in rows.zip(samples) {
            row[x * SIDE..][..SIDE].copy_from_slice(samples);
        }
    }
}

/// The planes Y, U and V.
pub struct Planes {
    /// Width and height of the image, in pixels.
    pub size: (usize, usize),
    /// Macroblocks across and down.
    pub macroblocks: (usize, usize),
    /// Luma.
    pub y: Plane,
    /// The blue difference.
    pub u: Plane,
    /// The red difference.
    pub v: Plane,
}

impl Planes {
    /// The planes of an image of this size, in pixels; all samples are 0.
    pub fn new(size: (usize, usize)) -> Self {
        let macroblocks = (size.0.div_ceil(16), size.1.div_ceil(16));
        let plane = |side: usize| {
            let stride = macroblocks.0 * side;
            Plane { samples: vec![0; stride * macroblocks.1 * side], stride }
        };
        Self { size, macroblocks, y: plane(16), u: plane(8), v: plane(8) }
    }

    /// The four samples of luma above the right neighbour of a macroblock. Decoders repeat the last
    /// sample at the right end, and have 127 at the top.
    pub fn above_right(&self, x: usize, y: usize) -> [u8; 4] {
        if y == 0 {
            return [127; 4];
        }
        let row = &self.y.samples[(y * 16 - 1) * self.y.stride..][..self.y.stride];
        std::array::from_fn(|at| row[(x * 16 + 16 + at).min(self.y.stride - 1)])
    }
}
