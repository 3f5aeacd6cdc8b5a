//! `op_growMask=`: dilation or erosion of a mask. Unsupported.

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed, operation::hundred};
use crate::{error::Result, protocol::Args, support::Support};

/// The row of `op_growMask=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_growMask",
    doc: "r-op-growmask",
    syntax: "radius (−100…100)",
    support: Support::Refused,
    family: Family::Layer,
    applies_to: AppliesTo::Mask,
    parse,
}];

/// A dilation, or an erosion if negative. It scales with the mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GrowMask {
    /// Pixels of the full-resolution mask, −100 to 100; never 0.
    pub radius: i8,
}

impl Parameters for GrowMask {}

fn parse(args: &Args) -> Result<Parsed> {
    Ok(hundred(args)?.map(|radius| Op::GrowMask(GrowMask { radius })))
}
