//! Huffman encoding of coefficients (ITU-T T.81, F.1.2), and the bit stream of a scan.

use std::ops::RangeInclusive;

use wide::i16x8;

use super::{
    tables::{Code, Codes},
    tokens::Tokens,
};
use crate::codec::jpeg::zigzag::ZIGZAG;

/// Writes the blocks of a scan.
pub struct Entropy<'a> {
    out: &'a mut Vec<u8>,
    /// Pending bits, fewer than 32; the last one is the lowest.
    bits: u64,
    count: u32,
    /// Collects symbols instead of writing codes.
    tokens: Option<&'a mut Tokens>,
}

/// The symbol ZRL: a run of sixteen zeros.
const ZEROS: usize = 0xf0;
/// The symbol EOB: the rest of the block is zero.
const REST: usize = 0x00;
/// The most blocks that one symbol ends.
const LONGEST_RUN: u32 = 0x7fff;

impl<'a> Entropy<'a> {
    /// An encoder that appends to `out`.
    pub fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, bits: 0, count: 0, tokens: None }
    }

    /// An encoder that collects symbols, for codes that are the [symbols](Codes::symbols).
    pub fn collecting(tokens: &'a mut Tokens, out: &'a mut Vec<u8>) -> Self {
        Self { out, bits: 0, count: 0, tokens: Some(tokens) }
    }

    /// Bytes that are written so far, with those before the scan.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Appends a block of quantised coefficients, given column by column. `last` is the DC
    /// coefficient of the component's previous block, and is updated.
    #[inline(always)]
    pub fn block(&mut self, coefficients: &[[i16; 8]; 8], last: &mut i16, codes: &Codes) {
        self.first(coefficients[0][0], last, codes);
        self.others(coefficients, 1..=63, codes);
    }

    /// Appends only the DC coefficient of a block, as the difference to `last`.
    #[inline(always)]
    pub fn first(&mut self, coefficient: i16, last: &mut i16, codes: &Codes) {
        let difference = i32::from(coefficient) - i32::from(*last);
        *last = coefficient;
        let len = length(difference);
        self.put(codes.first[len as usize & 15], difference, len);
    }

    /// Appends only the AC coefficients of a block in `range`, which counts in zigzag order.
    #[inline(always)]
    pub fn others(
        &mut self,
        coefficients: &[[i16; 8]; 8],
        range: RangeInclusive<u8>,
        codes: &Codes,
    ) {
        let rest = in_zigzag(coefficients, &range);
        if self.not_zeros(coefficients, rest, range, codes) {
            self.put(codes.others[REST], 0, 0);
        }
    }

    /// As [`Self::others`], for a progressive scan (G.1.2.2): one symbol ends all blocks of a `run`,
    /// which are those whose rest is zero.
    #[inline(always)]
    pub fn others_in_runs(
        &mut self,
        coefficients: &[[i16; 8]; 8],
        range: RangeInclusive<u8>,
        codes: &Codes,
        run: &mut u32,
    ) {
        let rest = in_zigzag(coefficients, &range);
        if rest != 0 {
            self.end_run(codes, run);
        }
        if self.not_zeros(coefficients, rest, range, codes) {
            *run += 1;
            if *run == LONGEST_RUN {
                self.end_run(codes, run);
            }
        }
    }

    /// Appends the symbol EOBn for a run of 2ⁿ blocks or more, and how many more.
    #[inline(never)]
    pub fn end_run(&mut self, codes: &Codes, run: &mut u32) {
        if let Some(len) = run.checked_ilog2() {
            self.put(codes.others[(len << 4) as usize & 255], *run as i32, len);
        }
        *run = 0;
    }

    /// Appends the coefficients of a block that are not zero, of which `rest` is a mask. Returns
    /// whether zeros follow.
    #[inline(always)]
    fn not_zeros(
        &mut self,
        coefficients: &[[i16; 8]; 8],
        mut rest: u64,
        range: RangeInclusive<u8>,
        codes: &Codes,
    ) -> bool {
        let mut next = u32::from(*range.start());
        while rest != 0 {
            let at = rest.trailing_zeros();
            rest &= rest - 1;
            let mut zeros = at - next;
            next = at + 1;
            while zeros > 15 {
                self.put(codes.others[ZEROS], 0, 0);
                zeros -= 16;
            }
            let value =
                i32::from(coefficients.as_flattened()[usize::from(ZIGZAG[at as usize & 63] & 63)]);
            let len = length(value);
            self.put(codes.others[(zeros << 4 | len) as usize & 255], value, len);
        }
        next <= u32::from(*range.end())
    }

    /// Appends a code and the low `len` bits of a value, or of value − 1 if negative (table F.1).
    #[inline(always)]
    pub fn put(&mut self, code: Code, value: i32, len: u32) {
        let value = (value + (value >> 31)) as u32 & ((1 << len) - 1);
        if let Some(tokens) = &mut self.tokens {
            return tokens.push(code, value);
        }
        // At most 31 pending bits, 16 of the code and 11 of the value.
        self.bits = self.bits << (u32::from(code.len) + len) | u64::from(code.bits) << len;
        self.bits |= u64::from(value);
        self.count += u32::from(code.len) + len;
        if self.count >= 32 {
            self.count -= 32;
            self.write((self.bits >> self.count) as u32);
        }
    }

    /// Appends 32 bits. A 0 byte is stuffed after each byte 0xff, so that it is no marker.
    #[inline(always)]
    fn write(&mut self, bits: u32) {
        let bytes = bits.to_be_bytes();
        if bytes.contains(&0xff) {
            for byte in bytes {
                self.byte(byte);
            }
        } else {
            self.out.extend_from_slice(&bytes);
        }
    }

    /// Appends one byte, with stuffing. It is rare, so it is not inlined.
    #[inline(never)]
    fn byte(&mut self, byte: u8) {
        self.out.push(byte);
        if byte == 0xff {
            self.out.push(0);
        }
    }

    /// Writes the pending bits and pads the last byte with ones.
    pub fn finish(self) {
        let Self { bits, count, .. } = self;
        let missing = (8 - count % 8) % 8;
        let bits = bits << missing | ((1 << missing) - 1);
        let mut this = self;
        for nth in (0..(count + missing) / 8).rev() {
            this.byte((bits >> (nth * 8)) as u8);
        }
    }
}

/// The bit length of the magnitude of a value.
#[inline(always)]
fn length(value: i32) -> u32 {
    32 - value.unsigned_abs().leading_zeros()
}

/// A mask of the coefficients in `range` that are not zero. The lowest bit is the first in zigzag
/// order.
#[inline(always)]
fn in_zigzag(coefficients: &[[i16; 8]; 8], range: &RangeInclusive<u8>) -> u64 {
    let mut mask = 0;
    // Few are not zero, so that single bits take less time than all coefficients.
    let mut rest = not_zero(coefficients);
    while rest != 0 {
        mask |= 1 << PLACES[rest.trailing_zeros() as usize & 63];
        rest &= rest - 1;
    }
    mask & (u64::MAX << *range.start()) & (u64::MAX >> (63 - *range.end()))
}

/// The place in zigzag order of each coefficient of a block, column by column.
const PLACES: [u8; 64] = {
    let (mut places, mut nth) = ([0; 64], 0);
    while nth < 64 {
        places[ZIGZAG[nth] as usize] = nth as u8;
        nth += 1;
    }
    places
};

/// A mask of the nonzero coefficients; the first one is the lowest bit.
#[inline(always)]
fn not_zero(coefficients: &[[i16; 8]; 8]) -> u64 {
    let mut zero = 0;
    for (nth, eight) in coefficients.iter().enumerate() {
        let bits = i16x8::new(*eight).simd_eq(i16x8::ZERO).to_bitmask();
        zero |= u64::from(bits & 0xff) << (nth * 8);
    }
    !zero
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::jpeg::encode::tables::HUFFMAN;

    fn written(blocks: &[[[i16; 8]; 8]]) -> Vec<u8> {
        let (mut out, mut last) = (Vec::new(), 0);
        let [first, others] = &HUFFMAN[0];
        let codes = Codes::new(first, others);
        let mut entropy = Entropy::new(&mut out);
        for block in blocks {
            entropy.block(block, &mut last, &codes);
        }
        entropy.finish();
        out
    }

    #[test]
    fn a_flat_block_is_its_difference_and_an_end_and_ones_fill_the_last_byte() {
        let mut block = [[0; 8]; 8];
        block[0][0] = 3;
        // Two bits: 011, 11; the rest: 1010. Then no difference: 00, 1010.
        assert_eq!(written(&[block, block]), [0b0111_1101, 0b0001_0101]);
        block[0][0] = -3;
        assert_eq!(written(&[block]), [0b0110_0101, 0b0111_1111]);
    }

    #[test]
    fn zeros_are_counted_along_the_zigzag_and_none_are_left_after_the_last() {
        let mut block = [[0; 8]; 8];
        // The second zigzag coefficient is right of the first: in the next column.
        block[1][0] = 1;
        block[7][7] = -1;
        // DC difference 0; 0/1: 00, then 1; 61 zeros: three times 15/0, then 13/1 with 0. No EOB.
        let zeros = "11111111001";
        let wanted = ["00", "001", zeros, zeros, zeros, "111111110000"].concat();
        let bits: String = written(&[block])
            .iter()
            .scan(0, |before, byte| {
                let is_stuffed = *before == 0xff && *byte == 0;
                *before = *byte;
                Some(if is_stuffed { String::new() } else { format!("{byte:08b}") })
            })
            .collect();
        let filled = bits.strip_prefix(&wanted).unwrap_or_else(|| panic!("{bits}"));
        assert!(filled.chars().all(|bit| bit == '1') && filled.len() < 8, "{bits}");
    }
}
