//! `op_colorbalance=`: adds a percentage of white to red, green and blue each (decision G11).

use super::{
    AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage,
    points::{Points, linear},
};
use crate::{error::Result, protocol::Args, support::Support, usage::Usage};

/// The row of `op_colorbalance=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_colorbalance",
    doc: "r-op-colorbalance",
    usage: Usage::new(
        "Colour balance",
        "red (integer −100…100),green (integer −100…100),blue (integer −100…100)",
    )
    .help("Adds or takes away red, green and blue.")
    .example("wid=500&op_colorbalance=20,0,-20"),
    support: Support::Full,
    family: Family::Layer,
    applies_to: AppliesTo::Layer,
    parse,
}];

/// A change of each channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ColorBalance {
    /// Percent of white for red, green and blue, −100 to 100; at least one is not 0.
    pub rgb: [i8; 3],
}

/// Missing arguments are 0.
fn parse(args: &Args) -> Result<Parsed> {
    let mut rgb = [0; 3];
    for (nth, part) in rgb.iter_mut().enumerate() {
        *part = args.int_within(nth, -100, 100)?.unwrap_or(0) as i8;
    }
    Ok((rgb != [0; 3]).then_some(Op::ColorBalance(ColorBalance { rgb })))
}

impl Filter for ColorBalance {
    fn scaled(&self, _factor: f64) -> Parsed {
        Some(Op::ColorBalance(*self))
    }

    fn makes_color(&self) -> bool {
        true
    }

    fn stage(&self, area: Area, _samples: Samples) -> Box<dyn Stage> {
        let offsets = self.rgb.map(|percent| f32::from(percent) * 2.55);
        Points::stage(move |row| linear(area.pixel, row, 1.0, offsets))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::{PixelFormat, Raster};

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

    #[test]
    fn each_component_changes_by_its_own_percentage() {
        let data = vec![100, 100, 100, 255, 100, 100, 100, 51];
        let mut raster = Raster { width: 2, height: 1, pixel: PixelFormat::RGBA, data };
        Op::ColorBalance(ColorBalance { rgb: [20, -10, 0] }).apply(&mut raster);
        assert_eq!(raster.data, [151, 75, 100, 255, 151, 75, 100, 51]);
    }
}
