//! `op_saturation=`: multiplies the saturation of HSL (decision G12).

use super::{
    AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage,
    operation::hundred,
    points::{Points, greater, lesser, rgb},
};
use crate::{error::Result, protocol::Args, support::Support, usage::Usage};

/// The row of `op_saturation=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_saturation",
    doc: "r-op-saturation",
    usage: Usage::new("Saturation", "adjustment (integer −100…100)")
        .help("Makes colours stronger, or weaker with a negative number; -100 is black and white.")
        .example("wid=500&op_saturation=-100"),
    support: Support::Full,
    family: Family::Layer,
    applies_to: AppliesTo::Layer,
    parse,
}];

/// A change of saturation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Saturation {
    /// −100, which gives grey, to 100; never 0.
    pub change: i8,
}

fn parse(args: &Args) -> Result<Parsed> {
    Ok(hundred(args)?.map(|change| Op::Saturation(Saturation { change })))
}

impl Filter for Saturation {
    fn scaled(&self, _factor: f64) -> Parsed {
        Some(Op::Saturation(*self))
    }

    fn work(&self) -> u64 {
        2
    }

    fn needs_rgb(&self) -> bool {
        true
    }

    fn stage(&self, area: Area, _samples: Samples) -> Box<dyn Stage> {
        let factor = 1.0 + f32::from(self.change) / 100.0;
        Points::stage(move |row| {
            rgb(area.pixel, row, |color, white| saturate(color, white, factor));
        })
    }
}

/// Multiplies the saturation of HSL, at most to 1. Hue and lightness stay: saturation is
/// (high − low) / (white − |high + low − white|), lightness is (high + low) / 2.
#[inline(always)]
fn saturate([r, g, b]: [f32; 3], white: f32, factor: f32) -> [f32; 3] {
    let (low, high) = (lesser(lesser(r, g), b), greater(greater(r, g), b));
    let chroma = high - low;
    if chroma <= 0.0 {
        return [r, g, b];
    }
    let most = white - (high + low - white).abs();
    let factor = lesser(factor, most / chroma);
    let light = (high + low) * 0.5;
    [r, g, b].map(|sample| light + (sample - light) * factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::{PixelFormat, Raster};

    fn saturated(change: i8, color: [u8; 3]) -> Vec<u8> {
        let data = color.to_vec();
        let mut raster = Raster { width: 1, height: 1, pixel: PixelFormat::RGB, data };
        Op::Saturation(Saturation { change }).apply(&mut raster);
        raster.data
    }

    /// A change, a colour, and what Python's `colorsys` makes of it:
    /// `hls_to_rgb(h, l, min(1, s * (1 + change / 100)))`, rounded half up.
    const COLORS: [(i8, [u8; 3], [u8; 3]); 10] = [
        (-61, [255, 0, 0], [177, 78, 78]),
        (45, [201, 100, 50], [235, 89, 16]),
        (45, [200, 101, 50], [234, 90, 16]),
        (97, [11, 20, 30], [2, 20, 39]),
        (-35, [77, 180, 33], [87, 154, 59]),
        (98, [250, 249, 201], [255, 254, 196]),
        (10, [5, 250, 249], [0, 255, 254]),
        (-99, [240, 122, 17], [130, 128, 127]),
        (61, [130, 127, 126], [131, 126, 125]),
        (100, [255, 254, 250], [255, 254, 250]),
    ];

    #[test]
    fn saturation_is_multiplied_as_in_colorsys() {
        for (change, color, wanted) in COLORS {
            assert_eq!(saturated(change, color), wanted, "{change} {color:?}");
        }
    }

    #[test]
    fn grey_stays_and_a_hundred_less_is_grey() {
        assert_eq!(saturated(100, [90, 90, 90]), [90, 90, 90]);
        assert_eq!(saturated(-100, [200, 30, 101]), [115, 115, 115]);
    }

    #[test]
    fn colours_behind_alpha_change_alike() {
        let data = vec![150, 100, 50, 51];
        let mut raster = Raster { width: 1, height: 1, pixel: PixelFormat::RGBA, data };
        Op::Saturation(Saturation { change: 44 }).apply(&mut raster);
        assert_eq!(raster.data[..3], saturated(44, [150, 100, 50]));
        assert_eq!(raster.data[3], 51);
    }
}
