//! `op_invert=`: subtracts each colour component from white (r-op-invert).

use super::{
    AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage,
    points::{Points, linear},
};
use crate::{error::Result, protocol::Args, support::Support, usage::Usage};

/// The row of `op_invert=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_invert",
    doc: "r-op-invert",
    usage: Usage::new("Invert", "invert: 0|1")
        .help("Makes a negative of the picture.")
        .example("wid=500&op_invert=1"),
    support: Support::Full,
    family: Family::Layer,
    applies_to: AppliesTo::Layer,
    parse,
}];

/// Inversion has no parameters: its only argument is the switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Invert;

fn parse(args: &Args) -> Result<Parsed> {
    Ok(args.switch(0)?.unwrap_or(false).then_some(Op::Invert(Invert)))
}

impl Filter for Invert {
    fn scaled(&self, _factor: f64) -> Parsed {
        Some(Op::Invert(*self))
    }

    fn stage(&self, area: Area, _samples: Samples) -> Box<dyn Stage> {
        Points::stage(move |row| linear(area.pixel, row, -1.0, [255.0; 3]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::{PixelFormat, Raster};

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

    #[test]
    fn colours_are_inverted_and_alpha_is_not() {
        let data = vec![0, 100, 255, 255, 10, 20, 30, 102];
        let mut raster = Raster { width: 2, height: 1, pixel: PixelFormat::RGBA, data };
        Op::Invert(Invert).apply(&mut raster);
        assert_eq!(raster.data, [255, 155, 0, 255, 245, 235, 225, 102]);
    }
}
