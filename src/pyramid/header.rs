//! Parses the basic parts of a TIFF: byte order, offsets, arrays of numbers.

use crate::{
    error::Error,
    limits,
    store::{ByteRange, Object},
};

/// Why a part of the file cannot be parsed.
#[derive(Debug)]
pub enum Gap {
    /// These bytes are not read yet.
    Unread(ByteRange),
    /// The bytes are invalid or unsupported.
    Bad(Error),
}

impl From<Error> for Gap {
    fn from(error: Error) -> Self {
        Self::Bad(error)
    }
}

/// The result of parsing, which may need bytes that are not read yet.
pub type Parsed<T> = Result<T, Gap>;

/// A TIFF file whose header is read.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    object: &'a Object,
    /// Numbers are stored most significant byte first.
    pub big_endian: bool,
    /// Offsets have 64 bits (BigTIFF).
    pub big: bool,
    /// Offset of the first directory.
    pub first: u64,
}

impl<'a> File<'a> {
    /// Whether GDAL's marker follows the header: GDAL determined the layout of the file.
    pub fn is_of_gdal(&self) -> bool {
        const GHOST: &[u8] = b"GDAL_STRUCTURAL_METADATA_SIZE=";
        let after = self.object.from(if self.big { 16 } else { 8 });
        after.is_some_and(|bytes| bytes.starts_with(GHOST))
    }

    /// Length of the file in bytes.
    pub fn len(&self) -> u64 {
        self.object.len
    }

    /// Reads the header: 8 bytes, or 16 for BigTIFF.
    pub fn new(object: &'a Object) -> Parsed<Self> {
        let not_tiff = || Gap::Bad(Error::bad_source("the source image is not a TIFF file"));
        let head = object.from(0).unwrap_or_default();
        let (big_endian, head) = match head.split_at_checked(2).ok_or_else(not_tiff)? {
            (b"II", rest) => (false, rest),
            (b"MM", rest) => (true, rest),
            _ => return Err(not_tiff()),
        };
        let number = |at: usize, len: usize| {
            head.get(at..at + len).map(|bytes| number(bytes, big_endian)).ok_or_else(not_tiff)
        };
        let (big, first) = match number(0, 2)? {
            42 => (false, number(2, 4)?),
            43 if number(2, 2)? == 8 => (true, number(6, 8)?),
            _ => return Err(not_tiff()),
        };
        Ok(Self { object, big_endian, big, first })
    }

    /// `len` bytes from `start`.
    pub fn bytes(&self, start: u64, len: u64) -> Parsed<&'a [u8]> {
        let range = ByteRange::new(start, len);
        if range.end() > self.object.len {
            let message = format!("the TIFF points to byte {}, after its end", range.end());
            return Err(Gap::Bad(Error::bad_source(message)));
        }
        self.object.get(range).ok_or(Gap::Unread(range))
    }

    /// A number of `len` bytes at `start`.
    pub fn number(&self, start: u64, len: u64) -> Parsed<u64> {
        self.bytes(start, len).map(|bytes| number(bytes, self.big_endian))
    }

    /// The first number of an entry of integer type. An entry without values is an error.
    pub fn one(&self, entry: &Entry) -> Parsed<u64> {
        let numbers = self.first_numbers(entry, 1)?;
        let missing = || Error::bad_source(format!("tag {} has no value", entry.tag));
        Ok(numbers.first().copied().ok_or_else(missing)?)
    }

    /// The first numbers of an entry of integer type, at most `most`.
    pub fn first_numbers(&self, entry: &Entry, most: u64) -> Parsed<Vec<u64>> {
        self.numbers(&Entry { count: entry.count.min(most), ..*entry })
    }

    /// The numbers of an entry of integer type.
    pub fn numbers(&self, entry: &Entry) -> Parsed<Vec<u64>> {
        Ok(self.each_number(entry)?.collect())
    }

    /// Checks that an entry has an integer type and its numbers have been read; returns the entry.
    pub fn listed(&self, entry: &Entry) -> Parsed<Entry> {
        self.each_number(entry).map(|_| *entry)
    }

    /// An iterator over the numbers of an entry of integer type.
    pub fn each_number(&self, entry: &Entry) -> Parsed<impl Iterator<Item = u64> + use<'a>> {
        let size = match entry.kind {
            1 | 7 => 1,
            3 => 2,
            4 | 13 => 4,
            16 | 18 => 8,
            kind => {
                let message = format!("tag {} has type {kind}, not an integer", entry.tag);
                return Err(Gap::Bad(Error::bad_source(message)));
            }
        };
        if entry.count > limits::INDEX_TILES {
            let message = format!("tag {} has {} values", entry.tag, entry.count);
            return Err(Gap::Bad(Error::too_large(message)));
        }
        let bytes = self.bytes(entry.at, entry.count * size)?;
        let big_endian = self.big_endian;
        Ok(bytes.chunks_exact(size as usize).map(move |bytes| number(bytes, big_endian)))
    }
}

/// An entry of a directory: a tag, and the offset of its values.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The tag's number.
    pub tag: u16,
    /// The type of its values.
    pub kind: u16,
    /// Number of values.
    pub count: u64,
    /// Offset of the first value; it is inside the entry if the values fit there.
    pub at: u64,
}

impl Entry {
    /// Length of all values in bytes; 0 for an unknown type.
    pub fn len(kind: u16, count: u64) -> u64 {
        let size = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16 | 17 | 18 => 8,
            _ => 0,
        };
        count.saturating_mul(size)
    }
}

fn number(bytes: &[u8], big_endian: bool) -> u64 {
    let fold = |number: u64, &byte: &u8| number << 8 | u64::from(byte);
    if big_endian { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) }
}
