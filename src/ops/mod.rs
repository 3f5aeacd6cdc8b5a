//! The `op_*` commands: one file each, with its rows, its parameters and, if it is supported, its
//! filter.
//!
//! They are always applied in the same order, whatever their order in the URL (D2).

mod blur;
mod brightness;
mod chain;
mod color_balance;
mod colorize;
mod contrast;
mod filter;
mod gaussian;
mod grow;
mod grow_mask;
mod grow_mask_r;
mod held;
mod hue;
mod invert;
mod noise;
mod operation;
mod saturation;
mod sharpen;
mod usm;

pub use chain::Chain;
pub use filter::Area;
use filter::{Filter, Parameters, Samples, Stage};
pub use operation::{AppliesTo, Family, Operation, Parsed, find};

use crate::pixel::Raster;

/// Defines the table [`ALL`] and the enum [`Op`]: a variant for the parameters of each file.
macro_rules! operations {
    ($($name:ident in $file:ident,)*) => {
        /// An operation with its parameters: plain data, which the row's `parse` makes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Op {
            $(#[doc = concat!("Of `ops/", stringify!($file), ".rs`.")] $name($file::$name),)*
        }

        impl Op {
            /// The filter that applies it; `None` if its row is unsupported.
            fn filter(&self) -> Option<&dyn Filter> {
                match self {
                    $(Self::$name(parameters) => parameters.filter(),)*
                }
            }
        }

        /// The rows of all operations. A second row of one operation is another name of it.
        pub const ALL: &[&[Operation]] = &[$($file::ROWS),*];
    };
}

// Supported operations are applied in this order (G10: sharpen before unsharp mask).
operations! {
    Grow in grow,
    Blur in blur,
    Noise in noise,
    Invert in invert,
    Brightness in brightness,
    Contrast in contrast,
    Hue in hue,
    Saturation in saturation,
    ColorBalance in color_balance,
    Colorize in colorize,
    GrowMask in grow_mask,
    GrowMaskR in grow_mask_r,
    Sharpen in sharpen,
    UnsharpMask in usm,
}

/// The operations of a request, by their index in [`ALL`].
pub type Ops = [Parsed; ALL.len()];

impl Op {
    /// Applies the operation to an image in memory, a row at a time.
    pub fn apply(self, raster: &mut Raster) {
        let Raster { width, height, pixel, .. } = *raster;
        let mut chain = Chain::new(&[self], Area { width, height, pixel, origin: [0, 0] });
        let mut done = 0;
        for y in 0..height {
            chain.push(raster.row(y));
            // `done` never passes a row that is still to be read.
            while chain.pull(raster.row_mut(done)) {
                done += 1;
            }
        }
    }
}

/// The supported operations of layer 0, then those of the view. `scale` is the size of layer 0 in
/// the view. Lengths are in pixels of the image that an operation belongs to (G5), so those of
/// layer 0 are scaled.
pub fn in_order(layer: &Ops, scale: f64, view: &Ops) -> Vec<Op> {
    let layer = layer.iter().flatten().filter_map(Op::filter);
    let seen = layer.filter_map(|filter| filter.reduced(scale.min(1.0)));
    let view = view.iter().flatten().filter(|op| op.filter().is_some());
    seen.chain(view.copied()).collect()
}

/// The margin in pixels that all operations together read around a region.
pub fn needs(ops: &[Op]) -> u32 {
    ops.iter().filter_map(Op::filter).map(Filter::needs).sum()
}
