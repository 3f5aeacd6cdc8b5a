//! Storage, the engine's only I/O for objects: the trait [`Store`] reads them by key and range.

mod fetch;
mod cache_entry;
pub mod keys;
mod fetched;
mod buffer;
mod layer_cache;
mod listing;
mod lru;
mod entry_cache;
mod memory;
mod namespace;
mod together;

pub use buffer::{Batch, FetchBuffer};
pub use cache_entry::CacheEntry;
pub use entry_cache::EntryCache;
pub use fetch::{coalesce, fetch, fulfil, refused};
pub use fetched::{Fetched, Object};
pub use layer_cache::LayerCache;
pub use listing::{Listed, Listing};
pub use lru::Lru;
pub use memory::MemoryStore;
pub use namespace::Namespace;
pub use together::Together;

use std::{fmt, rc::Rc};

use crate::{error::Error, time_slice::Pause};

/// `len` bytes from `start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteRange {
    /// Offset of the first byte.
    pub start: u64,
    /// Number of bytes.
    pub len: u64,
}

impl ByteRange {
    /// `len` bytes from `start`.
    pub const fn new(start: u64, len: u64) -> Self {
        Self { start, len }
    }

    /// One past the last byte.
    pub fn end(&self) -> u64 {
        self.start.saturating_add(self.len)
    }
}

/// The version of an object's content: its ETag, without quotes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Version(pub String);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A request for one range of one object, optionally of one version only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The object's key, percent-free UTF-8.
    pub key: String,
    /// The bytes to read; a range beyond the object's end is cut there.
    pub range: ByteRange,
    /// The required version; another one is [`ReadError::Changed`]. `None` accepts any version.
    pub version: Option<Version>,
}

/// Bytes of one version of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Offset of `bytes` in the object.
    pub start: u64,
    /// The bytes; fewer than requested if the object ends within the range, none after its end.
    pub bytes: Vec<u8>,
    /// The version of all the bytes.
    pub version: Version,
    /// Length of the whole object in bytes.
    pub object_len: u64,
    /// When the object was stored, in milliseconds since 1970; `None` if the store does not know.
    pub modified: Option<f64>,
}

/// Why a read returned no block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// There is no such object.
    NotFound,
    /// The object exists in another version than the required one.
    Changed,
    /// A redirect to this absolute URL; only remote objects have it.
    Moved(String),
    /// The store refuses the read, with an error for the client.
    Refused(Error),
    /// The store failed, with its own message.
    Failed(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("it is not there"),
            Self::Changed => f.write_str("it changed while it was read"),
            Self::Moved(to) => write!(f, "it lies at {to}"),
            Self::Refused(error) => f.write_str(&error.message),
            Self::Failed(message) => f.write_str(message),
        }
    }
}

/// Whether `key` is the http or https URL of a remote object. No other key contains a scheme.
pub fn is_remote(key: &str) -> bool {
    let scheme = key.split_once("://").map_or("", |(scheme, _)| scheme);
    ["http", "https"].iter().any(|supported| scheme.eq_ignore_ascii_case(supported))
}

/// Storage for objects: R2, a folder, S3, a dropped file, memory.
///
/// Futures need not be `Send`: the engine is single-threaded on every platform.
#[expect(async_fn_in_trait, reason = "no caller needs Send, and JavaScript handles cannot give it")]
pub trait Store {
    /// Reads one range. The engine makes at most [`crate::limits::CONCURRENT_READS`] reads at once.
    async fn read(&self, read: &Read) -> Result<Block, ReadError>;

    /// Reads one range of a remote object. Its key is its URL, which the caller has permitted.
    /// A redirect is not followed, but returned as [`ReadError::Moved`]. An object longer than
    /// [`crate::limits::REMOTE_BYTES`] need not be read; its length suffices. By default, remote
    /// objects are unsupported.
    async fn read_remote(&self, read: &Read) -> Result<Block, ReadError> {
        let message = format!(
            "src=({}): remote images are fetched by the Worker and azulejo serve only; store the \
             image and name it",
            read.key
        );
        Err(ReadError::Refused(Error::unsupported(message)))
    }

    /// Lists the objects whose keys begin with `prefix` and come after `after`, in the order of
    /// their bytes: at most `limit`, of which no store lists more than 1000 at once. By default,
    /// lists are unsupported.
    async fn list(&self, prefix: &str, after: &str, limit: usize) -> Result<Listing, ReadError> {
        let _ = (after, limit);
        let message = format!("{prefix}: this store has no lists; list the bucket of the server");
        Err(ReadError::Refused(Error::unsupported(message)))
    }

    /// Gets the bytes that [`Store::cache_put`] stored under `key`; `None` without a cache.
    async fn cache_get(&self, key: &str) -> Option<Vec<u8>> {
        let _ = key;
        None
    }

    /// Caches bytes that were expensive to derive (a third-party pyramid's index) for later
    /// requests.
    async fn cache_put(&self, key: &str, bytes: &[u8]) {
        let _ = (key, bytes);
    }

    /// The cache of drawn layers, which all requests for these objects share; `None` if there is
    /// none.
    fn layer_cache(&self) -> Option<Rc<LayerCache>> {
        None
    }

    /// Gets the bytes of a drawn layer that another isolate has put under `key`; `None` without a
    /// cache that isolates share.
    async fn layer_get(&self, key: String) -> Option<Vec<u8>> {
        let _ = key;
        None
    }

    /// Shares the bytes of a drawn layer with other isolates, after the reply.
    fn layer_put(&self, key: String, bytes: Vec<u8>) {
        let _ = (key, bytes);
    }

    /// Waits until the request may use `memory` bytes. They stay reserved until the store is
    /// dropped or `admit` is called again. By default, memory is not shared and the request is
    /// admitted at once.
    async fn admit(&self, memory: u64) -> Result<(), Error> {
        let _ = memory;
        Ok(())
    }

    /// Tells the memory in bytes and the work in pixels of the request's plan, for the log.
    fn planned(&self, memory: u64, work: u64) {
        let _ = (memory, work);
    }

    /// Waits until the request may render, if requests share a thread.
    async fn acquire_thread(&self) -> Result<(), Error> {
        Ok(())
    }

    /// A pause in which other requests use the thread; `None` if no thread is shared.
    fn pause(&self) -> Option<Pause<'_>> {
        None
    }
}
