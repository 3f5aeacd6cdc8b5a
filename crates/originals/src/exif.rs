//! Reads EXIF blocks, which are small TIFF files.

use azulejo::{
    pyramid::Metadata,
    store::{Block, FetchBuffer, Fetched, Version},
};

/// The metadata of an EXIF block; empty if the block is damaged.
pub(crate) fn read(block: &[u8]) -> Metadata {
    const KEY: &str = "exif";
    // Some writers keep the prefix that belongs to JPEG only.
    let bytes = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
    let mut fetched = Fetched::default();
    let block = Block {
        start: 0,
        bytes: bytes.to_vec(),
        version: Version(String::new()),
        object_len: bytes.len() as u64,
        modified: None,
    };
    fetched.insert(KEY, block);
    let buffer = FetchBuffer::new(fetched);
    // The buffer contains the whole block, so the stage needs no further reads.
    buffer.at_once(Metadata::read(KEY, &buffer)).and_then(Result::ok).unwrap_or_default()
}
