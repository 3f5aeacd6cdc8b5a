//! R2 as the engine's store.

use std::{cell::OnceCell, rc::Rc};

use azulejo::{
    limits,
    serve::log::Taken,
    store::{Block, LayerCache, Listed, Listing, Namespace, Read, ReadError, Store, Version},
    time_slice::Pause,
};
use worker::{Bucket, Conditional, Context, Env, Error, Object, Range, Result};

use crate::{admission::Admission, cache, isolate_cache, remote};

/// The binding in `wrangler.toml` that holds the bucket.
const BUCKET: &str = "ASSETS";

/// The largest integer that JavaScript represents exactly. `worker` panics on a larger offset.
const SAFE_INTEGER: u64 = (1 << 53) - 1;

/// A bucket for one request. Without its binding every read fails with the name of the binding.
#[derive(Debug)]
pub struct R2Store<'event> {
    env: &'event Env,
    /// The bucket, or the error of a missing binding. A cached reply needs none.
    bucket: OnceCell<Result<Bucket>>,
    /// The namespace of this bucket's entries in the edge cache.
    namespace: Namespace,
    context: &'event Context,
    /// The resources of the isolate that the request has acquired.
    pub admission: Admission,
    /// What the request has taken.
    pub taken: Taken,
}

impl<'event> R2Store<'event> {
    /// A store over the bucket of `env`. `context` lets it finish work after the reply.
    pub fn new(env: &'event Env, namespace: Namespace, context: &'event Context) -> Self {
        let (bucket, admission, taken) = (OnceCell::new(), Admission::new(), Taken::default());
        Self { env, bucket, namespace, context, admission, taken }
    }

    fn count(&self, bytes: usize) {
        self.admission.after_read(bytes);
        self.taken.end_read(bytes);
    }

    /// The bucket.
    pub fn bucket(&self) -> Result<&Bucket, ReadError> {
        let bucket = self.bucket.get_or_init(|| self.env.bucket(BUCKET));
        bucket.as_ref().map_err(read_error)
    }
}

/// Reads the range of an object. The object has no body if its version is not the wanted one.
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

impl Store for R2Store<'_> {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        self.admission.before_read(read.range.len).await.map_err(ReadError::Refused)?;
        self.taken.begin_read();
        let bucket = self.bucket()?;
        if read.key.is_empty() || read.key.len() > limits::KEY_BYTES {
            return Err(ReadError::NotFound);
        }
        if read.range.len == 0 || read.range.start >= SAFE_INTEGER {
            return empty_block(&head(bucket, read).await?, read);
        }
        let object = match get(bucket, read).await {
            Ok(object) => object.ok_or(ReadError::NotFound)?,
            // R2 fails with different errors for a range that starts at the end or after it.
            Err(error) => {
                let object = head(bucket, read).await?;
                if read.range.start < object.size() {
                    return Err(read_error(&error));
                }
                return empty_block(&object, read);
            }
        };
        // If the condition fails, R2 returns the object without its body.
        let body = object.body().ok_or(ReadError::Changed)?;
        let bytes = body.bytes().await.map_err(|error| read_error(&error))?;
        self.count(bytes.len());
        Ok(block(read, &object, bytes))
    }

    async fn read_remote(&self, read: &Read) -> Result<Block, ReadError> {
        self.taken.begin_read();
        let block = remote::read(read).await?;
        self.count(block.bytes.len());
        Ok(block)
    }

    async fn list(&self, prefix: &str, after: &str, limit: usize) -> Result<Listing, ReadError> {
        self.taken.begin_read();
        let mut page = self.bucket()?.list().prefix(prefix).limit(limit as u32);
        if !after.is_empty() {
            page = page.start_after(after);
        }
        let page = page.execute().await.map_err(|error| read_error(&error))?;
        let listed = page.objects().into_iter().map(|object| Listed {
            key: object.key(),
            len: object.size(),
            modified: Some(object.uploaded().as_millis() as f64),
            version: Version(object.etag()),
        });
        Ok(Listing::new(listed.collect(), page.truncated()))
    }

    async fn cache_get(&self, key: &str) -> Option<Vec<u8>> {
        if let Some(bytes) = isolate_cache::get(key) {
            return Some(bytes);
        }
        let bytes = cache::get_derived(&self.namespace, key).await?;
        isolate_cache::put(key, &bytes);
        Some(bytes)
    }

    async fn cache_put(&self, key: &str, bytes: &[u8]) {
        isolate_cache::put(key, bytes);
        let (key, bytes) = (key.to_owned(), bytes.to_vec());
        let namespace = self.namespace.clone();
        self.context.wait_until(async move {
            cache::put_derived(&namespace, &key, &bytes, isolate_cache::seconds(&bytes)).await;
        });
    }

    fn layer_cache(&self) -> Option<Rc<LayerCache>> {
        Some(isolate_cache::layers())
    }

    async fn layer_get(&self, key: String) -> Option<Vec<u8>> {
        cache::get_derived(&self.namespace, &key).await
    }

    fn layer_put(&self, key: String, bytes: Vec<u8>) {
        let namespace = self.namespace.clone();
        self.context.wait_until(async move {
            cache::put_derived(&namespace, &key, &bytes, limits::CACHE_SECONDS).await;
        });
    }

    fn planned(&self, memory: u64, work: u64) {
        self.taken.planned(memory, work);
    }

    async fn admit(&self, memory: u64) -> Result<(), azulejo::error::Error> {
        self.admission.admit(memory).await
    }

    async fn acquire_thread(&self) -> Result<(), azulejo::error::Error> {
        self.admission.acquire_thread().await
    }

    fn pause(&self) -> Option<Pause<'_>> {
        self.admission.pause()
    }
}

async fn head(bucket: &Bucket, read: &Read) -> Result<Object, ReadError> {
    let object = bucket.head(&read.key).await.map_err(|error| read_error(&error))?;
    object.ok_or(ReadError::NotFound)
}

fn empty_block(object: &Object, read: &Read) -> Result<Block, ReadError> {
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

/// The engine's error for a failed read.
pub fn read_error(error: &Error) -> ReadError {
    ReadError::Failed(error.to_string())
}
