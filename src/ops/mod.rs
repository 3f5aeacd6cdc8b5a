//! The `op_*` commands: one file each, applied in a fixed order whatever the URL's (D2).

mod chain;
mod gaussian;
mod held;
mod sharpen;
mod usm;

pub use chain::Chain;

use crate::{
    error::Result,
    protocol::Args,
    raster::{PixelType, Raster},
};

/// An operation with its arguments: a change of pixels that keeps the picture's size.
#[derive(Debug, Clone, Copy, PartialEq, Hash)]
pub enum Op {
    /// `op_sharpen=`
    Sharpen(sharpen::Sharpen),
    /// `op_usm=`
    UnsharpMask(usm::UnsharpMask),
}

/// One `op_*` command. No effect (`op_usm=0`) parses to `None`.
#[derive(Debug)]
pub struct Operation {
    /// The command's name as the protocol spells it.
    pub name: &'static str,
    /// Its page in the reference.
    pub doc: &'static str,
    /// Its arguments.
    pub syntax: &'static str,
    /// Reads its arguments.
    pub parse: fn(&Args) -> Result<Parsed>,
}

/// What an operation's arguments ask for; `None` is no effect.
pub type Parsed = Option<Op>;

/// All operations, in the order they are applied (G10: sharpen before unsharp mask).
pub const ORDER: [&Operation; 2] = [&sharpen::OPERATION, &usm::OPERATION];

/// The operations a request asked for, by their place in [`ORDER`].
pub type Ops = [Parsed; ORDER.len()];

/// The rows that operations get, from the first to the last.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// What the samples are: grey or RGB.
    pub pixel: PixelType,
    /// Where the first pixel lies in the view: along the rows, and in their order.
    pub origin: [i64; 2],
}

impl Area {
    /// Samples in a row.
    pub fn samples(&self) -> u64 {
        u64::from(self.width) * self.pixel.samples() as u64
    }
}

/// What an operation does and takes.
trait Filter {
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
enum Samples {
    /// Those of 8 bits, so that they can be held as such.
    Bytes,
    /// Those of another stage.
    Floats,
}

/// An operation at work on rows of `f32`, colours premultiplied. It gives as many as it gets, in
/// the same order.
trait Stage {
    /// Takes the next row. Before the next, all rows are pulled that are done.
    fn push(&mut self, row: &[f32]);

    /// The next row that is done, if there is one.
    fn pull(&mut self, line: &mut Vec<f32>) -> bool;
}

impl Op {
    fn filter(&self) -> &dyn Filter {
        match self {
            Self::Sharpen(sharpen) => sharpen,
            Self::UnsharpMask(mask) => mask,
        }
    }

    /// Changes a picture that is in memory, a row at a time.
    pub fn apply(self, raster: &mut Raster) {
        let Raster { width, height, pixel, .. } = *raster;
        let mut chain = Chain::new(&[self], Area { width, height, pixel, origin: [0, 0] });
        let mut done = 0;
        for y in 0..height {
            chain.push(raster.row(y));
            // Never a row that is still to be read.
            while chain.pull(raster.row_mut(done)) {
                done += 1;
            }
        }
    }
}

/// The operations of layer 0, which is seen `scale` times as large, before those of the view.
/// Sizes count in pixels of what an operation belongs to (G5).
pub fn in_order(layer: &Ops, scale: f64, view: &Ops) -> Vec<Op> {
    let layer = layer.iter().flatten();
    let seen = layer.filter_map(|op| op.filter().reduced(scale.min(1.0)));
    seen.chain(view.iter().flatten().copied()).collect()
}

/// Pixels of surroundings that all of them together read.
pub fn needs(ops: &[Op]) -> u32 {
    ops.iter().map(|op| op.filter().needs()).sum()
}
