//! The `op_*` commands: one file each, applied in a fixed order whatever the URL's (D2).

mod blur;
mod gaussian;
mod reduced;
mod sharpen;
mod usm;

use std::{fmt, rc::Rc};

use crate::{
    error::Result,
    protocol::Args,
    raster::Raster,
    time_slice::{TimeSlice, Work},
};

/// A change of pixels that keeps the picture's size.
pub trait Adjust: fmt::Debug {
    /// How many pixels beyond a pixel its result depends on; the plan renders that much more.
    fn reach(&self) -> u32;

    /// The same for a picture that is seen `factor` times as large, from 0 to 1; `None` where
    /// nothing of it would be seen.
    fn reduced(self: Rc<Self>, factor: f64) -> Parsed;

    /// Bytes it needs besides the raster, of this width and channels: some rows.
    fn memory(&self, width: u32, channels: usize) -> u64;

    /// Changes the raster in place, whose first pixel lies at `origin` (x, y) of the view.
    fn apply<'a>(
        &'a self,
        raster: &'a mut Raster,
        origin: [i64; 2],
        slice: &'a mut TimeSlice<'_>,
    ) -> Work<'a>;
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
pub type Parsed = Option<Rc<dyn Adjust>>;

/// All operations, in the order they are applied (G10: sharpen before unsharp mask).
pub const ORDER: [&Operation; 2] = [&sharpen::OPERATION, &usm::OPERATION];

/// The operations a request asked for, by their place in [`ORDER`].
pub type Adjustments = [Parsed; ORDER.len()];

/// The operations of layer 0, which is seen `scale` times as large, before those of the view.
/// Sizes count in pixels of what an operation belongs to (G5).
pub fn in_order(layer: &Adjustments, scale: f64, view: &Adjustments) -> Vec<Rc<dyn Adjust>> {
    let layer = layer.iter().flatten().cloned();
    let seen = layer.filter_map(|adjust| adjust.reduced(scale.min(1.0)));
    seen.chain(view.iter().flatten().cloned()).collect()
}

/// Pixels of surroundings that all of them together depend on.
pub fn reach(adjustments: &[Rc<dyn Adjust>]) -> u32 {
    adjustments.iter().map(|adjust| adjust.reach()).sum()
}
