//! The planes of an image as the format stores them: luma, and chroma of half the size.

use super::predict::Edges;
use crate::pixel::Raster;

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
    /// Converts a raster of greys or RGB; alpha is left out.
    pub fn new(raster: &Raster) -> Self {
        let size = (raster.width as usize, raster.height as usize);
        let macroblocks = (size.0.div_ceil(16), size.1.div_ceil(16));
        let plane = |side: usize| {
            let stride = macroblocks.0 * side;
            Plane { samples: vec![0; stride * macroblocks.1 * side], stride }
        };
        let mut planes = Self { size, macroblocks, y: plane(16), u: plane(8), v: plane(8) };
        planes.fill(raster);
        planes
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

    fn fill(&mut self, raster: &Raster) {
        let (samples, stride) = (raster.pixel.samples(), self.y.stride);
        // The channels of two rows of pixels, repeated up to whole macroblocks.
        let mut channels = [0; 3].map(|_: i32| vec![0_u8; stride * 2]);
        let lumas = self.y.samples.chunks_exact_mut(stride * 2);
        let chromas = self.u.samples.chunks_exact_mut(self.u.stride);
        let chromas = chromas.zip(self.v.samples.chunks_exact_mut(self.v.stride));
        for (pair, (luma, (u, v))) in lumas.zip(chromas).enumerate() {
            let [reds, greens, blues] = &mut channels;
            for nth in 0..2 {
                let row = raster.row((pair * 2 + nth).min(self.size.1 - 1) as u32);
                let range = nth * stride..(nth + 1) * stride;
                let to = reds[range.clone()].iter_mut().zip(&mut greens[range.clone()]);
                let to = to.zip(&mut blues[range.clone()]);
                for (((red, green), blue), pixel) in to.zip(row.chunks_exact(samples)) {
                    (*red, *green, *blue) = match *pixel {
                        [red, green, blue, ..] => (red, green, blue),
                        [gray, ..] => (gray, gray, gray),
                        [] => (0, 0, 0),
                    };
                }
                for channel in [&mut *reds, &mut *greens, &mut *blues] {
                    let row = &mut channel[range.clone()];
                    let last = row[self.size.0 - 1];
                    row[self.size.0..].fill(last);
                }
            }
            let pixels = reds.iter().zip(&*greens).zip(&*blues);
            for (to, ((red, green), blue)) in luma.iter_mut().zip(pixels) {
                *to = luma_of([*red, *green, *blue]);
            }
            let sums = channels.each_ref().map(|channel| {
                let (above, below) = channel.split_at(stride);
                above.chunks_exact(2).zip(below.chunks_exact(2)).map(|(above, below)| {
                    [above[0], above[1], below[0], below[1]].map(i32::from).iter().sum::<i32>()
                })
            });
            let [reds, greens, blues] = sums;
            let sums = reds.zip(greens).zip(blues);
            for ((u, v), ((red, green), blue)) in u.iter_mut().zip(v).zip(sums) {
                [*u, *v] = chroma_of([red, green, blue]);
            }
        }
    }
}

/// Luma of BT.601 in the range 16 to 235, in units of 2⁻¹⁶.
#[inline]
fn luma_of([red, green, blue]: [u8; 3]) -> u8 {
    let sum = 16839 * i32::from(red) + 33059 * i32::from(green) + 6420 * i32::from(blue);
    ((sum + (16 << 16) + (1 << 15)) >> 16) as u8
}

/// Chroma of BT.601 in the range 16 to 240, from the sums of four pixels.
#[inline]
fn chroma_of([red, green, blue]: [i32; 3]) -> [u8; 2] {
    let u = -9719 * red - 19081 * green + 28800 * blue;
    let v = 28800 * red - 24116 * green - 4684 * blue;
    [u, v].map(|sum| ((sum + (128 << 18) + (1 << 17)) >> 18).clamp(0, 255) as u8)
}
