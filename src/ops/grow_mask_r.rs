//! `op_growMaskR=`: dilation or erosion of a mask at its rendered size. Unsupported.

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed, operation::hundred};
use crate::{error::Result, protocol::Args, support::Support};

/// The row of `op_growMaskR=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_growMaskR",
    doc: "r-op-growmaskr",
    syntax: "radius (−100…100)",
    support: Support::Refused,
    family: Family::Layer,
    applies_to: AppliesTo::Mask,
    parse,
}];

/// A dilation, or an erosion if negative. It does not scale with the mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GrowMaskR {
    /// Pixels of the mask at its rendered size, −100 to 100; never 0.
    pub radius: i8,
}

impl Parameters for GrowMaskR {}

fn parse(args: &Args) -> Result<Parsed> {
    Ok(hundred(args)?.map(|radius| Op::GrowMaskR(GrowMaskR { radius })))
}
