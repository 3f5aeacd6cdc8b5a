//! Reads the bits of a scan (ITU-T T.81, B.1.1.5 and F.2.2.5).

/// The bytes of an entropy-coded segment, without stuffed zeros.
#[derive(Debug, Default)]
pub struct Segment {
    /// Each four are in reverse order: little-endian machines then load 32 bits as they are, while
    /// wasm has no instruction that reverses bytes. Zeros fill up the last four.
    reversed: Vec<u8>,
    /// The number of bytes without these zeros.
    len: usize,
}

/// A reader of one segment, highest bit first. It returns 0 bits after the end.
pub struct Bits<'a> {
    words: &'a [[u8; 4]],
    /// The number of bytes in the segment.
    len: usize,
    /// The number of words read.
    at: usize,
    /// Unread bits, at the top; the bits below are 0.
    buffer: u64,
    count: u32,
}

/// A position of [`Bits`], to resume reading.
#[derive(Debug, Clone, Copy, Default)]
pub struct Position {
    at: usize,
    buffer: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    /// A reader that starts at a position of a segment.
    pub fn new(segment: &'a Segment, Position { at, buffer, count }: Position) -> Self {
        Self { words: segment.reversed.as_chunks().0, len: segment.len, at, buffer, count }
    }

    /// The current position.
    #[inline(always)]
    pub fn position(&self) -> Position {
        Position { at: self.at, buffer: self.buffer, count: self.count }
    }

    /// Returns to a position of the same segment.
    pub fn seek(&mut self, position: Position) {
        (self.at, self.buffer, self.count) = (position.at, position.buffer, position.count);
    }

    /// Refills the buffer to at least 32 bits, which a code and its value fit in.
    #[inline(always)]
    pub fn refill(&mut self) {
        if self.count < 32 {
            let next = self.words.get(self.at).map_or(0, |word| u32::from_le_bytes(*word));
            self.buffer |= u64::from(next) << (32 - self.count);
            self.at += 1;
            self.count += 32;
        }
    }

    /// Peeks at the next `len` bits, 1 to 32.
    #[inline(always)]
    pub fn peek(&self, len: u32) -> u32 {
        (self.buffer >> (64 - len)) as u32
    }

    /// Skips `len` bits.
    #[inline(always)]
    pub fn skip(&mut self, len: u32) {
        self.buffer <<= len;
        self.count -= len;
    }

    /// Reads a signed value of `len` bits, 1 to 16; its first bit is the sign (F.2.2.1, EXTEND).
    #[inline(always)]
    pub fn value(&mut self, len: u32) -> i32 {
        let value = self.peek(len) as i32;
        self.skip(len);
        extend(value, len)
    }

    /// Reads `len` bits, 0 to 16, as an unsigned value.
    #[inline(always)]
    pub fn take(&mut self, len: u32) -> u32 {
        let value = if len == 0 { 0 } else { self.peek(len) };
        self.skip(len);
        value
    }

    /// Reads one bit, and refills the buffer if it is empty.
    #[inline(always)]
    pub fn bit(&mut self) -> bool {
        if self.count == 0 {
            self.refill();
        }
        self.take(1) == 1
    }

    /// Whether more bits were read than the segment has.
    #[inline(always)]
    pub fn is_overrun(&self) -> bool {
        self.at as u64 * 32 - u64::from(self.count) > self.len as u64 * 8
    }
}

/// The signed value of `len` bits.
#[inline(always)]
pub fn extend(value: i32, len: u32) -> i32 {
    if value < 1 << (len - 1) { value - (1 << len) + 1 } else { value }
}

impl Segment {
    /// Reads the data of a scan up to the next marker. Returns that marker, and the offset of its
    /// end in `scan`; `None` if the bytes end without a marker.
    pub fn read(&mut self, scan: &[u8]) -> Option<(u8, usize)> {
        let bytes = &mut self.reversed;
        bytes.clear();
        // A vector that grows would double its capacity.
        bytes.reserve_exact(scan.len().next_multiple_of(4));
        let mut at = 0;
        let found = loop {
            let rest = scan.get(at..).unwrap_or_default();
            let Some(plain) = rest.iter().position(|&byte| byte == 0xff) else {
                bytes.extend_from_slice(rest);
                break None;
            };
            bytes.extend_from_slice(&rest[..plain]);
            at += plain;
            // Any number of fill bytes may precede a marker.
            let fill = scan[at..].iter().take_while(|&&byte| byte == 0xff).count();
            at += fill + 1;
            match scan.get(at - 1) {
                None => break None,
                Some(0) => bytes.push(0xff),
                Some(&marker) => break Some((marker, at)),
            }
        };
        self.len = bytes.len();
        bytes.resize(self.len.next_multiple_of(4), 0);
        bytes.as_chunks_mut::<4>().0.iter_mut().for_each(|word| word.reverse());
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffed_zeros_are_left_out_and_markers_end_a_segment() {
        let mut segment = Segment::default();
        let scan = [1, 0xff, 0, 2, 5, 6, 0xff, 0xff, 0xd3, 7];
        assert_eq!(segment.read(&scan), Some((0xd3, 9)));
        assert_eq!((segment.len, &*segment.reversed), (5, &[5, 2, 0xff, 1, 0, 0, 0, 6][..]));
        assert_eq!(segment.read(&scan[9..]), None);
        assert_eq!((segment.len, &*segment.reversed), (1, &[0, 0, 0, 7][..]));
    }

    #[test]
    fn bits_come_highest_first_and_are_zeros_after_the_end() {
        let mut segment = Segment::default();
        let _none = segment.read(&[0b1010_0000, 0x12, 0x34]);
        let mut bits = Bits::new(&segment, Position::default());
        bits.refill();
        assert_eq!(bits.value(3), 5);
        assert_eq!(bits.peek(13), 0x12);
        bits.skip(21);
        assert!(!bits.is_overrun());
        bits.refill();
        assert_eq!(bits.peek(32), 0);
        bits.skip(1);
        assert!(bits.is_overrun());
    }

    #[test]
    fn a_value_that_begins_with_zero_is_negative() {
        assert_eq!(
            [(0, 1), (1, 1), (0, 3), (3, 3), (4, 3)].map(|(v, n)| extend(v, n)),
            [-1, 1, -7, -4, 4]
        );
    }
}
