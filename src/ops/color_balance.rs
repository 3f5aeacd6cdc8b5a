//! `op_colorbalance=`: increases or reduces red, green and blue. Unsupported.

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed};
use crate::{error::Result, protocol::Args, support::Support};

/// The row of `op_colorbalance=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_colorbalance",
    doc: "r-op-colorbalance",
    syntax: "red,green,blue (−100…100)",
    support: Support::Refused,
    family: Family::Layer,
    applies_to: AppliesTo::Layer,
    parse,
}];

/// A change of each channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ColorBalance {
    /// For red, green and blue, −100 to 100; at least one is not 0.
    pub rgb: [i8; 3],
}

impl Parameters for ColorBalance {}

/// Missing arguments are 0.
fn parse(args: &Args) -> Result<Parsed> {
    let mut rgb = [0; 3];
    for (nth, part) in rgb.iter_mut().enumerate() {
        *part = args.int_within(nth, -100, 100)?.unwrap_or(0) as i8;
    }
    Ok((rgb != [0; 3]).then_some(Op::ColorBalance(ColorBalance { rgb })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Parsed> {
        parse(&Args { command: "op_colorbalance", value })
    }

    #[test]
    fn each_colour_is_brought_into_range_and_may_be_missing() {
        let balance = |rgb| Some(Op::ColorBalance(ColorBalance { rgb }));
        assert_eq!(read("100,-20,5").unwrap(), balance([100, -20, 5]));
        assert_eq!(read("999,,-999").unwrap(), balance([100, 0, -100]));
        assert_eq!(read("7").unwrap(), balance([7, 0, 0]));
        assert!(read("1,2,blue").is_err());
    }

    #[test]
    fn a_balance_of_zeros_has_no_effect() {
        for value in ["", "0", "0,0,0"] {
            assert_eq!(read(value).unwrap(), None, "{value}");
        }
    }
}
