//! A store with one object, which is a file. Ingest opens a new pyramid with it as the server does.

use std::{
    fs::File,
    io::{self, Read as _, Seek, SeekFrom},
};

use azulejo::{
    codec::Codecs,
    store::{Block, Read, ReadError, Store, Version},
};

/// A store that holds one file.
pub struct FileStore {
    key: String,
    file: File,
    len: u64,
}

impl FileStore {
    /// A store that holds `file` under `key`.
    pub fn new(key: &str, file: File) -> io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self { key: key.to_owned(), file, len })
    }

    fn bytes(&self, start: u64, len: u64) -> io::Result<Vec<u8>> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.take(len).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// All encoders are built in.
impl Codecs for FileStore {}

impl Store for FileStore {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        let version = Version(self.len.to_string());
        if read.key != self.key {
            return Err(ReadError::NotFound);
        }
        if read.version.as_ref().is_some_and(|wanted| *wanted != version) {
            return Err(ReadError::Changed);
        }
        let start = read.range.start.min(self.len);
        let bytes = self
            .bytes(start, read.range.len)
            .map_err(|error| ReadError::Failed(error.to_string()))?;
        Ok(Block { start: read.range.start, bytes, version, object_len: self.len, modified: None })
    }
}
