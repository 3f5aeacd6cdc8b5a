//! Writes directories (TIFF 6.0, section 2; BigTIFF).

use crate::sort::sort_by;

/// Types of values.
pub const BYTE: u16 = 1;
/// Two bytes.
const SHORT: u16 = 3;
/// Four bytes.
pub const LONG: u16 = 4;
/// Two LONGs: numerator and denominator.
const RATIONAL: u16 = 5;
/// Bytes of any meaning.
pub const UNDEFINED: u16 = 7;
/// Eight bytes, only in BigTIFF.
pub const LONG8: u16 = 16;

/// A tag with its values, in little-endian byte order whatever that of the file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The tag's number.
    pub tag: u16,
    /// The type of its values (TIFF 6.0, section 2).
    pub kind: u16,
    /// The number of values.
    pub count: u64,
    /// The bytes of all values.
    pub value: Vec<u8>,
}

/// The end of a file, which holds values of its directories.
pub struct Tail {
    /// The offset of its first byte in the file.
    pub end: u64,
    /// Its bytes so far.
    pub bytes: Vec<u8>,
}

impl Tail {
    /// The offset of the next value. Pads to an even offset, as TIFF requires.
    pub fn even(&mut self) -> u64 {
        if self.at() % 2 == 1 {
            self.bytes.push(0);
        }
        self.at()
    }

    /// The offset after its last byte.
    pub fn at(&self) -> u64 {
        self.end + self.bytes.len() as u64
    }
}

/// Appends a directory to `out`, whose first byte is byte `base` of the file: the entries of `tags`
/// and `trailing`, sorted by tag, then the values that do not fit into an entry. Such values of
/// `trailing` go to the tail instead.
pub fn directory(
    out: &mut Vec<u8>,
    base: u64,
    tags: &[Tag],
    trailing: &[Tag],
    tail: &mut Tail,
    big: bool,
    last: bool,
) {
    let word = if big { 8 } else { 4 };
    let (count_len, entry_len) = if big { (8, 20) } else { (2, 12) };
    let mut all: Vec<(&Tag, bool)> = tags.iter().map(|tag| (tag, false)).collect();
    all.extend(trailing.iter().map(|tag| (tag, true)));
    sort_by(&mut all, |(a, _), (b, _)| a.tag.cmp(&b.tag));
    let arrays_at = base + (out.len() + count_len + all.len() * entry_len + word) as u64;
    let mut arrays: Vec<u8> = Vec::new();
    push_number(out, all.len() as u64, count_len);
    for (tag, is_trailing) in all {
        push_number(out, u64::from(tag.tag), 2);
        push_number(out, u64::from(tag.kind), 2);
        push_number(out, tag.count, word);
        if tag.value.len() <= word {
            let padding = word - tag.value.len();
            out.extend_from_slice(&tag.value);
            out.extend(std::iter::repeat_n(0, padding));
        } else if is_trailing {
            push_number(out, tail.even(), word);
            tail.bytes.extend_from_slice(&tag.value);
        } else {
            push_number(out, arrays_at + arrays.len() as u64, word);
            arrays.extend_from_slice(&tag.value);
            // Values begin at even offsets.
            if arrays.len() % 2 == 1 {
                arrays.push(0);
            }
        }
    }
    // Directories must begin at even offsets too.
    if (arrays_at + arrays.len() as u64) % 2 == 1 {
        arrays.push(0);
    }
    push_number(out, if last { 0 } else { arrays_at + arrays.len() as u64 }, word);
    out.extend_from_slice(&arrays);
}

fn push_number(out: &mut Vec<u8>, number: u64, len: usize) {
    out.extend(number.to_le_bytes().iter().take(len));
}

/// The tags of a resolution in pixels per inch.
pub fn resolution(pixels_per_inch: f64) -> [Tag; 3] {
    let hundredths = (pixels_per_inch * 100.0 + 0.5).max(1.0).min(4e9) as u32;
    let value = [hundredths.to_le_bytes(), 100_u32.to_le_bytes()].concat();
    let tag = |tag| Tag { tag, kind: RATIONAL, count: 1, value: value.clone() };
    [tag(282), tag(283), shorts(296, &[2])]
}

/// A tag of one LONG.
pub fn long(tag: u16, value: u32) -> Tag {
    numbers(tag, LONG, std::iter::once(value.to_le_bytes()))
}

/// A tag of SHORTs.
pub fn shorts(tag: u16, values: &[u16]) -> Tag {
    numbers(tag, SHORT, values.iter().map(|value| value.to_le_bytes()))
}

/// A tag of bytes.
pub fn blob(tag: u16, kind: u16, bytes: &[u8]) -> Tag {
    Tag { tag, kind, count: bytes.len() as u64, value: bytes.to_vec() }
}

/// A tag of numbers of one type.
pub fn numbers<const N: usize>(tag: u16, kind: u16, values: impl Iterator<Item = [u8; N]>) -> Tag {
    let value: Vec<u8> = values.flatten().collect();
    Tag { tag, kind, count: (value.len() / N) as u64, value }
}
