//! Builds the pyramid of a dropped JPEG or PNG in memory, as ingest does.

#[cfg(feature = "originals")]
use std::io::Cursor;

#[cfg(feature = "originals")]
use originals::{Options, Unreadable};

/// The memory that building it may need, in bytes. A page on a phone rarely has more.
#[cfg(feature = "originals")]
const MEMORY_LIMIT: u64 = 1 << 30;

/// Whether `head` is the beginning of a JPEG or a PNG.
pub fn is_jpeg_or_png(head: &[u8]) -> bool {
    head.starts_with(&[0xff, 0xd8, 0xff]) || head.starts_with(b"\x89PNG\r\n\x1a\n")
}

/// Builds the pyramid of a JPEG or PNG.
#[cfg(feature = "originals")]
pub fn build(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let message = |error: Unreadable| error.to_string();
    let original =
        originals::open(Cursor::new(bytes), bytes.len() as u64, MEMORY_LIMIT).map_err(message)?;
    original.pyramid_in_page(Options::default(), MEMORY_LIMIT, &mut |_| {}).map_err(message)
}

/// This build reads pyramids only.
#[cfg(not(feature = "originals"))]
pub fn build(_: &[u8]) -> Result<Vec<u8>, String> {
    Err("this build of the engine reads pyramid TIFFs; make the pyramid of the file first"
        .to_owned())
}
