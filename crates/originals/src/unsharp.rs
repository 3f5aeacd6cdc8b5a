//! Sharpening the small levels of a pyramid.

use azulejo::{
    geometry::{Size, SourceSpace},
    ops::{self, Op},
    protocol::Args,
    pyramid::write::LevelFilter,
};

use crate::Unreadable;

/// An unsharp mask for the levels smaller than half size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unsharp {
    /// Strength, 0 to 5.
    pub amount: f64,
    /// Radius in pixels of the level, 0 to 250.
    pub radius: f64,
    /// Differences below this many 8-bit levels are left unchanged, 0 to 255.
    pub threshold: u8,
}

impl Unsharp {
    /// The filter that `op_usm=` with the same numbers applies. `None` if it changes nothing.
    pub(crate) fn level_filter(self) -> Result<Option<LevelFilter>, Unreadable> {
        let value = format!("{},{},{}", self.amount, self.radius, self.threshold);
        let args = Args { command: "op_usm", value: &value };
        let Some(mask) = ops::find(args.command) else { return Ok(None) };
        let apply = |op: Op| LevelFilter::new(move |plane| op.apply(plane));
        Ok((mask.parse)(&args)?.map(apply))
    }

    /// Bytes of memory that the filter needs for a picture of this size. The filtered levels, a
    /// quarter as wide and high or smaller, stay in memory until they are complete.
    pub fn memory(size: Size<SourceSpace>) -> u64 {
        size.pixels().saturating_mul(4) / 8 + u64::from(size.width) * 64
    }
}
