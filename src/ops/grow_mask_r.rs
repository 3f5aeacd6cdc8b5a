//! `op_growMaskR=`: dilation or erosion of a mask as it is drawn. Unsupported.

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed};
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
    /// Pixels of the mask as it is drawn, −100 to 100; never 0.
    pub radius: i8,
}

impl Parameters for GrowMaskR {}

fn parse(args: &Args) -> Result<Parsed> {
    let radius = args.int_within(0, -100, 100)?.unwrap_or(0) as i8;
    Ok((radius != 0).then_some(Op::GrowMaskR(GrowMaskR { radius })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Parsed> {
        parse(&Args { command: "op_growMaskR", value })
    }

    fn radius(value: &str) -> Option<i8> {
        let Some(Op::GrowMaskR(GrowMaskR { radius })) = read(value).unwrap() else { return None };
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
