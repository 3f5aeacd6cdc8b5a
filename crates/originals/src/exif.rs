//! Reads EXIF blocks, which are small TIFF files.

use azulejo::{
    pyramid::Metadata,
    store::{Block, Known, Step, Version},
};

/// The metadata of an EXIF block; empty if the block is damaged.
pub(crate) fn read(block: &[u8]) -> Metadata {
    const KEY: &str = "exif";
    // Some writers keep the prefix that belongs to JPEG only.
    let bytes = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
    let mut known = Known::default();
    let block = Block {
        start: 0,
        bytes: bytes.to_vec(),
        version: Version(String::new()),
        object_len: bytes.len() as u64,
        modified: None,
    };
    known.add(KEY, block);
    match Metadata::read(KEY, &known) {
        Ok(Step::Done(metadata)) => metadata,
        // The whole block was added, so `Needs` cannot happen.
        Ok(Step::Needs(_)) | Err(_) => Metadata::default(),
    }
}
