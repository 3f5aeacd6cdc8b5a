//! R2 as the engine's store.

use azulejo::{
    codec::Codecs,
    store::{Block, Read, ReadError, Store, Version},
    time_slice::Pause,
};
use worker::{Bucket, Conditional, Context, Error, Object, Range, Result};

use crate::{admission::Admission, cache, cache::Namespace, memory, remote};

/// R2 refuses longer keys, so there is no object under one.
const KEY_BYTES: usize = 1024;

/// The largest integer JavaScript holds exactly; `worker` panics on a larger offset.
const SAFE_INTEGER: u64 = (1 << 53) - 1;

/// One bucket. Without its binding every read fails, and says which binding is missing.
#[derive(Debug)]
pub struct R2Store<'event> {
    /// The binding, or why there is none.
    pub bucket: Result<Bucket>,
    /// Where the edge cache keeps what was derived from this bucket.
    namespace: Namespace,
    context: &'event Context,
    /// What the request that reads has of its isolate.
    pub admission: Admission,
}

impl<'event> R2Store<'event> {
    /// A store over what `env.bucket(…)` gave; `context` lets it finish work behind the reply.
    pub fn new(bucket: Result<Bucket>, namespace: Namespace, context: &'event Context) -> Self {
        Self { bucket, namespace, context, admission: Admission::new() }
    }
}

/// The object with the bytes of a range; without a body where it is of another version.
pub async fn get(bucket: &Bucket, read: &Read) -> Result<Option<Object>> {
    let length = read.range.len.min(SAFE_INTEGER - read.range.start);
    let range = Range::OffsetWithLength { offset: read.range.start, length };
    let mut get = bucket.get(&read.key).range(range);
    if let Some(version) = &read.version {
        let etag_matches = Some(version.0.clone());
        get = get.only_if(Conditional { etag_matches, ..Conditional::default() });
    }
    get.execute().await
}

/// All encoders are built in.
impl Codecs for R2Store<'_> {}

impl Store for R2Store<'_> {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        self.admission.before_read(read.range.len).await.map_err(ReadError::Refused)?;
        let bucket = self.bucket.as_ref().map_err(failed)?;
        if read.key.is_empty() || read.key.len() > KEY_BYTES {
            return Err(ReadError::NotFound);
        }
        if read.range.len == 0 || read.range.start >= SAFE_INTEGER {
            return without_bytes(&head(bucket, read).await?, read);
        }
        let object = match get(bucket, read).await {
            Ok(object) => object.ok_or(ReadError::NotFound)?,
            // R2 refuses a range that starts at the end or behind it, each in other words.
            Err(error) => {
                let object = head(bucket, read).await?;
                if read.range.start < object.size() {
                    return Err(failed(&error));
                }
                return without_bytes(&object, read);
            }
        };
        // R2 answers a condition that does not hold with the object but without its body.
        let body = object.body().ok_or(ReadError::Changed)?;
        let bytes = body.bytes().await.map_err(|error| failed(&error))?;
        self.admission.after_read(bytes.len());
        Ok(block(read, &object, bytes))
    }

    async fn read_remote(&self, read: &Read) -> Result<Block, ReadError> {
        let block = remote::read(read).await?;
        self.admission.after_read(block.bytes.len());
        Ok(block)
    }

    async fn cache_get(&self, key: &str) -> Option<Vec<u8>> {
        if let Some(bytes) = memory::get(key) {
            return Some(bytes);
        }
        let bytes = cache::get_entry(&self.namespace, key).await?;
        memory::put(key, &bytes);
        Some(bytes)
    }

    async fn cache_put(&self, key: &str, bytes: &[u8]) {
        memory::put(key, bytes);
        let (key, bytes) = (key.to_owned(), bytes.to_vec());
        let namespace = self.namespace.clone();
        self.context.wait_until(async move {
            cache::put_entry(&namespace, &key, &bytes, memory::seconds(&bytes)).await;
        });
    }

    async fn admit(&self, memory: u64) -> Result<(), azulejo::error::Error> {
        self.admission.admit(memory).await
    }

    async fn take_turn(&self) -> Result<(), azulejo::error::Error> {
        self.admission.take_turn().await
    }

    fn pause(&self) -> Option<Pause<'_>> {
        self.admission.pause()
    }
}

async fn head(bucket: &Bucket, read: &Read) -> Result<Object, ReadError> {
    let object = bucket.head(&read.key).await.map_err(|error| failed(&error))?;
    object.ok_or(ReadError::NotFound)
}

fn without_bytes(object: &Object, read: &Read) -> Result<Block, ReadError> {
    match &read.version {
        Some(version) if version.0 != object.etag() => Err(ReadError::Changed),
        _ => Ok(block(read, object, Vec::new())),
    }
}

fn block(read: &Read, object: &Object, bytes: Vec<u8>) -> Block {
    Block {
        start: read.range.start,
        bytes,
        version: Version(object.etag()),
        object_len: object.size(),
        modified: Some(object.uploaded().as_millis() as f64),
    }
}

/// What the platform said of a read that failed.
pub fn failed(error: &Error) -> ReadError {
    ReadError::Failed(error.to_string())
}
