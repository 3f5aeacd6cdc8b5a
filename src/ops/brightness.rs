//! `op_brightness=`: adds a percentage of white to each component (decision G11).

use super::{
    AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage,
    operation::hundred,
    points::{Points, linear},
};
use crate::{error::Result, protocol::Args, support::Support, usage::Usage};

/// The row of `op_brightness=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_brightness",
    doc: "r-op-brightness",
    usage: Usage::new("Brightness", "adjustment (integer −100…100)")
        .help("Makes the picture brighter, or darker with a negative number.")
        .example("wid=500&op_brightness=20"),
    support: Support::Full,
    family: Family::Layer,
    applies_to: AppliesTo::Layer,
    parse,
}];

/// A change of brightness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Brightness {
    /// Percent of white, −100 to 100, never 0.
    pub change: i8,
}

fn parse(args: &Args) -> Result<Parsed> {
    Ok(hundred(args)?.map(|change| Op::Brightness(Brightness { change })))
}

impl Filter for Brightness {
    fn scaled(&self, _factor: f64) -> Parsed {
        Some(Op::Brightness(*self))
    }

    fn needs_rgb(&self) -> bool {
        true
    }

    fn stage(&self, area: Area, _samples: Samples) -> Box<dyn Stage> {
        let offset = f32::from(self.change) * 2.55;
        Points::stage(move |row| linear(area.pixel, row, 1.0, [offset; 3]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::{PixelFormat, Raster};

    #[test]
    fn all_components_change_by_as_much() {
        let bright = |change, sample| {
            let mut raster =
                Raster { width: 1, height: 1, pixel: PixelFormat::GRAY, data: vec![sample] };
            Op::Brightness(Brightness { change }).apply(&mut raster);
            raster.data[0]
        };
        assert_eq!([bright(10, 0), bright(10, 100), bright(10, 250)], [26, 126, 255]);
        assert_eq!([bright(-50, 100), bright(-50, 200), bright(-100, 255)], [0, 73, 0]);
    }
}
