//! `op_noise=`: adds random noise to the colours (decision G15).
//!
//! The noise of a pixel is a hash of its position in the view, so parts of a view have the noise of
//! the whole, and a repeated request has the same noise.

use super::{
    AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage, points::Points,
};
use crate::{error::Result, protocol::Args, support::Support, usage::Usage};

/// The row of `op_noise=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_noise",
    doc: "r-op-noise",
    usage: Usage::new(
        "Noise",
        "amount (integer 0…100 %)[,distribution: uniform|gaussian[,monochrome: 0|1]]",
    )
    .help("Adds grain, coloured or, with 1 as the third value, grey.")
    .example("wid=500&op_noise=15,gaussian,1"),
    support: Support::Full,
    family: Family::Effect,
    applies_to: AppliesTo::LayerOrEffect,
    parse,
}];

/// The amount and kind of noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Noise {
    /// The amount in percent of white, 1 to 100.
    pub amount: u8,
    /// Whether the noise is Gaussian instead of uniform.
    pub gaussian: bool,
    /// Whether all components of a pixel get the same noise.
    pub monochrome: bool,
}

fn parse(args: &Args) -> Result<Parsed> {
    let amount = args.int_within(0, 0, 100)?.unwrap_or(0) as u8;
    let gaussian = args.keyword(1, &[("uniform", false), ("gaussian", true)])?.unwrap_or(false);
    let monochrome = args.switch(2)?.unwrap_or(false);
    Ok((amount > 0).then_some(Op::Noise(Noise { amount, gaussian, monochrome })))
}

impl Filter for Noise {
    fn scaled(&self, _factor: f64) -> Parsed {
        Some(Op::Noise(*self))
    }

    fn work(&self) -> u64 {
        2
    }

    fn stage(&self, area: Area, _samples: Samples) -> Box<dyn Stage> {
        let (noise, mut nth) = (*self, 0);
        Points::stage(move |row| {
            noise.add(area, nth, row);
            nth += 1;
        })
    }
}

impl Noise {
    /// Adds the noise to the `nth` row of an area.
    fn add(&self, area: Area, nth: u32, row: &mut [f32]) {
        let (colors, samples) = (area.pixel.colors(), area.pixel.samples());
        let amount = f32::from(self.amount) / 100.0;
        for (pixel, column) in row.chunks_exact_mut(samples).zip(0_u32..) {
            let white = if area.pixel.alpha { pixel[colors] } else { 255.0 };
            let [x, y] = area.position(column, nth);
            let mut noise = 0.0;
            for (color, component) in pixel.iter_mut().take(colors).zip(0_u64..) {
                if component == 0 || !self.monochrome {
                    let number = random(x, y, component);
                    noise = if self.gaussian { gaussian(number) } else { uniform(number) };
                }
                *color += noise * amount * white;
            }
        }
    }
}

/// 64 random bits for a component of a pixel: SplitMix64 at a place of its own in the sequence (G.
/// L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", 2014). Only the
/// low 31 bits of a position count.
fn random(x: i64, y: i64, component: u64) -> u64 {
    const LOW: u64 = (1 << 31) - 1;
    let place = ((y as u64 & LOW) << 33) | ((x as u64 & LOW) << 2) | component;
    let mut bits = place.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A number from −1 to 1, each as likely.
fn uniform(bits: u64) -> f32 {
    (bits >> 40) as f32 * (1.0 / (1 << 23) as f32) - 1.0
}

/// A number of nearly normal distribution, with mean 0 and the variance of [`uniform`], 1/3: the
/// sum of eight random bytes (Irwin–Hall). It lies within 4.9 standard deviations.
fn gaussian(bits: u64) -> f32 {
    const BYTES: u64 = 0x00ff_00ff_00ff_00ff;
    let pairs = (bits & BYTES) + ((bits >> 8) & BYTES);
    let sum = pairs.wrapping_mul(0x0001_0001_0001_0001) >> 48;
    // Eight bytes have a variance of 8 · (256² − 1) / 12 and a mean of 8 · 127.5.
    (sum as f32 - 1020.0) * 0.002_762_17
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::{PixelFormat, Raster};

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

    /// Mean, variance and kurtosis of the noise of 40,000 components.
    fn moments(number: fn(u64) -> f32) -> [f64; 3] {
        let numbers: Vec<f64> = (0..40_000)
            .map(|nth: i64| f64::from(number(random(nth % 200, nth / 200, 0))))
            .collect();
        let mean = |of: &dyn Fn(f64) -> f64| {
            numbers.iter().map(|number| of(*number)).sum::<f64>() / numbers.len() as f64
        };
        let variance = mean(&|n| n * n);
        [mean(&|n| n), variance, mean(&|n| n * n * n * n) / (variance * variance)]
    }

    #[test]
    fn both_kinds_of_noise_are_as_strong_and_have_their_own_shape() {
        for (number, kurtosis) in [(uniform as fn(u64) -> f32, 1.8), (gaussian, 2.85)] {
            let [mean, variance, found] = moments(number);
            assert!(mean.abs() < 0.01 && (variance * 3.0 - 1.0).abs() < 0.02, "{mean} {variance}");
            assert!((found - kurtosis).abs() < 0.06, "{found}, not {kurtosis}");
        }
    }

    #[test]
    fn the_hash_is_that_of_splitmix64() {
        // The first two numbers of the generator with seed 0.
        assert_eq!(random(0, 0, 0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(random(0, 0, 1), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn neighbours_and_components_differ() {
        let mut all: Vec<u64> = (-40..40_i64)
            .flat_map(|x| (-40..40_i64).flat_map(move |y| [0, 1, 2].map(|c| random(x, y, c))))
            .collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 80 * 80 * 3);
    }

    #[test]
    fn monochrome_noise_is_grey_and_alpha_stays() {
        let noisy = |monochrome| {
            let data = [100, 100, 100, 200].repeat(50);
            let mut raster = Raster { width: 50, height: 1, pixel: PixelFormat::RGBA, data };
            Op::Noise(Noise { amount: 20, gaussian: false, monochrome }).apply(&mut raster);
            raster.data
        };
        let (grey, colored) = (noisy(true), noisy(false));
        assert!(grey.chunks_exact(4).all(|p| p[0] == p[1] && p[1] == p[2] && p[3] == 200));
        assert!(colored.chunks_exact(4).any(|p| p[0].abs_diff(p[1]) > 20));
        assert!(colored.chunks_exact(4).all(|p| p[0].abs_diff(100) <= 51 && p[3] == 200));
    }
}
