//! `op_brightness=`: makes an image lighter or darker. Unsupported.

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed};
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
    let change = args.int_within(0, -100, 100)?.unwrap_or(0) as i8;
    Ok((change != 0).then_some(Op::Brightness(Brightness { change })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Parsed> {
        parse(&Args { command: "op_brightness", value })
    }

    fn change(value: &str) -> Option<i8> {
        let Some(Op::Brightness(Brightness { change })) = read(value).unwrap() else { return None };
        Some(change)
    }

    #[test]
    fn a_change_is_a_whole_number_brought_into_range() {
        assert_eq!([change("30"), change("-7.5")], [Some(30), Some(-7)]);
        assert_eq!([change("999"), change("-999")], [Some(100), Some(-100)]);
        assert!(read("much").is_err());
    }

    #[test]
    fn a_change_of_zero_or_none_has_no_effect() {
        assert_eq!([change(""), change("0"), change("0.4")], [None; 3]);
    }
}
