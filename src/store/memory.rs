//! An in-memory store that records its reads, for tests and for files dropped on a page.

use std::{cell::RefCell, collections::HashMap};

use sha2::{Digest, Sha256};

use super::{Block, Listed, Listing, Read, ReadError, Store, Version};

/// A store whose objects are in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    objects: RefCell<HashMap<String, (Version, Vec<u8>)>>,
    cache: RefCell<HashMap<String, Vec<u8>>>,
    reads: RefCell<Vec<Read>>,
    moved: RefCell<HashMap<String, String>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stores or replaces an object; its version is a hash of the bytes.
    pub fn put(&self, key: &str, bytes: Vec<u8>) -> Version {
        let digest = Sha256::digest(&bytes);
        let version = Version(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect());
        self.objects.borrow_mut().insert(key.to_owned(), (version.clone(), bytes));
        version
    }

    /// Redirects the URL `from` to the URL `to`, as a remote server does.
    pub fn redirect(&self, from: &str, to: &str) {
        self.moved.borrow_mut().insert(from.to_owned(), to.to_owned());
    }

    /// Returns and clears the reads since the last call, in order.
    pub fn take_reads(&self) -> Vec<Read> {
        self.reads.take()
    }
}

impl Store for MemoryStore {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        self.reads.borrow_mut().push(read.clone());
        let objects = self.objects.borrow();
        let (version, bytes) = objects.get(&read.key).ok_or(ReadError::NotFound)?;
        if read.version.as_ref().is_some_and(|expected| expected != version) {
            return Err(ReadError::Changed);
        }
        let start = usize::try_from(read.range.start).unwrap_or(usize::MAX).min(bytes.len());
        let end = usize::try_from(read.range.end()).unwrap_or(usize::MAX).min(bytes.len());
        Ok(Block {
            start: read.range.start,
            bytes: bytes.get(start..end).unwrap_or_default().to_vec(),
            version: version.clone(),
            object_len: bytes.len() as u64,
            modified: None,
        })
    }

    async fn read_remote(&self, read: &Read) -> Result<Block, ReadError> {
        let moved = self.moved.borrow().get(&read.key).cloned();
        match moved {
            Some(to) => Err(ReadError::Moved(to)),
            None => self.read(read).await,
        }
    }

    async fn list(&self, prefix: &str, after: &str, limit: usize) -> Result<Listing, ReadError> {
        let objects = self.objects.borrow();
        let wanted = |key: &str| key.starts_with(prefix) && key > after;
        let mut keys: Vec<&String> = objects.keys().filter(|key| wanted(key)).collect();
        crate::sort::sort(&mut keys);
        let listed = |key: &String| {
            let (version, bytes) = objects.get(key)?;
            let (key, len, version) = (key.clone(), bytes.len() as u64, version.clone());
            Some(Listed { key, len, modified: None, version })
        };
        let page = keys.iter().take(limit).filter_map(|key| listed(key)).collect();
        Ok(Listing::new(page, keys.len() > limit))
    }

    async fn cache_get(&self, key: &str) -> Option<Vec<u8>> {
        self.cache.borrow().get(key).cloned()
    }

    async fn cache_put(&self, key: &str, bytes: &[u8]) {
        self.cache.borrow_mut().insert(key.to_owned(), bytes.to_vec());
    }
}
