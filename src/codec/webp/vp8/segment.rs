//! The parameters of a segment: macroblocks that share their quantisation and filter.

use super::{
    quantize::{Kind, Quantizer},
    tables::AC_STEPS,
};

/// The parameters of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The index of the quantisation, 0 to 127.
    pub index: i32,
    /// The level of the loop filter, 0 to 63.
    pub filter: i32,
    /// The quantiser of luma.
    pub luma: Quantizer,
    /// The quantiser of the DC coefficients of luma.
    pub luma_dc: Quantizer,
    /// The quantiser of chroma.
    pub chroma: Quantizer,
    /// How the indices of chroma differ from that of luma: DC, and AC.
    pub chroma_delta: [i32; 2],
    /// What a change of texture is worth, in units of 1/8192 squared error.
    pub texture: i32,
    /// What 1/256 bit is worth, in units of 1/256 squared error, for each decision.
    pub lambda: Lambda,
}

/// What 1/256 bit is worth in different decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lambda {
    /// The mode of a macroblock's luma.
    pub whole: u64,
    /// The mode of a subblock.
    pub subblock: u64,
    /// The mode of chroma.
    pub chroma: u64,
    /// Whether luma is predicted by subblocks.
    pub kind: u64,
}

impl Segment {
    /// The segment of an index. `evenness` is 0 for the segment with the most texture, and 255 for
    /// that with the least.
    pub fn new(index: i32, chroma_delta: [i32; 2], evenness: i32) -> Self {
        let luma = Quantizer::new(Kind::Luma, index, index);
        let luma_dc = Quantizer::new(Kind::LumaDc, index, index);
        let chroma = Quantizer::new(Kind::Chroma, index + chroma_delta[0], index + chroma_delta[1]);
        let [step, step_dc, step_chroma] = [&luma, &luma_dc, &chroma].map(|of| of.mean_step());
        let lambda = Lambda {
            whole: 3 * step_dc * step_dc,
            subblock: (3 * step * step / 128).max(1),
            chroma: (3 * step_chroma * step_chroma / 64).max(1),
            kind: (step * step / 128).max(1),
        };
        let texture = (50 * step / 32) as i32;
        // The step says how large errors at edges are; even areas show them most.
        let step = i32::from(AC_STEPS[index as usize]) / 4;
        let filter = step.min(63) * 300 / (256 + evenness);
        let filter = if filter < 2 { 0 } else { filter.min(63) };
        Self { index, filter, luma, luma_dc, chroma, chroma_delta, texture, lambda }
    }

    /// Filters strongly enough for edges of this many steps of luma's DC.
    pub fn smooth(&mut self, edge: i32) {
        let level = edge * i32::from(self.luma_dc.steps[1]) / 8;
        self.filter = self.filter.max(level.min(63));
    }
}
