//! The `op_*` commands: one file each, with its rows, its parameters and its filter.
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
mod morphology;
mod noise;
mod operation;
mod points;
mod saturation;
mod sharpen;
mod tone;
mod usm;

pub use chain::Chain;
pub use filter::Area;
use filter::{Filter, Samples, Stage};
pub use operation::{AppliesTo, Family, Operation, Parsed, find};
pub use tone::Tone;

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
            /// The filter that applies it.
            fn filter(&self) -> &dyn Filter {
                match self {
                    $(Self::$name(parameters) => parameters,)*
                }
            }
        }

        /// The rows of all operations. A second row of one operation is another name of it.
        pub const ALL: &[&[Operation]] = &[$($file::ROWS),*];
    };
}

// Operations are applied in this order (D2): those of the mask first, sharpening last (G10).
operations! {
    GrowMask in grow_mask,
    GrowMaskR in grow_mask_r,
    Invert in invert,
    Brightness in brightness,
    Contrast in contrast,
    Hue in hue,
    Saturation in saturation,
    ColorBalance in color_balance,
    Colorize in colorize,
    Grow in grow,
    Blur in blur,
    Noise in noise,
    Sharpen in sharpen,
    UnsharpMask in usm,
}

/// The operations of a request, by their index in [`ALL`].
pub type Ops = [Parsed; ALL.len()];

impl Op {
    /// Applies the operation to an image in memory, a row at a time.
    pub fn apply(self, raster: &mut Raster) {
        let Raster { width, height, pixel, .. } = *raster;
        let tone = if self.filter().needs_tone() { Tone::of(raster) } else { Tone::default() };
        let area = Area { tone, ..Area::new(width, height, pixel) };
        let mut chain = Chain::new(&[self], area);
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

/// The operations of a layer, those of the composite, then those of the view, as they apply to
/// pixels of the view; those of masks are left out. `scale` is the size of a pixel of the composite
/// in the view. Lengths are in pixels of the image that an operation belongs to (E7, G5), so those of
/// the layer and of the composite are scaled. `view` is the size of a pixel of the view: 1 unless
/// it is the view of a nested request.
pub fn in_order(layer: &Ops, scale: f64, composite: &Ops, view: f64) -> Vec<Op> {
    let of_layer = given(layer).filter(|(_, applies_to)| *applies_to != AppliesTo::Mask);
    let (of_view, of_composite): (Vec<_>, Vec<_>) =
        given(composite).partition(|(_, applies_to)| *applies_to == AppliesTo::LayerOrView);
    let scaled = of_layer.chain(of_composite).filter_map(|(op, _)| op.filter().scaled(scale));
    let of_view = of_view.into_iter().filter_map(|(op, _)| op.filter().scaled(view));
    scaled.chain(of_view).collect()
}

/// The operations of a layer's mask, which come before all others. `scale` is the size of a pixel of
/// the full-resolution mask in the view.
pub fn of_mask(layer: &Ops, scale: f64) -> Vec<Op> {
    let of_mask = given(layer).filter(|(_, applies_to)| *applies_to == AppliesTo::Mask);
    of_mask.filter_map(|(op, _)| op.filter().scaled(scale)).collect()
}

/// The operations that are given, in order, with what they apply to.
fn given(ops: &Ops) -> impl Iterator<Item = (&Op, AppliesTo)> {
    let rows = ALL.iter().filter_map(|rows| rows.first());
    ops.iter().zip(rows).filter_map(|(op, row)| Some((op.as_ref()?, row.applies_to)))
}

/// The margin in pixels that all operations together read around a region.
pub fn needs(ops: &[Op]) -> u32 {
    ops.iter().map(|op| op.filter().needs()).sum()
}

/// Whether an operation needs the tones of the whole image.
pub fn need_tone(ops: &[Op]) -> bool {
    ops.iter().any(|op| op.filter().needs_tone())
}

/// Whether an operation makes colours of grey, so that a grey image becomes RGB before.
pub fn make_color(ops: &[Op]) -> bool {
    ops.iter().any(|op| op.filter().makes_color())
}

/// Whether an operation is one of RGB, so that inks become RGB before.
pub fn need_rgb<'a>(ops: impl IntoIterator<Item = &'a Op>) -> bool {
    ops.into_iter().any(|op| op.filter().needs_rgb())
}
