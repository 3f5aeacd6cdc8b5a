//! Eight blocks at once: as decoders see them, with their errors and bits.

use wide::i16x8;

use super::{
    coefficients::Plane,
    costs::Costs,
    quantize::Quantizer,
    tables::ZIGZAG,
    transform::{Block, Blocks, add_inverse, errors, textures},
};

/// Eight encoded blocks.
pub struct Eight {
    /// The quantised coefficients, by position.
    levels: [[i16; 8]; 16],
    /// The place after the last coefficient of each block that is not 0.
    pub ends: [i16; 8],
    /// The number of coefficients of each block that are not 0, without DC.
    pub rough: [i16; 8],
    /// The samples as decoders see them.
    samples: Blocks,
    /// Their squared errors.
    pub errors: [i32; 8],
}

impl Eight {
    /// Eight black blocks.
    pub const NONE: Self = Self {
        levels: [[0; 8]; 16],
        ends: [0; 8],
        rough: [0; 8],
        samples: [i16x8::ZERO; 16],
        errors: [0; 8],
    };

    /// Quantises coefficients. `dc` replaces those of DC, as decoders see them.
    #[inline(never)]
    pub fn encode(
        &mut self,
        mut coefficients: Blocks,
        dc: Option<i16x8>,
        quantizer: &Quantizer,
        source: &Blocks,
        prediction: &Blocks,
    ) {
        if dc.is_some() {
            coefficients[0] = i16x8::ZERO;
        }
        let mut seen = quantizer.apply(&mut coefficients);
        if let Some(dc) = dc {
            seen[0] = dc;
        }
        self.samples = add_inverse(&seen, prediction);
        let (mut ends, mut rough) = (i16x8::ZERO, i16x8::ZERO);
        for (place, &at) in ZIGZAG.iter().enumerate() {
            let some = !coefficients[at].simd_eq(i16x8::ZERO);
            ends = ends.max(some & i16x8::splat(place as i16 + 1));
            // True is −1.
            rough = if place > 0 { rough - some } else { rough };
        }
        (self.ends, self.rough) = (ends.to_array(), rough.to_array());
        self.errors = errors(source, &self.samples);
        for (to, from) in self.levels.iter_mut().zip(&coefficients) {
            *to = from.to_array();
        }
    }

    /// The coefficients of a block.
    pub fn block(&self, lane: usize) -> Block {
        let mut out = [0; 16];
        for (to, levels) in out.iter_mut().zip(&self.levels) {
            *to = levels[lane & 7];
        }
        out
    }

    /// How strong their texture is.
    pub fn textures(&self) -> [i32; 8] {
        textures(&self.samples)
    }

    /// The samples of a block.
    pub fn samples(&self, lane: usize) -> [u8; 16] {
        let mut out = [0; 16];
        for (to, vector) in out.iter_mut().zip(&self.samples) {
            *to = vector.as_array()[lane & 7] as u8;
        }
        out
    }

    /// Copies the samples of a block into the rows of a square, at a place in blocks.
    pub fn copy<const SIDE: usize>(
        &self,
        lane: usize,
        (column, row): (usize, usize),
        out: &mut [[u8; SIDE]; SIDE],
    ) {
        for (at, sample) in self.samples(lane).into_iter().enumerate() {
            out[row * 4 + at / 4][column * 4 + at % 4] = sample;
        }
    }

    /// What a block takes in the file at least: the signs of its coefficients.
    pub fn least_bits(&self, lane: usize) -> u32 {
        256 * self.rough[lane] as u32
    }

    /// What a block takes in the file.
    pub fn bits(&self, lane: usize, plane: Plane, neighbours: u8, costs: &Costs) -> u32 {
        let (neighbours, end) = (neighbours.into(), self.ends[lane] as usize);
        costs.block(plane, neighbours, end, |at| self.levels[at][lane])
    }
}

/// The first four of some blocks and the last four of others.
#[inline(never)]
pub fn join(first: &Blocks, second: &Blocks) -> Blocks {
    std::array::from_fn(|at| {
        let (first, second) = (first[at].to_array(), second[at].to_array());
        i16x8::new(std::array::from_fn(|lane| if lane < 4 { first[lane] } else { second[lane] }))
    })
}
