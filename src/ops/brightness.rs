//! `op_brightness=`: makes an image lighter or darker. Unsupported.

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed, operation::hundred};
use crate::{error::Result, protocol::Args, support::Support};

/// The row of `op_brightness=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_brightness",
    doc: "r-op-brightness",
    syntax: "adj (−100…100)",
    support: Support::Refused,
    family: Family::Layer,
    applies_to: AppliesTo::Layer,
    parse,
}];

/// A change of brightness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Brightness {
    /// −100 to 100, never 0.
    pub change: i8,
}

impl Parameters for Brightness {}

fn parse(args: &Args) -> Result<Parsed> {
    Ok(hundred(args)?.map(|change| Op::Brightness(Brightness { change })))
}
