//! The predictions of blocks from the samples around them (RFC 6386, section 12).

use wide::i16x8;

use super::transform::Blocks;

/// The modes of a whole macroblock, for luma and for chroma.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The mean of the samples above and to the left.
    Dc,
    /// The row above.
    Vertical,
    /// The column to the left.
    Horizontal,
    /// Left plus above minus the corner.
    TrueMotion,
}

/// All modes of a whole macroblock.
pub const MODES: [Mode; 4] = [Mode::Dc, Mode::TrueMotion, Mode::Vertical, Mode::Horizontal];

impl Mode {
    /// The mode of subblocks that a macroblock of this mode means to its neighbours (section 11.3).
    pub fn as_subblock(self) -> u8 {
        match self {
            Self::Dc => 0,
            Self::TrueMotion => 1,
            Self::Vertical => 2,
            Self::Horizontal => 3,
        }
    }
}

/// The samples around a square of `SIDE` samples.
#[derive(Debug, Clone)]
pub struct Edges<const SIDE: usize> {
    /// The row above; 127 above the image.
    pub above: [u8; SIDE],
    /// The column to the left; 129 outside of the image.
    pub left: [u8; SIDE],
    /// The sample above `left`.
    pub corner: u8,
    /// Whether there is a macroblock above, and to the left.
    pub inside: (bool, bool),
}

impl<const SIDE: usize> Edges<SIDE> {
    /// The mean of the samples that exist.
    fn mean(&self) -> i16 {
        let sum =
            |samples: &[u8; SIDE]| samples.iter().map(|&sample| u32::from(sample)).sum::<u32>();
        let side = SIDE as u32;
        let mean = match self.inside {
            (true, true) => (sum(&self.above) + sum(&self.left) + side) / (2 * side),
            (true, false) => (sum(&self.above) + side / 2) / side,
            (false, true) => (sum(&self.left) + side / 2) / side,
            (false, false) => 128,
        };
        mean as i16
    }

    /// Predicts eight 4 × 4 blocks. `places` are their columns and rows, in blocks.
    #[inline(never)]
    pub fn predict(&self, mode: Mode, places: [(usize, usize); 8], out: &mut Blocks) {
        if mode == Mode::Dc {
            *out = [i16x8::splat(self.mean()); 16];
            return;
        }
        let (mut above, mut left) = ([[0; 8]; 4], [[0; 8]; 4]);
        for (lane, (column, row)) in places.into_iter().enumerate() {
            for at in 0..4 {
                above[at][lane] = self.above[column * 4 + at].into();
                left[at][lane] = self.left[row * 4 + at].into();
            }
        }
        let (above, left) = (above.map(i16x8::new), left.map(i16x8::new));
        let corner = i16x8::splat(self.corner.into());
        let (black, white) = (i16x8::ZERO, i16x8::splat(255));
        for (at, out) in out.iter_mut().enumerate() {
            let (above, left) = (above[at % 4], left[at / 4]);
            *out = match mode {
                Mode::Vertical => above,
                Mode::Horizontal => left,
                Mode::Dc | Mode::TrueMotion => (above + left - corner).max(black).min(white),
            };
        }
    }
}

/// The subblock modes of the lanes of [`Subblock::directional`] begin with this one.
pub const FIRST_DIRECTIONAL: u8 = 2;

/// Where the values of the eight directional modes come from, in [`smoothed`].
const SOURCES: [[u8; 8]; 16] = {
    // The means of three samples around place `n` of the edge, and of two from place `n` on. The
    // edge runs from the lowest sample on the left (0) by the corner (4) to the right (12).
    const fn three(n: u8) -> u8 {
        n
    }
    const fn two(n: u8) -> u8 {
        16 + n
    }
    const LOWEST: u8 = 15;
    let mut out = [[0; 8]; 16];
    let mut at = 0;
    while at < 16 {
        let (y, x) = (at as u8 / 4, at as u8 % 4);
        out[at] = [
            // Vertical, horizontal, and the diagonals down to the left and to the right.
            three(5 + x),
            three(3 - y),
            three(6 + x + y),
            three(4 + x - y),
            // Steeper to the right.
            match (y, x) {
                (3, 0) => three(2),
                (2, 0) => three(3),
                _ if y % 2 == 0 => two(4 + x - y / 2),
                _ => three(4 + x - y / 2),
            },
            // Steeper to the left.
            match (y, x) {
                (2, 3) => three(10),
                (3, 3) => three(11),
                _ if y % 2 == 0 => two(5 + x + y / 2),
                _ => three(6 + x + y / 2),
            },
            // Flatter, down.
            match (y, x) {
                (0, 2) => three(5),
                (0, 3) => three(6),
                _ if x % 2 == 0 => two(3 - y + x / 2),
                _ => three(4 - y + x / 2),
            },
            // Flatter, up.
            match (x + 2 * y, x % 2) {
                (0..=4, 0) => two(2 - (x + 2 * y) / 2),
                (0..=3, _) => three(2 - (x + 2 * y) / 2),
                (5, _) => three(0),
                _ => LOWEST,
            },
        ];
        at += 1;
    }
    out
};

/// The smoothed samples of an edge of a subblock: means of three, then means of two.
#[inline(always)]
fn smoothed(edge: &[u8; 13]) -> [i16; 32] {
    let mut around = [0_i16; 16];
    for (to, from) in around[1..].iter_mut().zip(edge) {
        *to = (*from).into();
    }
    // The ends are repeated.
    (around[0], around[14]) = (around[1], around[13]);
    let mut out = [0; 32];
    for n in 0..13 {
        let [before, here, after] = [around[n], around[n + 1], around[n + 2]];
        out[n] = (before + 2 * here + after + 2) >> 2;
        out[16 + n] = (here + after + 1) >> 1;
    }
    out[15] = around[0];
    out
}

/// The predictions of a subblock.
pub struct Subblock {
    /// Those of the eight directional modes.
    pub directional: Blocks,
    /// The mean of the samples around it.
    pub mean: i16,
    /// Left plus above minus the corner.
    pub true_motion: [i16; 16],
}

impl Subblock {
    /// Predicts a subblock in all modes from the samples around it: left from below, the corner,
    /// above to the right.
    #[inline(never)]
    pub fn new(edge: &[u8; 13]) -> Self {
        let sum: i16 = edge[..4].iter().chain(&edge[5..9]).map(|&sample| i16::from(sample)).sum();
        let mut true_motion = [0; 16];
        for (row, left) in true_motion.chunks_exact_mut(4).zip(edge[..4].iter().rev()) {
            for (to, above) in row.iter_mut().zip(&edge[5..]) {
                let value = i16::from(*left) + i16::from(*above) - i16::from(edge[4]);
                *to = value.clamp(0, 255);
            }
        }
        let smoothed = smoothed(edge);
        let mut directional = [i16x8::ZERO; 16];
        for (out, sources) in directional.iter_mut().zip(&SOURCES) {
            let mut lanes = [0; 8];
            for (lane, &source) in lanes.iter_mut().zip(sources) {
                *lane = smoothed[usize::from(source & 31)];
            }
            *out = i16x8::new(lanes);
        }
        Self { directional, mean: (sum + 4) >> 3, true_motion }
    }

    /// The predictions of eight modes, and these modes: the mean, true motion, and the six
    /// directional ones that differ least from the samples.
    #[inline(always)]
    pub fn best(&self, samples: &Blocks) -> (Blocks, [u8; 8]) {
        let mut differences = i16x8::ZERO;
        for (sample, prediction) in samples.iter().zip(&self.directional) {
            differences += (*sample - *prediction).abs();
        }
        let mut modes = std::array::from_fn(|lane| FIRST_DIRECTIONAL + lane as u8);
        let mut differences = differences.to_array();
        let mut masks = [i16x8::ZERO; 2];
        for (mode, mask) in masks.iter_mut().enumerate() {
            let (mut worst, mut most) = (0, -1);
            for (lane, &difference) in differences.iter().enumerate() {
                if difference > most {
                    (worst, most) = (lane, difference);
                }
            }
            differences[worst] = -1;
            modes[worst] = mode as u8;
            let mut lanes = [0; 8];
            lanes[worst] = -1;
            *mask = i16x8::new(lanes);
        }
        let [mean, true_motion] = masks;
        let kept = !(mean | true_motion);
        let mean = mean & i16x8::splat(self.mean);
        let mut out = self.directional;
        for (out, &sample) in out.iter_mut().zip(&self.true_motion) {
            *out = *out & kept | mean | true_motion & i16x8::splat(sample);
        }
        (out, modes)
    }
}
