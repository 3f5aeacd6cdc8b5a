//! The trees of prediction modes (RFC 6386, section 11), and what modes take in the file.

use super::{costs::Costs, mode_probabilities::SUBBLOCK_MODES, predict::Mode};

/// The way to a leaf of a tree: nodes, and the branch that is taken at each.
pub type Path = &'static [(usize, bool)];

/// The probabilities of a macroblock's luma modes.
pub const LUMA: [u8; 4] = [145, 156, 163, 128];
/// The probabilities of chroma modes.
pub const CHROMA: [u8; 3] = [142, 114, 183];
/// The path of luma that is predicted by subblocks.
pub const BY_SUBBLOCKS: Path = &[(0, false)];

/// The path of a luma mode.
pub fn luma_path(mode: Mode) -> Path {
    match mode {
        Mode::Dc => &[(0, true), (1, false), (2, false)],
        Mode::Vertical => &[(0, true), (1, false), (2, true)],
        Mode::Horizontal => &[(0, true), (1, true), (3, false)],
        Mode::TrueMotion => &[(0, true), (1, true), (3, true)],
    }
}

/// The path of a chroma mode.
pub fn chroma_path(mode: Mode) -> Path {
    match mode {
        Mode::Dc => &[(0, false)],
        Mode::Vertical => &[(0, true), (1, false)],
        Mode::Horizontal => &[(0, true), (1, true), (2, false)],
        Mode::TrueMotion => &[(0, true), (1, true), (2, true)],
    }
}

/// The paths of the modes of a subblock.
pub const SUBBLOCK: [Path; 10] = [
    &[(0, false)],
    &[(0, true), (1, false)],
    &[(0, true), (1, true), (2, false)],
    &[(0, true), (1, true), (2, true), (3, false), (4, false)],
    &[(0, true), (1, true), (2, true), (3, true), (6, false)],
    &[(0, true), (1, true), (2, true), (3, false), (4, true), (5, false)],
    &[(0, true), (1, true), (2, true), (3, false), (4, true), (5, true)],
    &[(0, true), (1, true), (2, true), (3, true), (6, true), (7, false)],
    &[(0, true), (1, true), (2, true), (3, true), (6, true), (7, true), (8, false)],
    &[(0, true), (1, true), (2, true), (3, true), (6, true), (7, true), (8, true)],
];

/// The probabilities of a subblock's modes by the modes above and to the left.
pub fn subblock_probabilities(above: u8, left: u8) -> &'static [u8; 9] {
    &SUBBLOCK_MODES[usize::from(above) * 10 + usize::from(left)]
}

/// What modes take in the file, in units of 1/256 bit.
pub struct ModeCosts {
    /// Luma by the macroblock, by mode.
    luma: [u32; 4],
    /// Chroma, by mode.
    chroma: [u32; 4],
    /// The word that luma is predicted by subblocks.
    pub by_subblocks: u32,
    /// A subblock's mode, by the modes above and to the left; the last six do not exist.
    pub subblocks: Box<[[u32; 16]; 100]>,
}

impl ModeCosts {
    /// Computes the costs.
    pub fn new(costs: &Costs) -> Self {
        let modes = [Mode::Dc, Mode::TrueMotion, Mode::Vertical, Mode::Horizontal];
        let mut subblocks = Box::new([[0; 16]; 100]);
        for (row, probabilities) in subblocks.iter_mut().zip(&SUBBLOCK_MODES) {
            for (cost, path) in row.iter_mut().zip(SUBBLOCK) {
                *cost = costs.path(path, probabilities);
            }
        }
        Self {
            luma: modes.map(|mode| costs.path(luma_path(mode), &LUMA)),
            chroma: modes.map(|mode| costs.path(chroma_path(mode), &CHROMA)),
            by_subblocks: costs.path(BY_SUBBLOCKS, &LUMA),
            subblocks,
        }
    }

    /// The cost of a luma mode.
    pub fn luma(&self, mode: Mode) -> u32 {
        self.luma[usize::from(mode.as_subblock())]
    }

    /// The cost of a chroma mode.
    pub fn chroma(&self, mode: Mode) -> u32 {
        self.chroma[usize::from(mode.as_subblock())]
    }
}
