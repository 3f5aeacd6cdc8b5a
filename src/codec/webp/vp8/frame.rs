//! Encodes the macroblocks of a frame one after the other.

use super::{
    bits::BitWriter,
    coefficients::{BLOCKS, Coefficients, Flags, Statistics, TokenWriter, skipped},
    costs::Costs,
    decide::Decider,
    diffusion::Errors,
    header,
    macroblock::{Encoded, LumaMode, Modes, Source, Surroundings},
    modes::ModeCosts,
    planes::Planes,
    segmentation::{Evenness, Segmentation},
    tables::ZIGZAG,
    token_probabilities::{CONTEXTS, NODES},
};
use crate::{error::Result, time_slice::TimeSlice};

/// The decisions about a frame.
pub struct Frame {
    /// Macroblocks across and down.
    pub macroblocks: (usize, usize),
    /// The segments.
    pub segmentation: Segmentation,
    /// The modes of all macroblocks, row by row.
    pub modes: Vec<Modes>,
    /// The coefficients of each row of macroblocks: for each block the number of those up to the
    /// last that is not 0, then these, in the order of the file.
    coefficients: Vec<Box<[i16]>>,
}

/// What a macroblock's neighbours see of it besides its samples.
#[derive(Clone, Copy, Default)]
struct Neighbour {
    /// Which of its blocks have coefficients.
    flags: Flags,
    /// The modes of the subblocks on their side.
    modes: [u8; 4],
    /// The errors of chroma that they receive.
    chroma_errors: Errors,
}

/// Appends the planes as a frame. Fails if its modes take more than the format permits.
pub async fn encode(
    mut planes: Planes,
    quality: u8,
    out: &mut Vec<u8>,
    slice: &mut TimeSlice<'_>,
) -> Result<()> {
    let (across, down) = planes.macroblocks;
    let mut evenness = Evenness::default();
    for y in 0..down {
        evenness.push_row(&planes, y);
        slice.spend(across as u64 * 256).await;
    }
    let mut encoder = Encoder::new(planes.macroblocks, Segmentation::new(&evenness, quality));
    for y in 0..down {
        encoder.row(&mut planes, y);
        slice.spend(across as u64 * 1024).await;
    }
    let size = planes.size;
    drop(planes);
    encoder.write(size, out, slice).await
}

impl Frame {
    /// Writes the tokens of a row of macroblocks.
    #[inline(never)]
    fn write_row(&self, y: usize, above: &mut [Flags], tokens: &mut TokenWriter<'_>) {
        let mut packed: &[i16] = &self.coefficients[y];
        let mut left = [0; 9];
        let modes = &self.modes[y * self.macroblocks.0..];
        for (above, modes) in above.iter_mut().zip(modes) {
            let has_luma_dc = matches!(modes.luma, LumaMode::Whole(_));
            if modes.skipped {
                skipped(above, has_luma_dc);
                skipped(&mut left, has_luma_dc);
            } else {
                let mut coefficients =
                    Coefficients { blocks: [[0; 16]; BLOCKS], ends: [0; BLOCKS], has_luma_dc };
                packed = unpack(packed, &mut coefficients);
                coefficients.visit(above, &mut left, tokens);
            }
        }
    }
}

/// The state between macroblocks.
struct Encoder {
    frame: Frame,
    costs: Costs,
    modes: ModeCosts,
    statistics: Box<Statistics>,
    above: Vec<Neighbour>,
    /// The largest edges within macroblocks of each segment, in steps of DC.
    edges: [i32; 4],
    /// Macroblocks until the costs adapt to the statistics.
    until_adapted: usize,
}

impl Encoder {
    fn new(macroblocks: (usize, usize), segmentation: Segmentation) -> Self {
        let costs = Costs::new();
        let modes = ModeCosts::new(&costs);
        let frame =
            Frame { macroblocks, segmentation, modes: Vec::new(), coefficients: Vec::new() };
        let statistics = Box::new(Statistics { branches: [[[0; 2]; NODES]; CONTEXTS], fixed: 0 });
        let above = vec![Neighbour::default(); macroblocks.0];
        let until_adapted = adapting_after(macroblocks);
        Self { frame, costs, modes, statistics, above, edges: [0; 4], until_adapted }
    }

    /// Appends the frame.
    async fn write(
        mut self,
        size: (usize, usize),
        out: &mut Vec<u8>,
        slice: &mut TimeSlice<'_>,
    ) -> Result<()> {
        self.costs.adapt(&self.statistics);
        let segments = self.frame.segmentation.segments.iter_mut();
        segments.zip(self.edges).for_each(|(segment, edge)| segment.smooth(edge));
        let first = header::write(&self.frame, &self.costs);
        // A vector that grows would double its capacity.
        let tokens = self.costs.bytes(&self.statistics);
        out.reserve_exact(header::BYTES + first.len() + tokens);
        header::append(size, &first, out)?;
        let bits = BitWriter::new(std::mem::take(out));
        let mut tokens = TokenWriter { bits, probabilities: &self.costs.probabilities };
        let (across, down) = self.frame.macroblocks;
        let mut above = vec![[0; 9]; across];
        for y in 0..down {
            self.frame.write_row(y, &mut above, &mut tokens);
            slice.spend(across as u64 * 256).await;
        }
        *out = tokens.bits.finish();
        Ok(())
    }

    /// Decides how to encode a row of macroblocks, and replaces its samples by those that decoders
    /// see.
    #[inline(never)]
    fn row(&mut self, planes: &mut Planes, y: usize) {
        let (across, down) = planes.macroblocks;
        let mut row = Vec::with_capacity(across * BLOCKS * 17);
        // The first partition has at most 512 KB.
        let most_mode_bits = (256 * 510 * 8 * 1024 / (across * down)) as u32;
        let mut left = Neighbour::default();
        for x in 0..across {
            if self.until_adapted == 0 {
                self.costs.adapt(&self.statistics);
                self.until_adapted = adapting_after(planes.macroblocks);
            }
            self.until_adapted -= 1;
            let segment = self.frame.segmentation.map[y * across + x];
            let decider = Decider {
                costs: &self.costs,
                modes: &self.modes,
                segment: &self.frame.segmentation.segments[usize::from(segment)],
                most_mode_bits,
            };
            let source = Source::read(planes, x, y);
            let above = &mut self.above[x];
            let around = Surroundings {
                luma: planes.y.edges(x, y),
                above_right: planes.above_right(x, y),
                u: planes.u.edges(x, y),
                v: planes.v.edges(x, y),
                flags: (above.flags, left.flags),
                chroma_errors: (above.chroma_errors, left.chroma_errors),
                modes: (above.modes, left.modes),
            };
            let encoded = decider.encode(&source, &around, segment);
            let Encoded { modes, coefficients, edge, luma, chroma: [u, v], .. } = &encoded;
            (above.chroma_errors, left.chroma_errors) = encoded.chroma_errors;
            let edges = &mut self.edges[usize::from(segment & 3)];
            *edges = (*edges).max(*edge);
            if modes.skipped {
                skipped(&mut above.flags, coefficients.has_luma_dc);
                skipped(&mut left.flags, coefficients.has_luma_dc);
            } else {
                coefficients.visit(&mut above.flags, &mut left.flags, &mut *self.statistics);
                pack(coefficients, &mut row);
            }
            let subblocks = modes.subblocks();
            above.modes.copy_from_slice(&subblocks[12..]);
            left.modes = std::array::from_fn(|row| subblocks[row * 4 + 3]);
            planes.y.put(x, y, luma);
            planes.u.put(x, y, u);
            planes.v.put(x, y, v);
            self.frame.modes.push(*modes);
        }
        self.frame.coefficients.push(row.as_slice().into());
    }
}

/// Macroblocks after which the costs adapt.
fn adapting_after((across, down): (usize, usize)) -> usize {
    (across * down / 8).max(96)
}

fn pack(coefficients: &Coefficients, out: &mut Vec<i16>) {
    for (block, &end) in coefficients.blocks.iter().zip(&coefficients.ends) {
        out.push(end.into());
        out.extend(ZIGZAG[..usize::from(end)].iter().map(|&at| block[at]));
    }
}

fn unpack<'a>(mut packed: &'a [i16], coefficients: &mut Coefficients) -> &'a [i16] {
    for (block, end) in coefficients.blocks.iter_mut().zip(&mut coefficients.ends) {
        let Some((&count, rest)) = packed.split_first() else { return packed };
        *end = count as u8;
        let (levels, rest) = rest.split_at(count as usize);
        for (&at, &level) in ZIGZAG.iter().zip(levels) {
            block[at] = level;
        }
        packed = rest;
    }
    packed
}

#[cfg(test)]
mod tests;
