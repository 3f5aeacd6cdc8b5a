//! Chooses the modes of a macroblock: those with the least sum of squared errors and bits.

use wide::i16x8;

use super::{
    coefficients::{BLOCKS, Coefficients, Plane},
    costs::Costs,
    diffusion::{Errors, diffuse},
    eight::{Eight, join},
    luma::UNEVEN,
    macroblock::{CHROMA_PLACES, Encoded, LumaMode, Modes, Source, Surroundings},
    modes::ModeCosts,
    predict::{MODES, Mode},
    segment::Segment,
    transform::forward,
};

/// What the decisions depend on besides the samples.
pub struct Decider<'a> {
    /// The costs of coefficients.
    pub costs: &'a Costs,
    /// The costs of modes.
    pub modes: &'a ModeCosts,
    /// The macroblock's segment.
    pub segment: &'a Segment,
    /// The most that the modes of subblocks may take, in units of 1/256 bit.
    pub most_mode_bits: u32,
}

/// Bits and squared error of a choice.
#[derive(Clone, Copy)]
pub struct Price {
    /// Bits in units of 1/256.
    pub bits: u32,
    /// The sum of squared errors.
    pub error: u32,
}

impl Price {
    /// The same with more bits.
    pub fn plus(self, bits: u32) -> Self {
        Self { bits: self.bits + bits, ..self }
    }

    /// The sum of both, in units of 1/256 squared error.
    pub fn score(self, lambda: u64) -> u64 {
        u64::from(self.bits) * lambda + 256 * u64::from(self.error)
    }
}

impl Decider<'_> {
    /// Encodes a macroblock.
    pub fn encode(&self, source: &Source, around: &Surroundings, segment: u8) -> Encoded {
        let whole = self.whole(source, around);
        let luma = self.subblocks(source, around, &whole).unwrap_or(whole);
        let (mode, chroma, chroma_errors) = self.chroma(source, around);
        let mut coefficients = Coefficients {
            blocks: [[0; 16]; BLOCKS],
            ends: [0; BLOCKS],
            has_luma_dc: matches!(luma.mode, LumaMode::Whole(_)),
        };
        coefficients.blocks[..16].copy_from_slice(&luma.blocks);
        coefficients.ends[..16].copy_from_slice(&luma.ends);
        (coefficients.blocks[24], coefficients.ends[24]) = (luma.dc, luma.dc_end);
        let mut chroma_samples = [[[0; 8]; 8]; 2];
        for lane in 0..8 {
            coefficients.blocks[16 + lane] = chroma.block(lane);
            coefficients.ends[16 + lane] = chroma.ends[lane] as u8;
            chroma.copy(lane, CHROMA_PLACES[lane], &mut chroma_samples[lane / 4]);
        }
        let modes = Modes {
            segment,
            skipped: coefficients.ends == [0; BLOCKS],
            luma: luma.mode,
            chroma: mode,
        };
        let (edge, luma) = (luma.edge, luma.samples);
        Encoded { modes, coefficients, edge, chroma_errors, luma, chroma: chroma_samples }
    }

    /// Encodes chroma in its best mode.
    fn chroma(&self, source: &Source, around: &Surroundings) -> (Mode, Eight, (Errors, Errors)) {
        let Segment { chroma, lambda, .. } = self.segment;
        let (mut least, mut best) = (u64::MAX, (Mode::Dc, Eight::NONE, Default::default()));
        let mut eight = Eight::NONE;
        let mut predictions = [[i16x8::ZERO; 16]; 2];
        for mode in MODES {
            around.u.predict(mode, CHROMA_PLACES, &mut predictions[0]);
            around.v.predict(mode, CHROMA_PLACES, &mut predictions[1]);
            let prediction = join(&predictions[0], &predictions[1]);
            let mut coefficients = forward(&source.chroma, &prediction);
            let mut dc = coefficients[0].to_array();
            let (above, left) = &around.chroma_errors;
            let errors = diffuse(&mut dc, above, left, chroma);
            coefficients[0] = i16x8::new(dc);
            eight.encode(coefficients, None, chroma, &source.chroma, &prediction);
            let error = eight.errors.iter().sum::<i32>() as u32;
            let mut price = Price { bits: self.modes.chroma(mode), error };
            if mode != Mode::Dc && eight.rough.iter().sum::<i16>() <= 2 {
                price.bits += 8 * UNEVEN;
            }
            let signs = (0..8).map(|lane| eight.least_bits(lane)).sum();
            if price.plus(signs).score(lambda.chroma) >= least {
                continue;
            }
            let (mut above, mut left) = around.flags;
            for lane in 0..8 {
                let first = if lane < 4 { 4 } else { 6 };
                let (column, row) = (first + lane % 2, first + lane / 2 % 2);
                let neighbours = above[column] + left[row];
                price.bits += eight.bits(lane, Plane::Chroma, neighbours, self.costs);
                let some = u8::from(eight.ends[lane] > 0);
                (above[column], left[row]) = (some, some);
            }
            let score = price.score(lambda.chroma);
            if score < least {
                (least, best.0, best.2) = (score, mode, errors);
                std::mem::swap(&mut best.1, &mut eight);
            }
        }
        best
    }
}
