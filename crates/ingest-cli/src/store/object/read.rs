//! Ranges of objects.

use azulejo::store::{Block, Read, ReadError};
use object_store::{
    Error, GetOptions, GetRange, GetResult, ObjectMeta, ObjectStoreExt, path::Path as Key,
};

use super::{ObjectBucket, version};

/// Servers read offsets as signed numbers.
const LAST: u64 = i64::MAX as u64;

/// Times that a range is read which seems to lie behind the end of an object, and does not.
const READS: usize = 3;

impl ObjectBucket {
    /// A range of an object, cut at its end.
    pub async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        let Ok(key) = self.key(&read.key) else { return Err(ReadError::NotFound) };
        if read.range.len == 0 {
            return self.behind_the_end(read, &key).await;
        }
        let mut failed = ReadError::NotFound;
        for _ in 0..READS {
            let options = GetOptions {
                range: Some(GetRange::Bounded(
                    read.range.start.min(LAST)..read.range.end().min(LAST),
                )),
                if_match: read.version.as_ref().map(|version| format!("\"{}\"", version.0)),
                ..GetOptions::default()
            };
            match self.store.get_opts(&key, options).await {
                Ok(got) => return whole(read, got).await,
                Err(Error::NotFound { .. }) => return Err(ReadError::NotFound),
                Err(Error::Precondition { .. }) => return Err(ReadError::Changed),
                // A range behind the end is an error to the crate and an empty block to us.
                Err(error) => match self.behind_the_end(read, &key).await {
                    Ok(block) if block.object_len <= read.range.start => return Ok(block),
                    // The object has become longer since.
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

    async fn behind_the_end(&self, read: &Read, key: &Key) -> Result<Block, ReadError> {
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

async fn whole(read: &Read, got: GetResult) -> Result<Block, ReadError> {
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
