//! What a supported operation does to rows of pixels, and what the plan counts for it.

use super::Parsed;
use crate::pixel::PixelFormat;

/// The region of an image that an operation processes, row by row from the top.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    /// Pixels in a row.
    pub width: u32,
    /// The number of rows.
    pub height: u32,
    /// The pixel format: grey or RGB, with or without alpha.
    pub pixel: PixelFormat,
    /// Position of the first pixel in the view: x, y.
    pub origin: [i64; 2],
}

impl Area {
    /// The number of samples in a row.
    pub fn samples(&self) -> u64 {
        u64::from(self.width) * self.pixel.samples() as u64
    }
}

/// The parsed arguments of an operation.
pub trait Parameters {
    /// The filter that applies them; `None` if the operation is unsupported.
    fn filter(&self) -> Option<&dyn Filter> {
        None
    }
}

/// An operation's effect and its cost.
pub trait Filter {
    /// The margin in pixels that it reads around a region; the plan adds it to the region.
    fn needs(&self) -> u32;

    /// The same operation for an image scaled by `factor`, from 0 to 1; `None` if it would have no
    /// visible effect.
    fn reduced(&self, factor: f64) -> Parsed;

    /// The peak memory of its stage, in bytes.
    fn memory(&self, area: Area, samples: Samples) -> u64;

    /// The work per pixel, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    fn work(&self) -> u64;

    /// Starts the operation on the rows of an area.
    fn stage(&self, area: Area, samples: Samples) -> Box<dyn Stage>;
}

/// The samples of the rows that a stage gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Samples {
    /// 8-bit samples as floats, which can be stored as bytes without loss.
    Bytes,
    /// Floats from another stage.
    Floats,
}

/// A running operation on rows of `f32` with premultiplied colours. It returns as many rows as it
/// gets, in the same order.
pub trait Stage {
    /// Accepts the next row. Pull all finished rows before the next call.
    fn push(&mut self, row: &[f32]);

    /// Moves the next finished row to `line`; false if none is finished.
    fn pull(&mut self, line: &mut Vec<f32>) -> bool;
}
