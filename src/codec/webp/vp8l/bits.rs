//! Writes numbers of bits, the lowest first.

/// Bytes that grow bit by bit.
#[derive(Debug, Default)]
pub struct Bits {
    bytes: Vec<u8>,
    /// The bits that do not fill a byte yet.
    rest: u64,
    count: u32,
}

impl Bits {
    /// Appends to these bytes.
    pub fn after(bytes: Vec<u8>) -> Self {
        Self { bytes, rest: 0, count: 0 }
    }

    /// Appends the lowest `count` bits of `value`, at most 32. Its other bits are 0.
    pub fn put(&mut self, value: u32, count: u32) {
        self.rest |= u64::from(value) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.rest as u8);
            self.rest >>= 8;
            self.count -= 8;
        }
    }

    /// Fills the last byte with zeros, and returns all bytes.
    pub fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.bytes.push(self.rest as u8);
        }
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_bit_comes_first() {
        let mut bits = Bits::after(vec![7]);
        bits.put(1, 1);
        bits.put(0, 0);
        bits.put(0b10, 2);
        bits.put(u32::MAX, 32);
        assert_eq!(bits.finish(), [7, 0b1111_1101, 255, 255, 255, 0b111]);
    }
}
