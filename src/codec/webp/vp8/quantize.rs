//! The quantisation of coefficients (RFC 6386, sections 9.6 and 14.1).

use wide::i16x8;

use super::{
    tables::{AC_STEPS, DC_STEPS},
    transform::{Block, Blocks},
};

/// The largest coefficient that a token can hold here.
const MOST: i16 = 2047;

/// How the coefficients of a plane are quantised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantizer {
    /// The steps, by position.
    pub steps: Block,
    /// Reciprocals of the steps in units of 2⁻¹⁵.
    reciprocals: Block,
    /// What is added to a magnitude before it is divided and rounded.
    offsets: Block,
}

/// The planes that are quantised each in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Luma.
    Luma,
    /// The DC coefficients of luma, transformed once more.
    LumaDc,
    /// Chroma.
    Chroma,
}

impl Quantizer {
    /// The quantiser of a kind of plane for an index of 0 to 127, and the index of AC less that.
    pub fn new(kind: Kind, dc_index: i32, ac_index: i32) -> Self {
        // Chroma's DC steps end at 132: index 117.
        let most = if kind == Kind::Chroma { 117 } else { 127 };
        let mut dc = DC_STEPS[dc_index.clamp(0, most) as usize];
        let mut ac = AC_STEPS[ac_index.clamp(0, 127) as usize];
        if kind == Kind::LumaDc {
            dc *= 2;
            ac = (i32::from(ac) * 155 / 100).max(8) as i16;
        }
        // The point of a step from which a magnitude is rounded up is 1 − bias / 256.
        let biases = match kind {
            Kind::Luma => [96, 110],
            Kind::LumaDc => [96, 108],
            Kind::Chroma => [110, 115],
        };
        let steps: Block = std::array::from_fn(|at| if at == 0 { dc } else { ac });
        let offsets = std::array::from_fn(|at| {
            let (step, bias): (i32, i32) = (steps[at].into(), biases[usize::from(at > 0)]);
            let sharpening = if kind == Kind::Luma { SHARPENING[at] * step / 2048 } else { 0 };
            ((bias * step - 128 * step + 128).div_euclid(256) + sharpening) as i16
        });
        let reciprocals =
            steps.map(|step| ((32768 + i32::from(step) / 2) / i32::from(step)) as i16);
        Self { steps, reciprocals, offsets }
    }

    /// The mean step.
    pub fn mean_step(&self) -> u64 {
        (self.steps.iter().map(|&step| step as u64).sum::<u64>() + 8) >> 4
    }

    /// Quantises eight blocks in place, and returns the coefficients as decoders see them.
    #[inline(never)]
    pub fn apply(&self, coefficients: &mut Blocks) -> Blocks {
        let mut seen = [i16x8::ZERO; 16];
        for at in 0..16 {
            let value = coefficients[at];
            let sign: i16x8 = value >> 15;
            let magnitude: i16x8 = (value ^ sign) - sign + i16x8::splat(self.offsets[at]);
            let level = magnitude.mul_scale_round(i16x8::splat(self.reciprocals[at]));
            let level = level.max(i16x8::ZERO).min(i16x8::splat(MOST));
            let level: i16x8 = (level ^ sign) - sign;
            coefficients[at] = level;
            seen[at] = level * i16x8::splat(self.steps[at]);
        }
        seen
    }

    /// A DC coefficient as decoders see it.
    pub fn seen_dc(&self, value: i16) -> i16 {
        let magnitude = i32::from(value.abs()) + i32::from(self.offsets[0]);
        let level = ((magnitude * i32::from(self.reciprocals[0]) + 0x4000) >> 15).max(0) as i16;
        level * self.steps[0] * value.signum()
    }

    /// The same for one block.
    pub fn apply_to_one(&self, coefficients: &mut Block) -> Block {
        std::array::from_fn(|at| {
            let value = i32::from(coefficients[at]);
            let magnitude = value.abs() + i32::from(self.offsets[at]);
            let level = ((magnitude * i32::from(self.reciprocals[at]) + 0x4000) >> 15).max(0);
            let level = level.min(MOST.into()) * value.signum();
            coefficients[at] = level as i16;
            (level * i32::from(self.steps[at])) as i16
        })
    }
}

/// High frequencies of luma are rounded up a little more often, in units of 1/2048 step.
const SHARPENING: [i32; 16] = [0, 30, 60, 90, 30, 60, 90, 90, 60, 90, 90, 90, 90, 90, 90, 90];
