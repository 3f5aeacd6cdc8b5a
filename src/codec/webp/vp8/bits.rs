//! The arithmetic coder of bits (RFC 6386, section 7).

/// Writes bits, each with the probability that it is 0.
pub struct BitWriter {
    out: Vec<u8>,
    /// Width of the current interval: 128 to 255 between calls.
    range: u32,
    /// The lower end of the interval, with `pending` bits below those that `range` counts.
    low: u64,
    pending: u32,
}

impl BitWriter {
    /// A writer that appends to `out`.
    pub fn new(out: Vec<u8>) -> Self {
        Self { out, range: 255, low: 0, pending: 0 }
    }

    /// Writes a bit that is 0 with a probability of `probability / 256`.
    #[inline]
    pub fn put(&mut self, bit: bool, probability: u8) {
        let split = 1 + (((self.range - 1) * u32::from(probability)) >> 8);
        if bit {
            self.low += u64::from(split);
            self.range -= split;
        } else {
            self.range = split;
        }
        let shift = self.range.leading_zeros() - 24;
        self.range <<= shift;
        self.low <<= shift;
        self.pending += shift;
        if self.pending >= 32 {
            self.pending -= 32;
            self.emit();
        }
    }

    /// Appends the 32 bits above the pending ones, and adds the carry to the bytes before them.
    #[inline(never)]
    fn emit(&mut self) {
        let bits = self.low >> (8 + self.pending);
        self.low &= (1 << (8 + self.pending)) - 1;
        if bits >> 32 != 0 {
            for byte in self.out.iter_mut().rev() {
                *byte = byte.wrapping_add(1);
                if *byte != 0 {
                    break;
                }
            }
        }
        self.out.extend_from_slice(&(bits as u32).to_be_bytes());
    }

    /// Writes the lowest `count` bits of a number, the highest of them first.
    pub fn literal(&mut self, value: u32, count: u32) {
        for bit in (0..count).rev() {
            self.put(value >> bit & 1 != 0, 128);
        }
    }

    /// Writes a flag that says whether a number differs from 0, then its magnitude and sign.
    pub fn optional(&mut self, value: i32, count: u32) {
        self.put(value != 0, 128);
        if value != 0 {
            self.literal(value.unsigned_abs(), count);
            self.put(value < 0, 128);
        }
    }

    /// Writes a leaf of a tree: the nodes on its path, each with the branch that is taken.
    pub fn path(&mut self, path: &[(usize, bool)], probabilities: &[u8]) {
        for (node, bit) in path {
            self.put(*bit, probabilities[*node]);
        }
    }

    /// Appends the rest of the interval's lower end, and one byte more, which decoders read ahead.
    /// Returns what was appended to.
    pub fn finish(mut self) -> Vec<u8> {
        let len = self.out.len() + (self.pending as usize + 8).div_ceil(8) + 1;
        while self.out.len() < len {
            self.put(false, 128);
        }
        self.out.truncate(len);
        self.out
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// The decoder of RFC 6386, section 7.3.
    pub struct BitReader<'a> {
        bytes: std::slice::Iter<'a, u8>,
        value: u32,
        range: u32,
        shifted: u32,
    }

    impl<'a> BitReader<'a> {
        pub fn new(bytes: &'a [u8]) -> Self {
            let value = u32::from(bytes[0]) << 8 | u32::from(bytes[1]);
            Self { bytes: bytes[2..].iter(), value, range: 255, shifted: 0 }
        }

        pub fn read(&mut self, probability: u8) -> bool {
            let split = 1 + (((self.range - 1) * u32::from(probability)) >> 8);
            let bit = self.value >= split << 8;
            if bit {
                self.range -= split;
                self.value -= split << 8;
            } else {
                self.range = split;
            }
            while self.range < 128 {
                self.value <<= 1;
                self.range <<= 1;
                self.shifted += 1;
                if self.shifted == 8 {
                    self.shifted = 0;
                    self.value |= u32::from(self.bytes.next().copied().unwrap_or(0));
                }
            }
            bit
        }
    }

    #[test]
    fn bits_are_read_back_whatever_their_probability() {
        for seed in 1..60_u32 {
            let mut state = seed;
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state >> 16
            };
            let bits: Vec<(bool, u8)> = (0..seed * 40)
                .map(|_| {
                    // Likely ones make long runs of 255, through which a carry goes.
                    let probability = if seed % 3 == 0 { 1 } else { next().max(1) as u8 };
                    (next() % 256 >= u32::from(probability) || seed % 7 == 0, probability.max(1))
                })
                .collect();
            let mut writer = BitWriter::new(vec![1, 2, 3]);
            bits.iter().for_each(|(bit, probability)| writer.put(*bit, *probability));
            let written = writer.finish();
            assert_eq!(written[..3], [1, 2, 3]);
            let mut reader = BitReader::new(&written[3..]);
            for (at, (bit, probability)) in bits.iter().enumerate() {
                assert_eq!(reader.read(*probability), *bit, "bit {at} of seed {seed}");
            }
        }
    }
}
