//! `op_grow=`: morphological dilation or erosion. Unsupported.

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed, operation::hundred};
use crate::{error::Result, protocol::Args, support::Support};

/// The row of `op_grow=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_grow",
    doc: "r-op-grow",
    syntax: "radius (−100…100)",
    support: Support::Refused,
    family: Family::Effect,
    applies_to: AppliesTo::LayerOrEffect,
    parse,
}];

/// A dilation, or an erosion if negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grow {
    /// Pixels of the composite image, −100 to 100; never 0.
    pub radius: i8,
}

impl Parameters for Grow {}

fn parse(args: &Args) -> Result<Parsed> {
    Ok(hundred(args)?.map(|radius| Op::Grow(Grow { radius })))
}
