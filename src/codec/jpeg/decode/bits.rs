//! Reads the bits of a scan (ITU-T T.81, B.1.1.5 and F.2.2.5).

/// Zero bytes after a segment, so that a load of eight bytes is possible at its last byte.
const PADDING: usize = 8;

/// A reader of one entropy-coded segment, highest bit first. It returns 0 bits after the end.
pub struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Unread bits, at the top; the bits below may already contain the following data.
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
    /// A reader that starts at a position of a segment from [`unstuff`].
    pub fn new(bytes: &'a [u8], Position { at, buffer, count }: Position) -> Self {
        Self { bytes, at, buffer, count }
    }

    /// The current position.
    pub fn position(&self) -> Position {
        Position { at: self.at, buffer: self.buffer, count: self.count }
    }

    /// Refills the buffer to at least 56 bits.
    #[inline(always)]
    pub fn refill(&mut self) {
        let next = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<8>());
        self.buffer |= next.map_or(0, |bytes| u64::from_be_bytes(*bytes)) >> self.count;
        self.at += ((63 - self.count) >> 3) as usize;
        self.count |= 56;
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
        let taken = self.at as u64 * 8 - u64::from(self.count);
        taken > (self.bytes.len().saturating_sub(PADDING)) as u64 * 8
    }
}

/// The signed value of `len` bits.
#[inline(always)]
pub fn extend(value: i32, len: u32) -> i32 {
    if value < 1 << (len - 1) { value - (1 << len) + 1 } else { value }
}

/// Copies a segment up to the next marker, without the stuffed zeros. Returns that marker, and
/// the offset of its end in `scan`; `None` if the bytes end without a marker.
pub fn unstuff(scan: &[u8], segment: &mut Vec<u8>) -> Option<(u8, usize)> {
    segment.clear();
    // A vector that grows would double its capacity.
    segment.reserve_exact(scan.len() + PADDING);
    let mut at = 0;
    let found = loop {
        let rest = scan.get(at..).unwrap_or_default();
        let Some(plain) = rest.iter().position(|&byte| byte == 0xff) else {
            segment.extend_from_slice(rest);
            break None;
        };
        segment.extend_from_slice(&rest[..plain]);
        at += plain;
        // Any number of fill bytes may precede a marker.
        let fill = scan[at..].iter().take_while(|&&byte| byte == 0xff).count();
        at += fill + 1;
        match scan.get(at - 1) {
            None => break None,
            Some(0) => segment.push(0xff),
            Some(&marker) => break Some((marker, at)),
        }
    };
    segment.extend([0; PADDING]);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffed_zeros_are_left_out_and_markers_end_a_segment() {
        let mut segment = Vec::new();
        let scan = [1, 0xff, 0, 2, 0xff, 0xff, 0xd3, 7];
        assert_eq!(unstuff(&scan, &mut segment), Some((0xd3, 7)));
        assert_eq!(segment[..segment.len() - PADDING], [1, 0xff, 2]);
        assert_eq!(unstuff(&scan[7..], &mut segment), None);
        assert_eq!(segment[..segment.len() - PADDING], [7]);
    }

    #[test]
    fn bits_come_highest_first_and_are_zeros_after_the_end() {
        let mut segment = Vec::new();
        unstuff(&[0b1010_0000, 0x12, 0x34], &mut segment);
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
