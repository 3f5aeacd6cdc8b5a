//! The choice of luma's mode.

use wide::i16x8;

use super::{
    coefficients::Plane,
    decide::{Decider, Price},
    eight::Eight,
    macroblock::{LumaMode, Source, Surroundings, luma_places},
    picture::Picture,
    predict::{MODES, Mode, Subblock},
    segment::Segment,
    tables::ZIGZAG,
    transform::{Block, forward, forward_walsh, inverse_walsh, textures},
};

/// Encoded luma.
pub struct Luma {
    /// How it is predicted.
    pub mode: LumaMode,
    /// The coefficients by block.
    pub blocks: [Block; 16],
    /// The place after the last coefficient of each block that is not 0.
    pub ends: [u8; 16],
    /// The coefficients of DC, where luma is predicted as a whole.
    pub dc: Block,
    /// The place after the last of them that is not 0.
    pub dc_end: u8,
    /// How much DC changes between blocks where nothing else does, in steps.
    pub edge: i32,
    /// The rows as decoders see them.
    pub samples: [[u8; 16]; 16],
    price: Price,
}

impl Decider<'_> {
    /// Encodes luma in the best mode of the whole macroblock.
    pub fn whole(&self, source: &Source, around: &Surroundings) -> Luma {
        let Segment { luma, luma_dc, lambda, .. } = self.segment;
        let mut least = u64::MAX;
        let mut out = Luma {
            mode: LumaMode::Whole(Mode::Dc),
            blocks: [[0; 16]; 16],
            ends: [0; 16],
            dc: [0; 16],
            dc_end: 0,
            edge: 0,
            samples: [[0; 16]; 16],
            price: Price { bits: 0, error: 0 },
        };
        let mut best = [Eight::NONE, Eight::NONE];
        let mut halves = [Eight::NONE, Eight::NONE];
        let mut predictions = [[i16x8::ZERO; 16]; 2];
        let mut coefficients = predictions;
        let textures = source.luma.each_ref().map(textures);
        let first = i16x8::splat(source.luma[0][0].as_array()[0]);
        let is_flat = source.luma.iter().flatten().all(|samples| *samples == first);
        for mode in MODES {
            let mut dc = [0; 16];
            for half in 0..2 {
                around.luma.predict(mode, luma_places(half), &mut predictions[half]);
                coefficients[half] = forward(&source.luma[half], &predictions[half]);
                dc[half * 8..][..8].copy_from_slice(coefficients[half][0].as_array());
            }
            let mut dc = forward_walsh(&dc);
            let seen = inverse_walsh(&luma_dc.apply_to_one(&mut dc));
            let mut error = 0;
            for half in 0..2 {
                let dc = i16x8::from_slice_unaligned(&seen[half * 8..]);
                let (source, prediction) = (&source.luma[half], &predictions[half]);
                halves[half].encode(coefficients[half], Some(dc), luma, source, prediction);
                let textures = halves[half].textures().into_iter().zip(textures[half]);
                let lost = textures.map(|(ours, source)| self.lost(ours, source)).sum::<u32>();
                error += halves[half].errors.iter().sum::<i32>() as u32 + lost;
            }
            if is_flat && halves.iter().all(|half| half.rough == [0; 8]) {
                error *= 2;
            }
            let mut price = Price { bits: self.modes.luma(mode), error };
            let signs =
                halves.iter().map(|half| (0..8).map(|lane| half.least_bits(lane)).sum::<u32>());
            if price.plus(signs.sum()).score(lambda.whole) >= least {
                continue;
            }
            let end = end_of(&dc);
            price.bits += self.whole_bits(&halves, &dc, end, around);
            let score = price.score(lambda.whole);
            if score < least {
                least = score;
                std::mem::swap(&mut best, &mut halves);
                (out.mode, out.price) = (LumaMode::Whole(mode), price);
                (out.dc, out.dc_end) = (dc, end as u8);
            }
        }
        let is_smooth = best.iter().all(|half| half.rough == [0; 8]);
        if is_smooth && out.dc_end > 0 && out.price.error > 20 * luma.steps[0] as u32 {
            let [_, right, below, _, farther, ..] = out.dc;
            out.edge = [right, below, farther]
                .map(|level| i32::from(level.abs()))
                .into_iter()
                .max()
                .unwrap_or(0);
        }
        for (half, eight) in best.iter().enumerate() {
            for lane in 0..8 {
                out.blocks[half * 8 + lane] = eight.block(lane);
                out.ends[half * 8 + lane] = eight.ends[lane] as u8;
                eight.copy(lane, luma_places(half)[lane], &mut out.samples);
            }
        }
        out
    }

    /// What a change of texture counts, as squared error.
    fn lost(&self, ours: i32, source: i32) -> u32 {
        ((((ours - source).abs() >> 5) * self.segment.texture + 128) >> 8) as u32
    }

    fn whole_bits(
        &self,
        halves: &[Eight; 2],
        dc: &Block,
        end: usize,
        around: &Surroundings,
    ) -> u32 {
        let (mut above, mut left) = around.flags;
        let neighbours = usize::from(above[8] + left[8]);
        let mut bits = self.costs.block(Plane::LumaDc, neighbours, end, |at| dc[at]);
        for block in 0..16 {
            let (half, lane, column, row) = (&halves[block / 8], block % 8, block % 4, block / 4);
            bits += half.bits(lane, Plane::LumaAc, above[column] + left[row], self.costs);
            let some = u8::from(half.ends[lane] > 1);
            (above[column], left[row]) = (some, some);
        }
        bits
    }

    /// Encodes luma by subblocks, unless that is worse than `whole`.
    pub fn subblocks(&self, source: &Source, around: &Surroundings, whole: &Luma) -> Option<Luma> {
        let Segment { luma, lambda, .. } = self.segment;
        let (mut above, mut left) = around.flags;
        let mut picture = Picture::new(around);
        let (mut modes_above, mut modes_left) = around.modes;
        let mut modes = [0; 16];
        let mut blocks = [[0; 16]; 16];
        let mut ends = [0; 16];
        let mut price = Price { bits: self.modes.by_subblocks, error: 0 };
        let mut mode_bits = 0;
        let mut eight = Eight::NONE;
        let source_textures = source.luma.each_ref().map(textures);
        let least = whole.price.score(lambda.kind);
        for block in 0..16 {
            let (column, row) = (block % 4, block / 4);
            let mut samples = [i16x8::ZERO; 16];
            for (to, vector) in samples.iter_mut().zip(&source.luma[block / 8]) {
                *to = i16x8::splat(vector.as_array()[block % 8]);
            }
            let neighbours = modes_above[column] as usize * 10 + modes_left[row] as usize;
            let mode_costs = &self.modes.subblocks[neighbours];
            let (prediction, candidates) = Subblock::new(&picture.edge(column, row)).best(&samples);
            eight.encode(forward(&samples, &prediction), None, luma, &samples, &prediction);
            let flags = above[column] + left[row];
            let texture = source_textures[block / 8][block % 8];
            let textures = eight.textures();
            let mut prices = [Price { bits: 0, error: 0 }; 8];
            let (mut scores, mut likely) = ([u64::MAX; 8], 0);
            for lane in 0..8 {
                let mode = usize::from(candidates[lane] & 15);
                let uneven = if mode > 0 && eight.rough[lane] <= 3 { UNEVEN } else { 0 };
                let error = eight.errors[lane] as u32 + self.lost(textures[lane], texture);
                prices[lane] = Price { bits: mode_costs[mode] + uneven, error };
                scores[lane] = prices[lane].plus(eight.least_bits(lane)).score(lambda.subblock);
                likely = if scores[lane] < scores[likely] { lane } else { likely };
            }
            // The most likely first: most others then need not be counted.
            let mut best = (u64::MAX, 0, price);
            for lane in (likely..8).chain(0..likely) {
                if scores[lane] >= best.0 {
                    continue;
                }
                let price = prices[lane].plus(eight.bits(lane, Plane::Luma, flags, self.costs));
                let score = price.score(lambda.subblock);
                if score < best.0 {
                    best = (score, lane, price);
                }
            }
            let (_, lane, Price { bits, error }) = best;
            let mode = candidates[lane];
            price = Price { bits: price.bits + bits, error: price.error + error };
            mode_bits += mode_costs[usize::from(mode & 15)];
            if price.score(lambda.kind) >= least || mode_bits > self.most_mode_bits {
                return None;
            }
            modes[block] = mode;
            (modes_above[column], modes_left[row]) = (mode, mode);
            blocks[block] = eight.block(lane);
            ends[block] = eight.ends[lane] as u8;
            let some = u8::from(eight.ends[lane] > 0);
            (above[column], left[row]) = (some, some);
            picture.put(column, row, eight.samples(lane));
        }
        let samples = picture.samples();
        Some(Luma {
            mode: LumaMode::Subblocks(modes),
            blocks,
            ends,
            dc: [0; 16],
            dc_end: 0,
            edge: whole.edge,
            samples,
            price,
        })
    }
}

/// What is added to the bits of a block with hardly any coefficients, unless it is predicted as even:
/// otherwise the directions of its neighbours go on in it.
pub const UNEVEN: u32 = 140;

/// The place after the last coefficient that is not 0.
fn end_of(block: &Block) -> usize {
    ZIGZAG.iter().rposition(|&at| block[at] != 0).map_or(0, |last| last + 1)
}
