//! What a drawn operation does to the rows of a picture, and what the plan counts for it.

use super::Parsed;
use crate::pixel::PixelFormat;

/// The rows that operations get, from the first to the last.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// What the samples are: grey or RGB.
    pub pixel: PixelFormat,
    /// Where the first pixel lies in the view: along the rows, and in their order.
    pub origin: [i64; 2],
}

impl Area {
    /// Samples in a row.
    pub fn samples(&self) -> u64 {
        u64::from(self.width) * self.pixel.samples() as u64
    }
}

/// The arguments of an operation.
pub trait Parameters {
    /// What they do to a picture; `None` as long as the row is refused.
    fn filter(&self) -> Option<&dyn Filter> {
        None
    }
}

/// What an operation does and takes.
pub trait Filter {
    /// Pixels of surroundings that it reads; the plan draws that much more.
    fn needs(&self) -> u32;

    /// The same for a picture that is seen `factor` times as large, from 0 to 1; `None` where
    /// nothing of it would be seen.
    fn reduced(&self, factor: f64) -> Parsed;

    /// Bytes that its stage holds at most.
    fn memory(&self, area: Area, samples: Samples) -> u64;

    /// The work of a pixel, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    fn work(&self) -> u64;

    /// What the rows of an area go through.
    fn stage(&self, area: Area, samples: Samples) -> Box<dyn Stage>;
}

/// What the samples are of the rows that a stage gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Samples {
    /// Those of 8 bits, so that they can be held as such.
    Bytes,
    /// Those of another stage.
    Floats,
}

/// An operation at work on rows of `f32`, colours premultiplied. It gives as many as it gets, in
/// the same order.
pub trait Stage {
    /// Takes the next row. Before the next, all rows are pulled that are done.
    fn push(&mut self, row: &[f32]);

    /// The next row that is done, if there is one.
    fn pull(&mut self, line: &mut Vec<f32>) -> bool;
}
