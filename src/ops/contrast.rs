//! `op_contrast=`: increases or reduces contrast. Unsupported.

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed, operation::hundred};
use crate::{error::Result, protocol::Args, support::Support};

/// The row of `op_contrast=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_contrast",
    doc: "r-op-contrast",
    syntax: "adj (−100…100)",
    support: Support::Refused,
    family: Family::Layer,
    applies_to: AppliesTo::Layer,
    parse,
}];

/// A change of contrast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Contrast {
    /// −100 to 100, never 0.
    pub percent: i8,
}

impl Parameters for Contrast {}

fn parse(args: &Args) -> Result<Parsed> {
    Ok(hundred(args)?.map(|percent| Op::Contrast(Contrast { percent })))
}
