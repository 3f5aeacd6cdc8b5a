//! The coefficients of a block, sequential and progressive (ITU-T T.81, F.2.2 and G.1.2).

use super::{bits::Bits, tables::Huffman};
use crate::codec::jpeg::zigzag::ZIGZAG;

/// Coefficients of a block, column by column, not dequantised.
pub type Block = [i16; 64];

/// Decodes the difference of the first coefficient to that of the block before.
#[inline(always)]
fn difference(bits: &mut Bits, dc: &Huffman) -> Option<i32> {
    bits.refill();
    let entry = dc.next(bits)?;
    bits.skip(entry.len.into());
    match (entry.symbol, entry.value) {
        (0, _) => Some(0),
        (len @ 1..=15, 0) => Some(bits.value(len.into())),
        (1..=15, value) => Some(value.into()),
        _ => None,
    }
}

/// Decodes all coefficients of a block and hands on those that are not 0: their place in the
/// zigzag, and their value. `last` is the first coefficient of the block before. Whether there is
/// but the first.
#[inline(always)]
pub fn sequential(
    bits: &mut Bits,
    dc: &Huffman,
    ac: &Huffman,
    last: &mut i32,
    mut put: impl FnMut(usize, i32),
) -> Option<bool> {
    *last = last.wrapping_add(difference(bits, dc)?);
    put(0, *last);
    let mut next = 1;
    while next < 64 {
        bits.refill();
        let entry = ac.next(bits)?;
        bits.skip(entry.len.into());
        let len = entry.symbol & 15;
        if len == 0 {
            if entry.symbol != 0xf0 {
                break;
            }
            next += 16;
            continue;
        }
        let value = if entry.value != 0 { entry.value.into() } else { bits.value(len.into()) };
        next += usize::from(entry.symbol >> 4);
        if next > 63 {
            return None;
        }
        put(next, value);
        next += 1;
    }
    Some(next == 1)
}

/// The first bits of the first coefficient, all but the `low` lowest.
pub fn dc_first(
    bits: &mut Bits,
    dc: &Huffman,
    last: &mut i32,
    low: u32,
    block: &mut Block,
) -> Option<()> {
    *last = last.wrapping_add(difference(bits, dc)?);
    block[0] = last.wrapping_shl(low) as i16;
    Some(())
}

/// One more bit of the first coefficient.
pub fn dc_refine(bits: &mut Bits, low: u32, block: &mut Block) -> Option<()> {
    if bits.bit() {
        block[0] |= 1 << low;
    }
    Some(())
}

/// A scan of some coefficients of each block, but not the first.
pub struct Band {
    /// The first and the last of them, in the zigzag.
    pub start: usize,
    /// See `start`.
    pub end: usize,
    /// Bits that later scans bring.
    pub low: u32,
    /// Blocks that come, of which there is nothing (new).
    pub run: u32,
}

impl Band {
    /// The first bits of the coefficients.
    pub fn first(&mut self, bits: &mut Bits, ac: &Huffman, block: &mut Block) -> Option<()> {
        if self.run > 0 {
            self.run -= 1;
            return Some(());
        }
        let mut next = self.start;
        while next <= self.end {
            bits.refill();
            let entry = ac.next(bits)?;
            bits.skip(entry.len.into());
            let (zeros, len) = (entry.symbol >> 4, entry.symbol & 15);
            if len == 0 {
                if zeros < 15 {
                    self.run = (1 << zeros) - 1 + bits.take(zeros.into());
                    break;
                }
                next += 16;
                continue;
            }
            let value = if entry.value != 0 { entry.value.into() } else { bits.value(len.into()) };
            next += usize::from(zeros);
            if next > self.end {
                return None;
            }
            block[place(next)] = value.wrapping_shl(self.low) as i16;
            next += 1;
        }
        Some(())
    }

    /// One more bit of those that are not 0, and those that are not 0 only with it (G.1.2.3).
    pub fn refine(&mut self, bits: &mut Bits, ac: &Huffman, block: &mut Block) -> Option<()> {
        let mut next = self.start;
        while self.run == 0 && next <= self.end {
            bits.refill();
            let entry = ac.next(bits)?;
            bits.skip(entry.len.into());
            let (mut zeros, len) = (entry.symbol >> 4, entry.symbol & 15);
            let value = match (len, entry.value) {
                (0, _) if zeros < 15 => {
                    self.run = (1 << zeros) + bits.take(zeros.into());
                    break;
                }
                (0, _) => 0,
                (1, 0) => bits.value(1),
                (1, value) => value.into(),
                _ => return None,
            };
            while next <= self.end {
                let coefficient = &mut block[place(next)];
                if *coefficient == 0 {
                    if zeros == 0 {
                        *coefficient = (value << self.low) as i16;
                        break;
                    }
                    zeros -= 1;
                } else {
                    self.more(bits, coefficient);
                }
                next += 1;
            }
            next += 1;
        }
        if self.run > 0 {
            for nth in next..=self.end {
                let coefficient = &mut block[place(nth)];
                if *coefficient != 0 {
                    self.more(bits, coefficient);
                }
            }
            self.run -= 1;
        }
        Some(())
    }

    /// One more bit of a coefficient, away from 0.
    #[inline(always)]
    fn more(&self, bits: &mut Bits, coefficient: &mut i16) {
        let bit = 1_i16 << self.low;
        if bits.bit() && *coefficient & bit == 0 {
            *coefficient = coefficient.wrapping_add(if *coefficient > 0 { bit } else { -bit });
        }
    }
}

#[inline(always)]
fn place(nth: usize) -> usize {
    usize::from(ZIGZAG[nth & 63] & 63)
}
