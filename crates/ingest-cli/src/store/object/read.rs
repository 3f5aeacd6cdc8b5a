//! Reads ranges of objects.

use azulejo::store::{Block, Read, ReadError};
use object_store::{
    Error, GetOptions, GetRange, GetResult, ObjectMeta, ObjectStoreExt, path::Path as Key,
};

use super::{ObjectBucket, version};

/// The largest offset, since servers parse offsets as signed integers.
const MAX_OFFSET: u64 = i64::MAX as u64;

/// How often to read a range that the server places after the end of an object that is growing.
const TRIES: usize = 3;

impl ObjectBucket {
    /// Reads a range of an object, cut at the object's end.
    pub async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        let Ok(key) = self.key(&read.key) else { return Err(ReadError::NotFound) };
        if read.range.len == 0 {
            return self.past_the_end(read, &key).await;
        }
        let mut failed = ReadError::NotFound;
        for _ in 0..TRIES {
            let options = GetOptions {
                range: Some(GetRange::Bounded(
                    read.range.start.min(MAX_OFFSET)..read.range.end().min(MAX_OFFSET),
                )),
                if_match: read.version.as_ref().map(|version| format!("\"{}\"", version.0)),
                ..GetOptions::default()
            };
            match self.store.get_opts(&key, options).await {
                Ok(got) => return full_block(read, got).await,
                Err(Error::NotFound { .. }) => return Err(ReadError::NotFound),
                Err(Error::Precondition { .. }) => return Err(ReadError::Changed),
                // A range after the end is an error of the crate but an empty block here.
                Err(error) => match self.past_the_end(read, &key).await {
                    Ok(block) if block.object_len <= read.range.start => return Ok(block),
                    // The object has grown meanwhile.
                    Ok(_) if error.to_string().contains("416 Range Not Satisfiable") => {
                        failed = ReadError::Failed(error.to_string());
                    }
                    Ok(_) => return Err(ReadError::Failed(error.to_string())),
                    Err(other) => return Err(other),
                },
            }
        }
        Err(failed)
    }

    async fn past_the_end(&self, read: &Read, key: &Key) -> Result<Block, ReadError> {
        match self.store.head(key).await {
            Ok(meta) => {
                let present = version(meta.e_tag.as_deref());
                match &read.version {
                    Some(wanted) if *wanted != present => Err(ReadError::Changed),
                    _ => Ok(block(read, &meta, Vec::new())),
                }
            }
            Err(Error::NotFound { .. }) => Err(ReadError::NotFound),
            Err(error) => Err(ReadError::Failed(error.to_string())),
        }
    }
}

async fn full_block(read: &Read, got: GetResult) -> Result<Block, ReadError> {
    let meta = got.meta.clone();
    if read.version.as_ref().is_some_and(|wanted| *wanted != version(meta.e_tag.as_deref())) {
        return Err(ReadError::Changed);
    }
    let bytes = got.bytes().await.map_err(|error| ReadError::Failed(error.to_string()))?;
    Ok(block(read, &meta, bytes.into()))
}

fn block(read: &Read, meta: &ObjectMeta, bytes: Vec<u8>) -> Block {
    Block {
        start: read.range.start,
        bytes,
        version: version(meta.e_tag.as_deref()),
        object_len: meta.size,
        modified: Some(meta.last_modified.timestamp_millis() as f64),
    }
}
