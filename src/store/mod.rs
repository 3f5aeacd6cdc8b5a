//! The one door to the outside: objects are read by key and range, nothing else.

mod fetch;
mod cache_entry;
pub mod keys;
mod fetched;
mod buffer;
mod memory;
mod together;

pub use buffer::{Batch, FetchBuffer};
pub use cache_entry::CacheEntry;
pub use fetch::{coalesce, fetch, fulfil, refused};
pub use fetched::{Fetched, Object};
pub use memory::MemoryStore;
pub use together::Together;

use std::fmt;

use crate::{error::Error, time_slice::Pause};

/// `len` bytes from `start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteRange {
    /// Offset of the first byte.
    pub start: u64,
    /// How many bytes.
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

/// What a store calls the present content of an object: its ETag, without quotes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Version(pub String);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One range of one object, of the version that is expected if one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The object's key, percent-free UTF-8.
    pub key: String,
    /// What to read; a range that passes the end is cut there.
    pub range: ByteRange,
    /// Answer only this version, else [`ReadError::Changed`].
    pub version: Option<Version>,
}

/// Bytes of one object, and of which version of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Offset of `bytes` in the object.
    pub start: u64,
    /// The bytes; shorter than asked where the object ends, empty behind its end.
    pub bytes: Vec<u8>,
    /// The version all bytes belong to.
    pub version: Version,
    /// Length of the whole object in bytes.
    pub object_len: u64,
    /// When the object was stored, in milliseconds since 1970, where the store knows.
    pub modified: Option<f64>,
}

/// Why a read gave no block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// There is no such object.
    NotFound,
    /// The object is there in another version than expected.
    Changed,
    /// The object lies elsewhere, at this whole URL: only remote objects do.
    Moved(String),
    /// It is not read, for a reason that the client may know.
    Refused(Error),
    /// The store failed; its own words.
    Failed(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("it is not there"),
            Self::Changed => f.write_str("it changed while it was read"),
            Self::Moved(to) => write!(f, "it lies at {to}"),
            Self::Refused(error) => f.write_str(&error.message),
            Self::Failed(words) => f.write_str(words),
        }
    }
}

/// Whether `key` is a URL, that of an object on another server. No other key holds a scheme.
pub fn is_remote(key: &str) -> bool {
    let scheme = key.split_once("://").map_or("", |(scheme, _)| scheme);
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

/// Where objects lie: R2, a folder, S3, a dropped file, memory.
///
/// Futures need not be `Send`: the engine is single-threaded on every platform.
#[expect(async_fn_in_trait, reason = "no caller needs Send, and JavaScript handles cannot give it")]
pub trait Store {
    /// Reads one range. The engine asks for at most [`crate::limits::CONCURRENT_READS`] at once.
    async fn read(&self, read: &Read) -> Result<Block, ReadError>;

    /// Reads one range of an object on another server, whose URL is the key and is permitted. A
    /// redirect is not followed but told, [`ReadError::Moved`]; what is longer than
    /// [`crate::limits::REMOTE_BYTES`] need not be read, its length says enough. Most stores
    /// ask nobody.
    async fn read_remote(&self, read: &Read) -> Result<Block, ReadError> {
        let message = format!(
            "src=({}): images of other servers are fetched by the Worker only; store the image \
             and name it",
            read.key
        );
        Err(ReadError::Refused(Error::unsupported(message)))
    }

    /// What [`Store::cache_put`] was given under `key`; a store without a cache has nothing.
    async fn cache_get(&self, key: &str) -> Option<Vec<u8>> {
        let _ = key;
        None
    }

    /// Caches bytes that were expensive to derive (a third-party pyramid's index) for later requests.
    async fn cache_put(&self, key: &str, bytes: &[u8]) {
        let _ = (key, bytes);
    }

    /// Waits until a request may use this many bytes of memory, for as long as the store lives or
    /// until it asks again. On most platforms it has its memory for itself.
    async fn admit(&self, memory: u64) -> Result<(), Error> {
        let _ = memory;
        Ok(())
    }

    /// Waits for the turn to draw, where requests share a thread.
    async fn acquire_thread(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Lets others use the thread, where requests share one.
    fn pause(&self) -> Option<Pause<'_>> {
        None
    }
}
