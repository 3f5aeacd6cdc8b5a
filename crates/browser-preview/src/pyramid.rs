//! Builds the pyramid of a dropped JPEG or PNG in memory, as ingest does.

use std::io::Cursor;

use azulejo::geometry::Size;
use originals::{Options, Unreadable};

/// The memory that building it may need, in bytes. A page on a phone rarely has more.
const MEMORY_LIMIT: u64 = 1 << 30;

/// Whether `head` is the beginning of a JPEG or a PNG.
pub fn is_jpeg_or_png(head: &[u8]) -> bool {
    head.starts_with(&[0xff, 0xd8, 0xff]) || head.starts_with(b"\x89PNG\r\n\x1a\n")
}

/// Builds the pyramid of a JPEG or PNG.
pub fn build(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let message = |error: Unreadable| error.to_string();
    let original =
        originals::open(Cursor::new(bytes), bytes.len() as u64, MEMORY_LIMIT).map_err(message)?;
    let options = Options::default();
    if original.memory(options).saturating_add(original.pyramid_bytes()) > MEMORY_LIMIT {
        let Size { width, height, .. } = original.size();
        return Err(format!(
            "{width} × {height} pixels are too many to make a pyramid of in a page; use azulejo ingest"
        ));
    }
    original.pyramid(options).map_err(message)
}
