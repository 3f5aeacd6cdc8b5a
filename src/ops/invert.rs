//! `op_invert=`: inverts an image. Unsupported.

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed};
use crate::{error::Result, protocol::Args, support::Support};

/// The row of `op_invert=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_invert",
    doc: "r-op-invert",
    syntax: "0|1",
    support: Support::Refused,
    family: Family::Layer,
    applies_to: AppliesTo::Layer,
    parse,
}];

/// Inversion has no parameters: its only argument is the switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Invert;

impl Parameters for Invert {}

fn parse(args: &Args) -> Result<Parsed> {
    Ok(args.switch(0)?.unwrap_or(false).then_some(Op::Invert(Invert)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switch_is_off_unless_it_is_set() {
        let read = |value| parse(&Args { command: "op_invert", value });
        for value in ["", "0", "off"] {
            assert_eq!(read(value).unwrap(), None, "{value}");
        }
        for value in ["1", "on", "2"] {
            assert_eq!(read(value).unwrap(), Some(Op::Invert(Invert)), "{value}");
        }
        assert!(read("yes").is_err());
    }
}
