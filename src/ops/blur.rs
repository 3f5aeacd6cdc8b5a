//! `op_blur=`: blurs an image or feathers an effect with a Gaussian (decision G14).

use std::hash::{Hash, Hasher};

use super::{
    AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage,
    gaussian::{self, RADIUS_MAX, RADIUS_MIN},
};
use crate::{error::Result, protocol::Args, support::Support, usage::Usage};

/// The row of `op_blur=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_blur",
    doc: "r-op-blur",
    usage: Usage::new("Blur", "radius (0…100 px)")
        .help("Blurs the picture, layer or effect. Shadows become soft with it.")
        .example("wid=500&op_blur=60"),
    support: Support::Full,
    family: Family::Effect,
    applies_to: AppliesTo::LayerOrEffect,
    parse,
}];

/// A blur.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blur {
    /// The standard deviation in pixels of the composite image; 0.1 to 100.
    pub radius: f64,
}

// No field is NaN, because parsing refuses it.
impl Eq for Blur {}

impl Hash for Blur {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.radius.to_bits().hash(state);
    }
}

fn parse(args: &Args) -> Result<Parsed> {
    let radius = args.within(0, 0.0, 100.0)?.unwrap_or(0.0);
    Ok((radius >= RADIUS_MIN).then_some(Op::Blur(Blur { radius })))
}

impl Filter for Blur {
    fn needs(&self) -> u32 {
        gaussian::needs(self.radius)
    }

    fn scaled(&self, factor: f64) -> Parsed {
        let radius = (self.radius * factor).min(RADIUS_MAX);
        (radius >= RADIUS_MIN).then_some(Op::Blur(Self { radius }))
    }

    fn memory(&self, area: Area, _samples: Samples) -> u64 {
        gaussian::memory(self.radius, area)
    }

    fn work(&self) -> u64 {
        gaussian::work(self.radius)
    }

    fn stage(&self, area: Area, _samples: Samples) -> Box<dyn Stage> {
        Box::new(gaussian::Blur::new(self.radius, area))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::{PixelFormat, Raster};

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
        for value in ["", "0", "-3", "0.05"] {
            assert_eq!(read(value).unwrap(), None, "{value}");
        }
    }

    #[test]
    fn a_radius_scales_with_the_image_within_limits() {
        let scaled = |radius, factor| Blur { radius }.scaled(factor);
        let blur = |radius| Some(Op::Blur(Blur { radius }));
        assert_eq!([scaled(20.0, 0.25), scaled(20.0, 2.0)], [blur(5.0), blur(40.0)]);
        assert_eq!([scaled(0.5, 0.1), scaled(100.0, 1e7)], [None, blur(RADIUS_MAX)]);
    }

    /// An edge of alpha, and of colour where alpha is: premultiplied, so that nothing dark bleeds.
    #[test]
    fn what_is_transparent_gives_no_colour() {
        let data = [[0, 0, 0, 0], [200, 100, 50, 255]].map(|pixel| pixel.repeat(10)).concat();
        let mut raster = Raster { width: 20, height: 1, pixel: PixelFormat::RGBA, data };
        Op::Blur(Blur { radius: 2.0 }).apply(&mut raster);
        let pixels = raster.data.as_chunks().0;
        assert!(pixels.iter().all(|&[r, g, b, alpha]| {
            let near = |sample: u8, color: u8| sample.abs_diff(color) <= 1;
            alpha < 4 || near(r, 200) && near(g, 100) && near(b, 50)
        }));
        // The integral of the Gaussian half a pixel from the edge: 255 · Φ(0.25).
        assert_eq!([pixels[9][3], pixels[10][3]], [102, 153]);
    }
}
