//! A dropped JPEG or PNG becomes a pyramid in memory, as ingest would make it.

use std::io::Cursor;

use azulejo::geometry::Size;
use originals::{Options, Unreadable};

/// Bytes that making it may take, all at once; a phone's page has hardly more.
const MOST: u64 = 1 << 30;

/// Whether a file begins like a JPEG or a PNG.
pub fn is_one(head: &[u8]) -> bool {
    head.starts_with(&[0xff, 0xd8, 0xff]) || head.starts_with(b"\x89PNG\r\n\x1a\n")
}

/// The pyramid of a JPEG or PNG, or why there is none.
pub fn pyramid(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let told = |error: Unreadable| error.to_string();
    let original = originals::open(Cursor::new(bytes), bytes.len() as u64, MOST).map_err(told)?;
    let options = Options::default();
    if original.memory(options).saturating_add(original.pyramid_bytes()) > MOST {
        let Size { width, height, .. } = original.size();
        return Err(format!(
            "{width} × {height} pixels are too many to make a pyramid of in a page; use azulejo ingest"
        ));
    }
    original.pyramid(options).map_err(told)
}
