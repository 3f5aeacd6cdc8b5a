//! `op_contrast=`: increases or reduces contrast. Unsupported.

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed};
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
    let percent = args.int_within(0, -100, 100)?.unwrap_or(0) as i8;
    Ok((percent != 0).then_some(Op::Contrast(Contrast { percent })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Parsed> {
        parse(&Args { command: "op_contrast", value })
    }

    fn percent(value: &str) -> Option<i8> {
        let Some(Op::Contrast(Contrast { percent })) = read(value).unwrap() else { return None };
        Some(percent)
    }

    #[test]
    fn a_percentage_is_a_whole_number_brought_into_range() {
        assert_eq!([percent("30"), percent("-7.5")], [Some(30), Some(-7)]);
        assert_eq!([percent("999"), percent("-999")], [Some(100), Some(-100)]);
        assert!(read("much").is_err());
    }

    #[test]
    fn a_percentage_of_zero_or_none_has_no_effect() {
        assert_eq!([percent(""), percent("0"), percent("0.4")], [None; 3]);
    }
}
