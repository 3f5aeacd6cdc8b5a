//! `op_usm=`: unsharp mask, out = in + amount · (in − Gaussian) (decisions G5 to G8).

use std::hash::{Hash, Hasher};

use wide::f32x8;

use super::{
    AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage,
    gaussian::{self, Blur, RADIUS_MAX, RADIUS_MIN},
    held::Held,
};
use crate::{
    error::Result,
    pixel::{ColorModel, PixelFormat},
    protocol::Args,
    support::Support,
    usage::Usage,
};

const SYNTAX: &str =
    "amount (0…5)[,radius (0…250 px)[,threshold (integer 0…255)[,monochrome: 0|1]]]";

/// The rows of `op_usm=` and `op_usmR=`.
pub const ROWS: &[Operation] = &[
    Operation {
        name: "op_usm",
        doc: "r-op-usm",
        usage: Usage::new("Unsharp mask", SYNTAX)
            .help(
                "Sharpens edges: how much, how wide, and from which difference on, so that skin \
                 and sky stay smooth. With 1 only brightness is sharpened.",
            )
            .example("wid=400&op_usm=1.5,1,4,0")
            .basic(),
        support: Support::Full,
        family: Family::View,
        applies_to: AppliesTo::LayerOrView,
        parse,
    },
    Operation {
        name: "op_usmR",
        doc: "r-op-usmr",
        usage: Usage::new("Unsharp mask in reply", SYNTAX)
            .help(
                "Sharpens like op_usm=, with the radius in pixels of the reply, whatever the \
                 scale.",
            )
            .example("wid=400&op_usmR=1.5,1,4,0"),
        support: Support::Full,
        // The order is part of cache keys, so this row stays at its old place, apart from
        // `op_usm=`.
        family: Family::Layer,
        applies_to: AppliesTo::LayerOrView,
        parse: parse_as_drawn,
    },
];

/// The arguments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnsharpMask {
    /// Strength, 0 to 5.
    amount: f32,
    /// Standard deviation of the blur in pixels of the view, 0.1 to 250.
    radius: f64,
    /// Differences below this many 8-bit steps are left unchanged.
    threshold: f32,
    /// Whether only the luma is sharpened.
    monochrome: bool,
    /// Whether the radius counts in pixels of the view, also for a layer (`op_usmR=`).
    as_drawn: bool,
}

fn parse(args: &Args) -> Result<Parsed> {
    read(args, false)
}

fn parse_as_drawn(args: &Args) -> Result<Parsed> {
    read(args, true)
}

/// Missing arguments are 0, so that `op_usm=5` alone changes nothing (G7).
fn read(args: &Args, as_drawn: bool) -> Result<Parsed> {
    let amount = args.within(0, 0.0, 5.0)?.unwrap_or(0.0) as f32;
    let radius = args.within(1, 0.0, RADIUS_MAX)?.unwrap_or(0.0);
    // The threshold is an integer, but sites write .02 and 0.2 (G6).
    let threshold = args.within(2, 0.0, 255.0)?.unwrap_or(0.0).floor() as f32;
    let monochrome = args.switch(3)?.unwrap_or(false);
    let effective = amount > 0.0 && radius >= RADIUS_MIN;
    let mask = UnsharpMask { amount, radius, threshold, monochrome, as_drawn };
    Ok(effective.then_some(Op::UnsharpMask(mask)))
}

// No field is NaN, because parsing refuses it.
impl Eq for UnsharpMask {}

impl Hash for UnsharpMask {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { amount, radius, threshold, monochrome, as_drawn } = self;
        (amount.to_bits(), radius.to_bits(), threshold.to_bits(), monochrome, as_drawn).hash(state);
    }
}

impl Filter for UnsharpMask {
    fn needs(&self) -> u32 {
        gaussian::needs(self.radius)
    }

    /// The radius is reduced with the image, but never enlarged (G5).
    fn scaled(&self, factor: f64) -> Parsed {
        let radius = if self.as_drawn { self.radius } else { self.radius * factor.min(1.0) };
        (radius >= RADIUS_MIN).then_some(Op::UnsharpMask(Self { radius, ..*self }))
    }

    /// Inks have no luma.
    fn needs_rgb(&self) -> bool {
        self.monochrome
    }

    fn memory(&self, area: Area, samples: Samples) -> u64 {
        let smooth = area.samples() * 4;
        let held = Held::memory(area, samples, gaussian::delay(self.radius).into());
        smooth + held + gaussian::memory(self.radius, area)
    }

    fn work(&self) -> u64 {
        1 + gaussian::work(self.radius)
    }

    fn stage(&self, area: Area, samples: Samples) -> Box<dyn Stage> {
        let held = Held::new(area, samples, gaussian::delay(self.radius).into());
        let blur = Blur::new(self.radius, area);
        Box::new(Masking { mask: *self, pixel: area.pixel, blur, held, smooth: Vec::new() })
    }
}

struct Masking {
    mask: UnsharpMask,
    pixel: PixelFormat,
    blur: Blur,
    /// Rows that wait for their blurred counterparts.
    held: Held,
    smooth: Vec<f32>,
}

impl Stage for Masking {
    fn push(&mut self, row: &mut Vec<f32>) {
        self.blur.push(row);
        self.held.push(row);
    }

    fn pull(&mut self, line: &mut Vec<f32>) -> bool {
        if !self.blur.pull(&mut self.smooth) || !self.held.pop(line) {
            return false;
        }
        if self.mask.monochrome && self.pixel.model == ColorModel::Rgb {
            self.mask.sharpen_luma(self.pixel.samples(), line, &self.smooth);
        } else {
            self.mask.sharpen(line, &self.smooth);
        }
        true
    }
}

impl UnsharpMask {
    fn sharpen(&self, row: &mut [f32], smooth: &[f32]) {
        let (rows, rest) = row.as_chunks_mut::<8>();
        let (smooths, last) = smooth.as_chunks::<8>();
        let (amount, threshold) = (f32x8::splat(self.amount), f32x8::splat(self.threshold));
        for (samples, smooth) in rows.iter_mut().zip(smooths) {
            let old = f32x8::new(*samples);
            let difference = old - f32x8::new(*smooth);
            // All bits of a lane are set where it changes.
            let changes = difference.abs().simd_ge(threshold);
            *samples = (old + ((amount * difference) & changes)).to_array();
        }
        for (sample, smooth) in rest.iter_mut().zip(last) {
            *sample += self.change(*sample - smooth);
        }
    }

    /// Adds the change of luma to red, green and blue. Alpha is sharpened separately.
    fn sharpen_luma(&self, channels: usize, row: &mut [f32], smooth: &[f32]) {
        let pixels = row.chunks_exact_mut(channels).zip(smooth.chunks_exact(channels));
        for (pixel, smooth) in pixels {
            let luma = |p: &[f32]| 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
            let change = self.change(luma(pixel) - luma(smooth));
            if let (Some(alpha), Some(smooth)) = (pixel.get_mut(3), smooth.get(3)) {
                *alpha += self.change(*alpha - smooth);
            }
            pixel.iter_mut().take(3).for_each(|sample| *sample += change);
        }
    }

    fn change(&self, difference: f32) -> f32 {
        if difference.abs() >= self.threshold { self.amount * difference } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::Raster;

    fn edge(pixel: PixelFormat) -> Raster {
        let mut raster = Raster::new(20, 4, pixel);
        (0..4).for_each(|y| {
            raster.row_mut(y).fill(100);
            raster.row_mut(y)[10 * pixel.samples()..].fill(140);
        });
        raster
    }

    fn sharpened(mut raster: Raster, value: &str) -> Raster {
        parse(&Args { command: "op_usm", value }).unwrap().unwrap().apply(&mut raster);
        raster
    }

    #[test]
    fn an_edge_overshoots_on_both_sides() {
        let row = sharpened(edge(PixelFormat::GRAY), "1,1").row(1).to_vec();
        assert!(row[9] < 95 && row[10] > 145, "{row:?}");
        assert_eq!((row[0], row[19]), (100, 140), "flat parts stay");
    }

    #[test]
    fn differences_below_the_threshold_stay() {
        assert_eq!(sharpened(edge(PixelFormat::RGB), "1,1,30"), edge(PixelFormat::RGB));
    }

    #[test]
    fn monochrome_keeps_the_hue() {
        let mut raster = edge(PixelFormat::RGB);
        (0..4).for_each(|y| raster.row_mut(y).chunks_exact_mut(3).for_each(|p| p[0] -= 50));
        let row = sharpened(raster, "1,1,0,1").row(1).to_vec();
        assert!(row.chunks_exact(3).all(|p| p[1] - p[0] == 50 && p[1] == p[2]), "{row:?}");
    }

    /// The start of Adobe's best practice, its demonstration, and the profile's default.
    #[test]
    fn recommended_radii_sharpen() {
        for value in ["1.75,0.3,2", "1.75,0.2,2", "5,0.125,0", "5,0.1,0"] {
            let mut contrast = edge(PixelFormat::GRAY);
            (0..4).for_each(|y| contrast.row_mut(y)[10..].fill(240));
            let row = sharpened(contrast, value).row(1).to_vec();
            assert!(row[9] < 100 && row[10] > 240, "{value}: {row:?}");
        }
    }

    #[test]
    fn missing_arguments_mean_no_effect() {
        for value in ["0,0,0,0", "5", "", "0,2", "1,0.05"] {
            assert!(parse(&Args { command: "op_usm", value }).unwrap().is_none(), "{value}");
        }
    }

    #[test]
    fn numbers_out_of_range_are_brought_into_it() {
        assert!(parse(&Args { command: "op_usm", value: "99,1,-5" }).unwrap().is_some());
        assert!(parse(&Args { command: "op_usm", value: "abc" }).is_err());
    }
}
