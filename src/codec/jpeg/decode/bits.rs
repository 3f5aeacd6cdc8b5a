//! The bits of a scan (ITU-T T.81, B.1.1.5 and F.2.2.5).

/// Bytes of zeros after a segment, so that eight can be loaded at its last.
const PADDING: usize = 8;

/// Bits of one entropy-coded segment, highest first. After its end they are 0.
pub struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Bits not yet taken, at the top; below them what follows may already stand.
    buffer: u64,
    count: u32,
}

/// How far the bits of a segment are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Position {
    at: usize,
    buffer: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    /// Bits of a segment that [`unstuff`] prepared, from a position of it on.
    pub fn new(bytes: &'a [u8], Position { at, buffer, count }: Position) -> Self {
        Self { bytes, at, buffer, count }
    }

    /// Where reading stands.
    pub fn position(&self) -> Position {
        Position { at: self.at, buffer: self.buffer, count: self.count }
    }

    /// Makes sure of at least 56 bits.
    #[inline(always)]
    pub fn refill(&mut self) {
        let next = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<8>());
        self.buffer |= next.map_or(0, |bytes| u64::from_be_bytes(*bytes)) >> self.count;
        self.at += ((63 - self.count) >> 3) as usize;
        self.count |= 56;
    }

    /// The next `len` bits, 1 to 32, which stay.
    #[inline(always)]
    pub fn peek(&self, len: u32) -> u32 {
        (self.buffer >> (64 - len)) as u32
    }

    /// Passes `len` bits.
    #[inline(always)]
    pub fn skip(&mut self, len: u32) {
        self.buffer <<= len;
        self.count -= len;
    }

    /// Takes a value of `len` bits, 1 to 16, whose first bit tells its sign (F.2.2.1, EXTEND).
    #[inline(always)]
    pub fn value(&mut self, len: u32) -> i32 {
        let value = self.peek(len) as i32;
        self.skip(len);
        extend(value, len)
    }

    /// Takes `len` bits as they are, 0 to 16.
    #[inline(always)]
    pub fn take(&mut self, len: u32) -> u32 {
        let value = if len == 0 { 0 } else { self.peek(len) };
        self.skip(len);
        value
    }

    /// Takes one bit, refilling where there is none.
    #[inline(always)]
    pub fn bit(&mut self) -> bool {
        if self.count == 0 {
            self.refill();
        }
        self.take(1) == 1
    }

    /// Whether more was taken than there is.
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

/// Copies a segment without its stuffed zeros, up to the next marker: that marker, and where it
/// ends in `scan`; `None` where the bytes end without one.
pub fn unstuff(scan: &[u8], segment: &mut Vec<u8>) -> Option<(u8, usize)> {
    segment.clear();
    // What grows takes room for twice as much.
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
        // Any number of fill bytes may stand before a marker.
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
