//! The cache of finished replies, which all workers share: in memory, and behind it on disk.
//!
//! An entry is stored under the entity tag of its reply, which depends on everything that determines
//! the reply. A request computes the tag anew, so an entry is never stale and nothing is purged.

mod disk;
mod file;

use std::sync::{Mutex, PoisonError};

use azulejo::{limits, store::Lru};
use hyper::body::Bytes;

use self::disk::Disk;
use crate::{options::CacheOptions, reply::Entry, request::now};

/// Bytes of drawn layers that workers hand each other.
const LAYERS: usize = 32 << 20;

/// Bytes of an entry besides its body: about a dozen headers.
const HEAD: usize = 1 << 10;

/// Finished replies, and drawn layers.
#[derive(Debug)]
pub struct Cache {
    memory: Mutex<Lru<Entry>>,
    layers: Mutex<Lru<Bytes>>,
    disk: Option<Disk>,
}

impl Cache {
    /// An empty cache in memory, in front of what an earlier server has left on disk.
    pub fn new(options: &CacheOptions) -> Self {
        let disk = options.folder.as_ref().map(|folder| Disk::new(folder, options.disk));
        let memory = Mutex::new(Lru::new(options.memory, u32::MAX));
        Self { memory, layers: Mutex::new(Lru::new(LAYERS, limits::CACHE_SECONDS)), disk }
    }

    /// The entry of a key. One on disk is read without blocking the worker, and then kept in memory.
    pub async fn get(&self, key: &str) -> Option<Entry> {
        let cached = lock(&self.memory).get(key, now()).cloned();
        if cached.is_some() {
            return cached;
        }
        let entry = self.disk.as_ref()?.get(key).await?;
        self.put_in_memory(key, &entry);
        Some(entry)
    }

    /// Stores an entry. It is written to disk later.
    pub fn put(&self, key: &str, entry: Entry) {
        self.put_in_memory(key, &entry);
        if let Some(disk) = &self.disk {
            disk.put(key, entry);
        }
    }

    fn put_in_memory(&self, key: &str, entry: &Entry) {
        let bytes = entry.body.len() + HEAD;
        lock(&self.memory).put(key, entry.clone(), bytes, now());
    }

    /// A drawn layer of any worker.
    pub fn layer(&self, key: &str) -> Option<Bytes> {
        lock(&self.layers).get(key, now()).cloned()
    }

    /// Stores a drawn layer for all workers.
    pub fn put_layer(&self, key: &str, bytes: Bytes) {
        let len = bytes.len();
        lock(&self.layers).put(key, bytes, len, now());
    }

    /// Bytes in memory and on disk.
    pub fn bytes(&self) -> [u64; 2] {
        let memory = lock(&self.memory).bytes() + lock(&self.layers).bytes();
        [memory as u64, self.disk.as_ref().map_or(0, Disk::bytes)]
    }
}

/// A worker that panicked has left a cache as usable as before: each operation replaces whole
/// entries.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
