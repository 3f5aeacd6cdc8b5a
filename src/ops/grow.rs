//! `op_grow=`: dilates or erodes each component, and alpha (decision G16).
//!
//! Colours are premultiplied, as in W3C's `feMorphology` (Filter Effects Module Level 1).

use super::{
    AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage,
    morphology::{self, Growing},
    operation::hundred,
};
use crate::{error::Result, protocol::Args, support::Support, usage::Usage};

/// The row of `op_grow=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_grow",
    doc: "r-op-grow",
    usage: Usage::new("Grow", "radius (integer −100…100 px)")
        .help(
            "Grows bright areas and effects by some pixels, or shrinks them with a negative \
             number.",
        )
        .example("wid=500&op_grow=20"),
    support: Support::Full,
    family: Family::Effect,
    applies_to: AppliesTo::LayerOrEffect,
    parse,
}];

/// A dilation, or an erosion if negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grow {
    /// Pixels of the composite image; never 0.
    pub radius: i16,
}

fn parse(args: &Args) -> Result<Parsed> {
    Ok(hundred(args)?.map(|radius| Op::Grow(Grow { radius: radius.into() })))
}

impl Filter for Grow {
    fn needs(&self) -> u32 {
        self.radius.unsigned_abs().into()
    }

    fn scaled(&self, factor: f64) -> Parsed {
        morphology::scaled(self.radius, factor).map(|radius| Op::Grow(Self { radius }))
    }

    fn memory(&self, area: Area, _samples: Samples) -> u64 {
        Growing::memory(self.radius, area)
    }

    fn work(&self) -> u64 {
        Growing::work(self.radius)
    }

    fn stage(&self, area: Area, _samples: Samples) -> Box<dyn Stage> {
        Box::new(Growing::new(self.radius, area.pixel.samples(), area.height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::{PixelFormat, Raster};

    #[test]
    fn each_component_grows_by_itself_and_alpha_too() {
        let data = [[90, 10, 20, 255], [10, 80, 30, 255], [0, 0, 0, 0], [0, 0, 0, 0]].concat();
        let mut raster = Raster { width: 4, height: 1, pixel: PixelFormat::RGBA, data };
        Op::Grow(Grow { radius: 1 }).apply(&mut raster);
        let both = [90, 80, 30, 255];
        assert_eq!(raster.data, [both, both, [10, 80, 30, 255], [0, 0, 0, 0]].concat());
        Op::Grow(Grow { radius: -2 }).apply(&mut raster);
        assert_eq!(raster.data[8..], [0; 8]);
        assert_eq!(raster.data[..4], [10, 80, 30, 255]);
    }
}
