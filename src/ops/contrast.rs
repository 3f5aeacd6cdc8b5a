//! `op_contrast=`: multiplies the distance of each component from middle grey (decision G11).

use super::{
    AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage,
    operation::hundred,
    points::{Points, linear},
};
use crate::{error::Result, protocol::Args, support::Support, usage::Usage};

/// The row of `op_contrast=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_contrast",
    doc: "r-op-contrast",
    usage: Usage::new("Contrast", "adjustment (integer −100…100)")
        .help("Raises the contrast, or lowers it with a negative number.")
        .example("wid=500&op_contrast=30"),
    support: Support::Full,
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

fn parse(args: &Args) -> Result<Parsed> {
    Ok(hundred(args)?.map(|percent| Op::Contrast(Contrast { percent })))
}

impl Filter for Contrast {
    fn scaled(&self, _factor: f64) -> Parsed {
        Some(Op::Contrast(*self))
    }

    fn needs_rgb(&self) -> bool {
        true
    }

    fn stage(&self, area: Area, _samples: Samples) -> Box<dyn Stage> {
        let slope = 1.0 + f32::from(self.percent) / 100.0;
        // Middle grey stays: slope · 127.5 + offset = 127.5.
        let offset = 127.5 - slope * 127.5;
        Points::stage(move |row| linear(area.pixel, row, slope, [offset; 3]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::{PixelFormat, Raster};

    fn contrasted(percent: i8, data: [u8; 6]) -> Vec<u8> {
        let mut raster =
            Raster { width: 2, height: 1, pixel: PixelFormat::RGB, data: data.to_vec() };
        Op::Contrast(Contrast { percent }).apply(&mut raster);
        raster.data
    }

    #[test]
    fn the_distance_from_middle_grey_is_multiplied() {
        // The values of CSS contrast(1.5) and contrast(0.5) (Filter Effects Module Level 1).
        let samples = [0, 50, 100, 128, 200, 255];
        assert_eq!(contrasted(50, samples), [0, 11, 86, 128, 236, 255]);
        assert_eq!(contrasted(-50, samples), [64, 89, 114, 128, 164, 191]);
        assert_eq!(contrasted(-100, samples), [128; 6]);
    }
}
