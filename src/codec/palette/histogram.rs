//! Counts the colours of an image in 32 × 32 × 32 cells.

use super::{Alpha, TRANSPARENT, nearest, rgba};
use crate::{pixel::Raster, time_slice::TimeSlice};

/// Cells of a channel, between its least and its greatest value.
pub const CELLS: usize = 32;

/// The pixels of a cell or of several.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    /// The number of pixels.
    pub count: i64,
    /// The sums of red, green and blue.
    pub sums: [i64; 3],
    /// The sum of the squares of all channels.
    pub squares: i64,
}

impl Moments {
    /// Adds other pixels, as often as `times` says.
    #[inline]
    pub fn add(&mut self, other: &Self, times: i64) {
        self.count += times * other.count;
        for (sum, other) in self.sums.iter_mut().zip(other.sums) {
            *sum += times * other;
        }
        self.squares += times * other.squares;
    }

    /// The mean colour, rounded.
    pub fn mean(&self) -> [u8; 3] {
        let count = self.count.max(1);
        self.sums.map(|sum| ((2 * sum + count) / (2 * count)).clamp(0, 255) as u8)
    }

    /// The sum of the squared distances from the mean.
    pub fn error(&self) -> f64 {
        if self.count == 0 {
            return 0.0;
        }
        self.squares as f64 - self.strength()
    }

    /// The squared length of the sum of the colours, per pixel. Two parts of a box are the better
    /// the greater theirs are together.
    pub fn strength(&self) -> f64 {
        let [r, g, b] = self.sums.map(|sum| sum as f64);
        (r * r + g * g + b * b) / self.count.max(1) as f64
    }
}

/// The histogram of the opaque pixels. Cell (r, g, b) is at ((r × 33) + g) × 33 + b, where each
/// number begins with 1: the planes of number 0 are empty.
pub struct Histogram {
    /// The cells.
    pub cells: Vec<Moments>,
}

/// Steps along each axis of the list of cells.
pub const STRIDES: [usize; 3] = [(CELLS + 1) * (CELLS + 1), CELLS + 1, 1];

/// Peak memory of choosing colours, in bytes: the cells, the list of those in use, and then that
/// list with the look-up.
pub fn memory(pixels: u64) -> u64 {
    let cell = size_of::<Moments>() as u64;
    let list = pixels.min((CELLS * CELLS * CELLS) as u64) * cell;
    let all = STRIDES[0] as u64 * (CELLS as u64 + 1) * cell;
    list + all.max(nearest::MEMORY)
}

impl Histogram {
    /// Counts the pixels of an image.
    pub async fn of(raster: &Raster, slice: &mut TimeSlice<'_>) -> Self {
        let (stride, samples) = (raster.stride().max(1), raster.pixel.samples());
        let [mut least, mut most] = [[255_u8; 3], [0; 3]];
        for row in raster.data.chunks_exact(stride) {
            for pixel in row.chunks_exact(samples) {
                let color = rgba(pixel, Alpha::Key);
                if color == TRANSPARENT {
                    continue;
                }
                for (nth, (least, most)) in least.iter_mut().zip(&mut most).enumerate() {
                    (*least, *most) = ((*least).min(color[nth]), (*most).max(color[nth]));
                }
            }
            slice.spend(raster.width.into()).await;
        }
        let offsets: [[usize; 256]; 3] = std::array::from_fn(|nth| {
            let (least, range) = (usize::from(least[nth]), usize::from(most[nth]) + 1);
            let range = range.saturating_sub(least).max(1);
            std::array::from_fn(|value| {
                let cell = value.saturating_sub(least) * CELLS / range;
                (cell.min(CELLS - 1) + 1) * STRIDES[nth]
            })
        });
        let mut cells = vec![Moments::default(); STRIDES[0] * (CELLS + 1)];
        for row in raster.data.chunks_exact(stride) {
            for pixel in row.chunks_exact(samples) {
                let color = rgba(pixel, Alpha::Key);
                if color == TRANSPARENT {
                    continue;
                }
                let [r, g, b] = [0, 1, 2].map(|nth| offsets[nth][usize::from(color[nth])]);
                if let Some(cell) = cells.get_mut(r + g + b) {
                    let sums = [0, 1, 2].map(|nth| i64::from(color[nth]));
                    let squares = sums.iter().map(|value| value * value).sum();
                    cell.add(&Moments { count: 1, sums, squares }, 1);
                }
            }
            slice.spend(raster.width.into()).await;
        }
        Self { cells }
    }

    /// The cells that have pixels.
    pub fn used(&self) -> Vec<Moments> {
        let used = || self.cells.iter().filter(|cell| cell.count > 0);
        let mut list = Vec::with_capacity(used().count());
        list.extend(used().copied());
        list
    }

    /// Replaces each cell by the sum of all cells up to it along all axes.
    pub fn accumulate(&mut self) {
        for stride in STRIDES {
            for at in stride..self.cells.len() {
                // The first plane along the axis is empty, so no sum runs into the next line.
                if at / stride % (CELLS + 1) > 0 {
                    let before = self.cells.get(at - stride).copied().unwrap_or_default();
                    if let Some(cell) = self.cells.get_mut(at) {
                        cell.add(&before, 1);
                    }
                }
            }
        }
    }
}
