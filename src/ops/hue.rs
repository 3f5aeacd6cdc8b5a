//! `op_hue=`: rotates the hue of each pixel. Unsupported.

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed};
use crate::{error::Result, protocol::Args, support::Support};

/// The row of `op_hue=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_hue",
    doc: "r-op-hue",
    syntax: "adj (−180…180)",
    support: Support::Refused,
    family: Family::Layer,
    applies_to: AppliesTo::Layer,
    parse,
}];

/// A rotation of the hue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hue {
    /// −180 to 180, never 0.
    pub degrees: i16,
}

impl Parameters for Hue {}

fn parse(args: &Args) -> Result<Parsed> {
    let degrees = args.int_within(0, -180, 180)?.unwrap_or(0) as i16;
    Ok((degrees != 0).then_some(Op::Hue(Hue { degrees })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Parsed> {
        parse(&Args { command: "op_hue", value })
    }

    fn degrees(value: &str) -> Option<i16> {
        let Some(Op::Hue(Hue { degrees })) = read(value).unwrap() else { return None };
        Some(degrees)
    }

    #[test]
    fn a_turn_is_a_whole_number_brought_into_range() {
        assert_eq!([degrees("30"), degrees("-7.5")], [Some(30), Some(-7)]);
        assert_eq!([degrees("999"), degrees("-999")], [Some(180), Some(-180)]);
        assert!(read("much").is_err());
    }

    #[test]
    fn a_turn_of_zero_or_none_has_no_effect() {
        assert_eq!([degrees(""), degrees("0"), degrees("0.4")], [None; 3]);
    }
}
