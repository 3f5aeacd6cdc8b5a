//! Decodes the coefficients of a block, sequential or progressive (ITU-T T.81, F.2.2 and G.1.2).

use super::{bits::Bits, tables::Huffman};
use crate::codec::jpeg::zigzag::ZIGZAG;

/// The quantised coefficients of a block, column by column.
pub type Block = [i16; 64];

/// Decodes the difference of the DC coefficient to that of the previous block.
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

/// Decodes all coefficients of a block. Passes the DC and the nonzero AC coefficients to `put`:
/// zigzag index and value. `last` is the DC coefficient of the previous block, and is updated.
/// Returns whether the block has only DC, or `None` if its bits are invalid.
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

/// Decodes the first bits of the DC coefficient, without the `low` lowest bits.
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

/// Decodes one more bit of the DC coefficient.
pub fn dc_refine(bits: &mut Bits, low: u32, block: &mut Block) -> Option<()> {
    if bits.bit() {
        block[0] |= 1 << low;
    }
    Some(())
}

/// A progressive scan of a range of AC coefficients.
pub struct Band {
    /// The first coefficient, in zigzag order.
    pub start: usize,
    /// The last coefficient, in zigzag order, included.
    pub end: usize,
    /// The number of low bits that later scans add.
    pub low: u32,
    /// The end-of-band run: the number of following blocks without new nonzero coefficients.
    pub run: u32,
}

impl Band {
    /// Decodes the first bits of the coefficients. `None` if the bits are invalid.
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

    /// Decodes one more bit of nonzero coefficients, and the newly nonzero ones (G.1.2.3).
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

    /// Applies one more bit to a coefficient, which increases its magnitude.
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
