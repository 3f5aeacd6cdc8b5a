//! A store of one file, whose bytes are in memory.

use azulejo::{
    codec::Codecs,
    store::{Block, Read, ReadError, Store, Version},
};

/// The key of the file.
pub const KEY: &str = "file.tif";

/// The file.
pub struct FileStore<'a>(pub &'a [u8]);

impl Codecs for FileStore<'_> {}

impl Store for FileStore<'_> {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        if read.key != KEY {
            return Err(ReadError::NotFound);
        }
        let len = self.0.len() as u64;
        let (start, end) = (read.range.start.min(len), read.range.end().min(len));
        let bytes = self.0.get(start as usize..end as usize).unwrap_or_default();
        Ok(Block {
            start: read.range.start,
            bytes: bytes.to_vec(),
            version: Version(String::new()),
            object_len: len,
            modified: None,
        })
    }
}
