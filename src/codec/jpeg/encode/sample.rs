//! A sample of an image's blocks, from which the lengths of its files at all qualities are estimated.

use wide::i16x8;

use super::{
    Components, Encoder,
    entropy::Entropy,
    forward_dct::{Divisors, forward_dct},
    planes::Band,
    tables::{Codes, Quantisation},
    tokens::Tokens,
};
use crate::{codec::jpeg::segments::marker, time_slice::TimeSlice};

/// Rows of units that are sampled, at least; an image with fewer has all of them sampled.
const ROWS: usize = 5;

/// The fractions of a quantisation step of 1 that coefficients are kept in. The largest, 1024, fit 16
/// bits.
const FRACTIONS: u8 = 16;

/// The transformed blocks of a few rows of units, in scan order.
pub struct Sample {
    components: Components,
    blocks: Vec<[[i16; 8]; 8]>,
    /// Blocks of a row of units.
    across: usize,
    /// Rows of units in the image, and those that are sampled.
    rows: usize,
    sampled: usize,
}

/// One of how many rows of units is sampled, of so many.
fn every(rows: usize) -> usize {
    (rows / ROWS).max(1)
}

/// Bytes of the memory of a sample of width × height pixels.
pub fn sample_memory(components: Components, (width, height): (usize, usize)) -> u64 {
    let rows = height.div_ceil(8 * components.blocks(0));
    let blocks = rows.div_ceil(every(rows)) * blocks_across(components, width);
    blocks as u64 * 128 + (16 << 10)
}

/// Blocks of all components in a row of units.
fn blocks_across(components: Components, width: usize) -> usize {
    let blocks = (0..components.count()).map(|component| components.blocks(component).pow(2));
    width.div_ceil(8 * components.blocks(0)) * blocks.sum::<usize>()
}

impl Sample {
    /// Transforms some rows of width × height × samples.
    pub async fn new(
        components: Components,
        pixels: &[u8],
        (width, height): (u16, u16),
        slice: &mut TimeSlice<'_>,
    ) -> Self {
        let size = (usize::from(width), usize::from(height));
        let mut band = Band::new(components, size.0);
        let rows = size.1.div_ceil(band.height());
        let (every, across) = (every(rows), blocks_across(components, size.0));
        let tops = (0..rows).skip(every / 2).step_by(every).map(|row| row * band.height());
        let tops: Vec<usize> = tops.collect();
        let mut blocks = Vec::with_capacity(tops.len() * across);
        let divisors = Divisors::finer(FRACTIONS);
        for top in &tops {
            band.fill(pixels.into(), size, *top);
            for unit in 0..band.units() {
                for component in 0..components.count() {
                    let unit = band.blocks(component, unit);
                    blocks.extend(unit.map(|block| forward_dct(&block, &divisors)));
                }
            }
            slice.spend((size.0 * band.height()) as u64).await;
        }
        Self { components, blocks, across, rows, sampled: tops.len() }
    }

    /// Estimates the length of the baseline file that has Huffman tables of its own, in bytes.
    pub async fn estimate(&self, encoder: &Encoder, slice: &mut TimeSlice<'_>) -> usize {
        let (mut tokens, mut head) = (Tokens::counting(), Vec::new());
        let symbols = [0, 1].map(Codes::symbols);
        let factors = encoder.quantisation.each_ref().map(factors);
        // The component of each block of a unit.
        let count = self.components.count();
        let of_unit = (0..count).flat_map(|component| {
            std::iter::repeat_n(component, self.components.blocks(component).pow(2))
        });
        let mut last = [0; 4];
        for row in self.blocks.chunks(self.across) {
            let mut entropy = Entropy::collecting(&mut tokens, &mut head);
            for (block, component) in row.iter().zip(of_unit.clone().cycle()) {
                let class = self.components.class(component);
                let coefficients = quantised(block, &factors[class]);
                entropy.block(&coefficients, &mut last[component], &symbols[class]);
            }
            slice.spend(self.across as u64 * 16).await;
        }
        let tables = tokens.tables();
        let codes = tables.each_ref().map(|[first, others]| Codes::new(first, others));
        encoder.head(72, &mut head);
        encoder.write_tables(&tables, &mut head);
        encoder.frame(marker::SOF0, (1, 1), &mut head);
        encoder.scan_header(0..count, 0..=63, &mut head);
        head.len() + tokens.bytes(&codes) * self.rows / self.sampled.max(1)
    }
}

/// The inverses of the steps, column by column, in units of 2⁻¹⁵.
fn factors(quantisation: &Quantisation) -> [i16x8; 8] {
    let factor = |step: u8| ((1 << 15) / (i32::from(FRACTIONS) * i32::from(step))) as i16;
    std::array::from_fn(|column| {
        i16x8::new(std::array::from_fn(|row| factor(quantisation.steps[row * 8 + column])))
    })
}

/// Quantises a block, nearly as the encoder does.
#[inline(always)]
fn quantised(block: &[[i16; 8]; 8], factors: &[i16x8; 8]) -> [[i16; 8]; 8] {
    let mut quantised = [[0; 8]; 8];
    for ((quantised, column), factor) in quantised.iter_mut().zip(block).zip(factors) {
        *quantised = i16x8::new(*column).mul_scale_round(*factor).to_array();
    }
    quantised
}
