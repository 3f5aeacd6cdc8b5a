//! The quantised coefficients of macroblocks as tokens (RFC 6386, section 13).

use super::{
    bits::BitWriter,
    tables::{BANDS, ZIGZAG},
    token_probabilities::{CONTEXTS, NODES},
    transform::Block,
};

/// The planes of coefficients, as the format numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plane {
    /// Luma without DC.
    LumaAc = 0,
    /// The DC coefficients of luma.
    LumaDc = 1,
    /// Chroma.
    Chroma = 2,
    /// Luma with DC.
    Luma = 3,
}

impl Plane {
    /// The place of the first coefficient.
    pub fn first(self) -> usize {
        usize::from(self == Self::LumaAc)
    }

    /// The context of the coefficient at a place of the file.
    #[inline]
    pub fn context(self, place: usize, neighbours: usize) -> usize {
        (self as usize * 8 + BANDS[place]) * 3 + neighbours
    }
}

/// The blocks of a macroblock: 16 of luma, 4 of U, 4 of V, and the DC coefficients of luma.
pub const BLOCKS: usize = 25;

/// Which of the blocks around a macroblock have coefficients: four of luma, two of U, two of V, and
/// the DC coefficients of luma.
pub type Flags = [u8; 9];

/// The coefficients of a macroblock.
#[derive(Clone)]
pub struct Coefficients {
    /// The coefficients by block, each block in row order.
    pub blocks: [Block; BLOCKS],
    /// The place after the last coefficient of each block that is not 0.
    pub ends: [u8; BLOCKS],
    /// Whether the DC coefficients of luma are the last block.
    pub has_luma_dc: bool,
}

impl Coefficients {
    /// Lists the blocks in the order of the file, and updates the flags of the neighbours.
    pub fn visit(&self, above: &mut Flags, left: &mut Flags, sink: &mut impl Sink) {
        let luma = if self.has_luma_dc { Plane::LumaAc } else { Plane::Luma };
        if self.has_luma_dc {
            let some =
                tokens(&self.blocks[24], self.ends[24], Plane::LumaDc, above[8] + left[8], sink);
            (above[8], left[8]) = (some, some);
        }
        for (nth, block) in self.blocks[..24].iter().enumerate() {
            let (plane, column, row) = match nth {
                0..16 => (luma, nth % 4, nth / 4),
                _ => {
                    let first = if nth < 20 { 4 } else { 6 };
                    (Plane::Chroma, first + nth % 2, first + nth / 2 % 2)
                }
            };
            let some = tokens(block, self.ends[nth], plane, above[column] + left[row], sink);
            (above[column], left[row]) = (some, some);
        }
    }
}

/// The flags after a macroblock without coefficients. Where it predicts subblocks, the flag of the
/// DC coefficients stays.
pub fn skipped(flags: &mut Flags, has_luma_dc: bool) {
    let dc = if has_luma_dc { 0 } else { flags[8] };
    *flags = [0; 9];
    flags[8] = dc;
}

/// What becomes of the bits of tokens.
pub trait Sink {
    /// A branch at a node of the tree of tokens.
    fn branch(&mut self, context: usize, node: usize, bit: bool);
    /// A bit with a probability that frames do not change.
    fn fixed(&mut self, bit: bool, probability: u8);
}

/// The probabilities of the bits that follow the tokens of categories 3 to 6, from the highest.
const EXTRA_BITS: [&[u8]; 4] = [
    &[173, 148, 140],
    &[176, 155, 140, 135],
    &[180, 157, 141, 134, 130],
    &[254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129],
];

/// Passes on the tokens of a block. Returns 1 if it has coefficients, else 0.
#[inline]
fn tokens(block: &Block, end: u8, plane: Plane, neighbours: u8, sink: &mut impl Sink) -> u8 {
    let first = plane.first();
    let end = usize::from(end).clamp(first, 16);
    let mut context = plane.context(first, neighbours.into());
    let mut after_zero = false;
    for place in first..end {
        let level = block[ZIGZAG[place]];
        let magnitude = u32::from(level.unsigned_abs());
        if !after_zero {
            sink.branch(context, 0, true);
        }
        after_zero = magnitude == 0;
        sink.branch(context, 1, magnitude > 0);
        if magnitude > 0 {
            sink.branch(context, 2, magnitude > 1);
            if magnitude > 1 {
                large(magnitude, context, sink);
            }
            sink.fixed(level < 0, 128);
        }
        context = plane.context(place + 1, magnitude.min(2) as usize);
    }
    if end < 16 {
        sink.branch(context, 0, false);
    }
    u8::from(end > first)
}

/// Passes on the branches of a magnitude above 1.
#[inline(never)]
pub fn large(magnitude: u32, context: usize, sink: &mut impl Sink) {
    sink.branch(context, 3, magnitude > 4);
    if magnitude <= 4 {
        sink.branch(context, 4, magnitude > 2);
        if magnitude > 2 {
            sink.branch(context, 5, magnitude > 3);
        }
        return;
    }
    sink.branch(context, 6, magnitude > 10);
    if magnitude <= 10 {
        sink.branch(context, 7, magnitude > 6);
        if magnitude > 6 {
            sink.fixed(magnitude > 8, 165);
            sink.fixed(magnitude.is_multiple_of(2), 145);
        } else {
            sink.fixed(magnitude == 6, 159);
        }
        return;
    }
    // Categories 3 to 6 begin with 11, 19, 35 and 67.
    let category = [19, 35, 67].iter().filter(|&&start| magnitude >= start).count();
    sink.branch(context, 8, category > 1);
    sink.branch(context, 9 + category / 2, category % 2 > 0);
    let rest = magnitude - (3 + (8 << category));
    let extra = EXTRA_BITS[category];
    for (bit, &probability) in (0..extra.len()).rev().zip(extra) {
        sink.fixed(rest >> bit & 1 != 0, probability);
    }
}

/// The bits of tokens, counted.
pub struct Statistics {
    /// How often each branch was not taken, and how often it was met.
    pub branches: [[[u32; 2]; NODES]; CONTEXTS],
    /// Bits with a probability that frames do not change.
    pub fixed: u64,
}

impl Sink for Statistics {
    #[inline]
    fn branch(&mut self, context: usize, node: usize, bit: bool) {
        let [zeros, all] = &mut self.branches[context][node];
        *zeros += u32::from(!bit);
        *all += 1;
    }

    #[inline]
    fn fixed(&mut self, _: bool, _: u8) {
        self.fixed += 1;
    }
}

/// Writes tokens with these probabilities.
pub struct TokenWriter<'a> {
    /// The writer of the partition.
    pub bits: BitWriter,
    /// The probabilities of the frame.
    pub probabilities: &'a [[u8; NODES]; CONTEXTS],
}

impl Sink for TokenWriter<'_> {
    #[inline]
    fn branch(&mut self, context: usize, node: usize, bit: bool) {
        self.bits.put(bit, self.probabilities[context][node]);
    }

    #[inline]
    fn fixed(&mut self, bit: bool, probability: u8) {
        self.bits.put(bit, probability);
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{bits::tests::BitReader, token_probabilities::DEFAULT},
        *,
    };

    /// The tree of tokens (section 13.2); leaves are negative, and the first ends the block.
    const TREE: [i32; 22] =
        [-11, 2, 0, 4, -1, 6, 8, 12, -2, 10, -3, -4, 14, 16, -5, -6, 18, 20, -7, -8, -9, -10];
    /// The first value and the extra bits of tokens 5 to 10 (section 13.2).
    const CATEGORIES: [(u32, &[u8]); 6] = [
        (5, &[159]),
        (7, &[165, 145]),
        (11, &[173, 148, 140]),
        (19, &[176, 155, 140, 135]),
        (35, &[180, 157, 141, 134, 130]),
        (67, &[254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129]),
    ];

    /// Reads a block as the RFC describes it.
    fn read(reader: &mut BitReader<'_>, plane: Plane, neighbours: usize) -> Block {
        let mut block = [0; 16];
        let (mut context, mut after_zero) = (plane.context(plane.first(), neighbours), false);
        for place in plane.first()..16 {
            let mut node = if after_zero { 2 } else { 0 };
            let token = loop {
                let bit = reader.read(DEFAULT[context][node / 2]);
                match TREE[node + usize::from(bit)] {
                    next if next > 0 => node = next as usize,
                    leaf => break -leaf as u32,
                }
            };
            if token == 11 {
                break;
            }
            let magnitude = match CATEGORIES.get((token as usize).wrapping_sub(5)) {
                None => token,
                Some((first, bits)) => {
                    first + bits.iter().fold(0, |rest, &bit| rest * 2 + u32::from(reader.read(bit)))
                }
            };
            let negative = magnitude > 0 && reader.read(128);
            block[ZIGZAG[place]] = if negative { -(magnitude as i16) } else { magnitude as i16 };
            after_zero = magnitude == 0;
            context = plane.context(place + 1, magnitude.min(2) as usize);
        }
        block
    }

    #[test]
    fn tokens_of_every_magnitude_are_read_back() {
        let planes = [Plane::LumaAc, Plane::LumaDc, Plane::Chroma, Plane::Luma];
        let mut blocks = Vec::new();
        for magnitude in 0..2048_i16 {
            let plane = planes[magnitude as usize % 4];
            let mut block = [0; 16];
            let place = (magnitude as usize % 16).max(plane.first());
            block[ZIGZAG[place]] = if magnitude % 3 == 0 { -magnitude } else { magnitude };
            block[ZIGZAG[15 - place / 2]] += 1 - magnitude % 2;
            let last = (0..16).rev().find(|&place| block[ZIGZAG[place]] != 0);
            blocks.push((block, plane, last.map_or(0, |last| last as u8 + 1)));
        }
        let bits = BitWriter::new(Vec::new());
        let mut writer = TokenWriter { bits, probabilities: &DEFAULT };
        for (at, (block, plane, end)) in blocks.iter().enumerate() {
            let some = tokens(block, *end, *plane, (at % 3) as u8, &mut writer);
            assert_eq!(some, u8::from(*end > plane.first() as u8));
        }
        let written = writer.bits.finish();
        let mut reader = BitReader::new(&written);
        for (at, (block, plane, _)) in blocks.iter().enumerate() {
            assert_eq!(read(&mut reader, *plane, at % 3), *block, "block {at}");
        }
    }
}
