//! Builds the pyramid of an original in memory, as ingest does.

use std::io::Cursor;

use originals::{Options, Progress};

use crate::failure;

/// The memory that building it may need besides the file, in bytes. A page on a phone rarely has
/// more.
pub const MEMORY_LIMIT: u64 = 1 << 30;

/// Builds the pyramid of an original.
pub fn build(
    bytes: &[u8],
    name: &str,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<u8>, String> {
    if originals::is_xml(bytes) {
        return Err(failure::svg(name));
    }
    let original = originals::open(Cursor::new(bytes), bytes.len() as u64, MEMORY_LIMIT)
        .map_err(|error| failure::unopened(name, bytes, &error))?;
    let format = original.format.name;
    let built = original.pyramid_in_page(Options::default(), MEMORY_LIMIT, progress);
    built.map_err(|error| failure::undecoded(name, format, &error))
}
