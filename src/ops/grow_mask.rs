//! `op_growMask=`: dilation or erosion of a mask. Unsupported.

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed};
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
    let radius = args.int_within(0, -100, 100)?.unwrap_or(0) as i8;
    Ok((radius != 0).then_some(Op::GrowMask(GrowMask { radius })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Parsed> {
        parse(&Args { command: "op_growMask", value })
    }

    fn radius(value: &str) -> Option<i8> {
        let Some(Op::GrowMask(GrowMask { radius })) = read(value).unwrap() else { return None };
        Some(radius)
    }

    #[test]
    fn a_radius_is_a_whole_number_brought_into_range() {
        assert_eq!([radius("30"), radius("-7.5")], [Some(30), Some(-7)]);
        assert_eq!([radius("999"), radius("-999")], [Some(100), Some(-100)]);
        assert!(read("much").is_err());
    }

    #[test]
    fn a_radius_of_zero_or_none_has_no_effect() {
        assert_eq!([radius(""), radius("0"), radius("0.4")], [None; 3]);
    }
}
