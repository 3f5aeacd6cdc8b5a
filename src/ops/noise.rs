//! `op_noise=`: adds random noise. Unsupported.

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed};
use crate::{error::Result, protocol::Args, support::Support};

/// The row of `op_noise=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_noise",
    doc: "r-op-noise",
    syntax: "val[,uniform|gaussian[,monochrome]] (0…100)",
    support: Support::Refused,
    family: Family::Effect,
    applies_to: AppliesTo::LayerOrEffect,
    parse,
}];

/// The amount and kind of noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Noise {
    /// The amount, 1 to 100 %.
    pub amount: u8,
    /// Whether the noise is Gaussian instead of uniform.
    pub gaussian: bool,
    /// Whether all channels of a pixel get the same noise.
    pub monochrome: bool,
}

impl Parameters for Noise {}

fn parse(args: &Args) -> Result<Parsed> {
    let amount = args.int_within(0, 0, 100)?.unwrap_or(0) as u8;
    let gaussian = args.keyword(1, &[("uniform", false), ("gaussian", true)])?.unwrap_or(false);
    let monochrome = args.switch(2)?.unwrap_or(false);
    Ok((amount > 0).then_some(Op::Noise(Noise { amount, gaussian, monochrome })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Parsed> {
        parse(&Args { command: "op_noise", value })
    }

    #[test]
    fn noise_is_uniform_and_coloured_unless_it_says_otherwise() {
        let noise =
            |amount, gaussian, monochrome| Some(Op::Noise(Noise { amount, gaussian, monochrome }));
        assert_eq!(read("30").unwrap(), noise(30, false, false));
        assert_eq!(read("30,Gaussian,1").unwrap(), noise(30, true, true));
        assert_eq!(read("300,,1").unwrap(), noise(100, false, true));
    }

    #[test]
    fn no_noise_has_no_effect_but_its_arguments_are_checked() {
        for value in ["", "0", "-5", "0,gaussian,1"] {
            assert_eq!(read(value).unwrap(), None, "{value}");
        }
        for value in ["loud", "0,poisson", "0,uniform,maybe"] {
            assert!(read(value).is_err(), "{value}");
        }
    }
}
