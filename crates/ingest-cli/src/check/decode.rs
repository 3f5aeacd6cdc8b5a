//! Decodes input files: decompresses gzip, and converts UTF-16 to UTF-8.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use anyhow::{Result, bail};
use flate2::bufread::MultiGzDecoder;

/// Unsupported formats: their signature, their description, and a command that prints their text.
const UNSUPPORTED: [(&[u8], &str, &str); 5] = [
    (b"PK\x03\x04", "a ZIP archive", "unzip -p"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard", "zstd -dc"),
    (b"BZh", "packed with bzip2", "bzip2 -dc"),
    (b"\xfd7zXZ\0", "packed with xz", "xz -dc"),
    (b"PAR1", "a Parquet file", "duckdb -jsonlines -c \"FROM 'FILE'\""),
];

/// Opens a file and decodes it.
pub fn file(path: &Path) -> Result<Box<dyn BufRead>> {
    text(File::open(path)?)
}

/// Decodes standard input.
pub fn standard() -> Result<Box<dyn BufRead>> {
    text(io::stdin())
}

/// Decodes a file. Decompresses it if it begins like gzip, whatever its name is; CDNs write files
/// with several gzip members. Fails for other compressed formats.
fn text(source: impl Read + 'static) -> Result<Box<dyn BufRead>> {
    let mut source = BufReader::new(source);
    if !source.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        return unicode(source);
    }
    unicode(BufReader::new(MultiGzDecoder::new(source)))
}

/// Removes the byte order mark, and converts UTF-16 to UTF-8.
fn unicode(mut source: impl BufRead + 'static) -> Result<Box<dyn BufRead>> {
    let start = source.fill_buf()?;
    if let Some((_, kind, command)) =
        UNSUPPORTED.iter().find(|(magic, ..)| start.starts_with(magic))
    {
        bail!("{kind}, which is unsupported: {command} FILE prints its text; read that as -");
    }
    let (mark, order) = match start {
        [0xef, 0xbb, 0xbf, ..] => (3, None),
        [0xff, 0xfe, ..] => (2, Some(u16::from_le_bytes as Order)),
        [0xfe, 0xff, ..] => (2, Some(u16::from_be_bytes as Order)),
        // Without a mark: in UTF-16, every other byte of ASCII characters is 0.
        [1..=0xff, 0, 1..=0xff, 0, ..] => (0, Some(u16::from_le_bytes as Order)),
        [0, 1..=0xff, 0, 1..=0xff, ..] => (0, Some(u16::from_be_bytes as Order)),
        _ => (0, None),
    };
    source.consume(mark);
    Ok(match order {
        None => Box::new(source),
        Some(order) => {
            let (units, decoded) = (Vec::new(), VecDeque::new());
            Box::new(BufReader::new(Utf16 { source, order, units, decoded }))
        }
    })
}

type Order = fn([u8; 2]) -> u16;

/// Reads UTF-16 as UTF-8. Invalid units become U+FFFD.
struct Utf16<R> {
    source: R,
    order: Order,
    /// A high surrogate whose low surrogate has not been read yet.
    units: Vec<u16>,
    /// UTF-8 that has not been read yet.
    decoded: VecDeque<u8>,
}

/// Bytes of UTF-16 that are decoded at once.
const PIECE: u64 = 8 << 10;

impl<R: BufRead> Utf16<R> {
    /// Decodes a piece. Returns false at the end.
    fn decode(&mut self) -> io::Result<bool> {
        let mut bytes = Vec::new();
        self.source.by_ref().take(PIECE).read_to_end(&mut bytes)?;
        let ended = bytes.is_empty();
        self.units.extend(bytes.chunks(2).map(|unit| match *unit {
            [one, other] => (self.order)([one, other]),
            _ => u16::from(b'?'),
        }));
        let half = |unit: &mut u16| (0xd800..0xdc00).contains(unit) && !ended;
        let left = self.units.pop_if(half);
        for c in char::decode_utf16(self.units.drain(..)) {
            let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.decoded.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        self.units.extend(left);
        Ok(!ended)
    }
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.decoded.is_empty() && self.decode()? {}
        self.decoded.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn read(bytes: Vec<u8>) -> String {
        let mut read = String::new();
        text(Cursor::new(bytes)).unwrap().read_to_string(&mut read).unwrap();
        read
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn unicode_is_read_with_and_without_its_mark() {
        let text = "GET /is/image/a/öß€😀b\r\n".repeat(3_000);
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            assert_eq!(read(utf16(&text, order)), text);
            assert_eq!(read(utf16(&format!("\u{feff}{text}"), order)), text);
        }
        assert_eq!(read(format!("\u{feff}{text}").into_bytes()), text);
        assert_eq!(read(Vec::new()), "");
    }

    #[test]
    fn invalid_utf16_becomes_replacement_characters() {
        let mut bytes = utf16("\u{feff}a", u16::to_le_bytes);
        bytes.extend([0x00, 0xd8, b'b', 0, 0x3d, 0xd8, b'c']);
        assert_eq!(read(bytes), "a\u{fffd}b\u{fffd}?");
    }

    #[test]
    fn an_unsupported_compression_is_refused_with_a_command() {
        let error = text(Cursor::new(b"\x28\xb5\x2f\xfd1234")).err().unwrap().to_string();
        assert!(
            error.contains("Zstandard") && error.contains("zstd -dc FILE prints its text"),
            "{error}"
        );
    }
}
