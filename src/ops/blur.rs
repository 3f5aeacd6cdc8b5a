//! `op_blur=`: blurs an image or feathers an effect. Unsupported.

use std::hash::{Hash, Hasher};

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed};
use crate::{error::Result, protocol::Args, support::Support};

/// The row of `op_blur=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_blur",
    doc: "r-op-blur",
    syntax: "radius (0…100)",
    support: Support::Refused,
    family: Family::Effect,
    applies_to: AppliesTo::LayerOrEffect,
    parse,
}];

/// A blur.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blur {
    /// Pixels of the composite image, greater than 0, at most 100.
    pub radius: f64,
}

// No field is NaN, because parsing refuses it.
impl Eq for Blur {}

impl Hash for Blur {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.radius.to_bits().hash(state);
    }
}

impl Parameters for Blur {}

fn parse(args: &Args) -> Result<Parsed> {
    let radius = args.within(0, 0.0, 100.0)?.unwrap_or(0.0);
    Ok((radius > 0.0).then_some(Op::Blur(Blur { radius })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Parsed> {
        parse(&Args { command: "op_blur", value })
    }

    #[test]
    fn a_radius_is_a_number_brought_into_range() {
        for (value, radius) in [("0.25", 0.25), ("20", 20.0), ("101", 100.0)] {
            assert_eq!(read(value).unwrap(), Some(Op::Blur(Blur { radius })), "{value}");
        }
        assert!(read("soft").is_err());
    }

    #[test]
    fn a_radius_of_zero_or_none_has_no_effect() {
        for value in ["", "0", "-3"] {
            assert_eq!(read(value).unwrap(), None, "{value}");
        }
    }
}
