//! `op_saturation=`: increases or reduces saturation. Unsupported.

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed, operation::hundred};
use crate::{error::Result, protocol::Args, support::Support};

/// The row of `op_saturation=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_saturation",
    doc: "r-op-saturation",
    syntax: "adj (−100…100)",
    support: Support::Refused,
    family: Family::Layer,
    applies_to: AppliesTo::Layer,
    parse,
}];

/// A change of saturation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Saturation {
    /// −100, which gives grey, to 100; never 0.
    pub change: i8,
}

impl Parameters for Saturation {}

fn parse(args: &Args) -> Result<Parsed> {
    Ok(hundred(args)?.map(|change| Op::Saturation(Saturation { change })))
}
