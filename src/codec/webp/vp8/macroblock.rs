//! A macroblock: its samples, its surroundings, and what is decided about it.

use wide::i16x8;

use super::{
    coefficients::{Coefficients, Flags},
    diffusion::Errors,
    planes::{Plane, Planes},
    predict::{Edges, Mode},
    transform::Blocks,
};

/// The samples of a macroblock.
pub struct Source {
    /// Luma: the upper eight blocks, and the lower eight.
    pub luma: [Blocks; 2],
    /// Chroma: four blocks of U, four of V.
    pub chroma: Blocks,
}

/// The places of luma's upper or lower eight blocks: columns and rows.
pub fn luma_places(half: usize) -> [(usize, usize); 8] {
    std::array::from_fn(|block| (block % 4, half * 2 + block / 4))
}

/// The places of the four blocks of U and of V.
pub const CHROMA_PLACES: [(usize, usize); 8] =
    [(0, 0), (1, 0), (0, 1), (1, 1), (0, 0), (1, 0), (0, 1), (1, 1)];

impl Source {
    /// Reads the macroblock at column `x` and row `y`.
    pub fn read(planes: &Planes, x: usize, y: usize) -> Self {
        let luma = [0, 1].map(|half| {
            let places = luma_places(half);
            gather(places.map(|place| (&planes.y, (x * 4 + place.0, y * 4 + place.1))))
        });
        let mut nth = 0;
        let chroma = gather(CHROMA_PLACES.map(|place| {
            let plane = if nth < 4 { &planes.u } else { &planes.v };
            nth += 1;
            (plane, (x * 2 + place.0, y * 2 + place.1))
        }));
        Self { luma, chroma }
    }
}

/// Reads eight blocks of planes.
fn gather(blocks: [(&Plane, (usize, usize)); 8]) -> Blocks {
    let mut out = [[0_i16; 8]; 16];
    for (lane, (plane, (x, y))) in blocks.into_iter().enumerate() {
        for row in 0..4 {
            let start = (y * 4 + row) * plane.stride + x * 4;
            for (at, &sample) in plane.samples[start..start + 4].iter().enumerate() {
                out[row * 4 + at][lane] = sample.into();
            }
        }
    }
    out.map(i16x8::new)
}

/// What lies around a macroblock.
pub struct Surroundings {
    /// The samples around its luma.
    pub luma: Edges<16>,
    /// The four samples above its right neighbour.
    pub above_right: [u8; 4],
    /// The samples around U.
    pub u: Edges<8>,
    /// The samples around V.
    pub v: Edges<8>,
    /// Which blocks above and to the left have coefficients.
    pub flags: (Flags, Flags),
    /// The errors of chroma from above and from the left.
    pub chroma_errors: (Errors, Errors),
    /// The modes of the subblocks above and to the left.
    pub modes: ([u8; 4], [u8; 4]),
}

/// How luma is predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LumaMode {
    /// As a whole.
    Whole(Mode),
    /// Each subblock in its own mode.
    Subblocks([u8; 16]),
}

/// What is decided about a macroblock.
#[derive(Debug, Clone, Copy)]
pub struct Modes {
    /// Its segment.
    pub segment: u8,
    /// Whether it has no coefficients.
    pub skipped: bool,
    /// How its luma is predicted.
    pub luma: LumaMode,
    /// How its chroma is predicted.
    pub chroma: Mode,
}

impl Modes {
    /// The modes of the subblocks, as its neighbours see them.
    pub fn subblocks(&self) -> [u8; 16] {
        match self.luma {
            LumaMode::Whole(mode) => [mode.as_subblock(); 16],
            LumaMode::Subblocks(modes) => modes,
        }
    }
}

/// An encoded macroblock, as decoders see it.
pub struct Encoded {
    /// Its modes.
    pub modes: Modes,
    /// Its coefficients.
    pub coefficients: Coefficients,
    /// How much DC changes between its blocks where nothing else does, in steps.
    pub edge: i32,
    /// The errors of chroma that the macroblocks below and on the right receive.
    pub chroma_errors: (Errors, Errors),
    /// The rows of luma.
    pub luma: [[u8; 16]; 16],
    /// The rows of U and of V.
    pub chroma: [[[u8; 8]; 8]; 2],
}
