//! The cache of what requests have looked up in a store. It has a few megabytes and evicts the least
//! recently used entries.
//!
//! Entries for missing objects have a small capacity of their own, so that requests for unknown
//! names evict no index of a pyramid.

use super::{CacheEntry, Lru};
use crate::limits;

/// Cached bytes by key, for [`Store::cache_get`](super::Store::cache_get).
#[derive(Debug)]
pub struct EntryCache {
    found: Lru<Box<[u8]>>,
    missing: Lru<Box<[u8]>>,
}

impl Default for EntryCache {
    fn default() -> Self {
        Self {
            found: Lru::new(limits::CACHE_BYTES, limits::CACHE_SECONDS),
            missing: Lru::new(limits::MISSING_BYTES, limits::MISSING_SECONDS),
        }
    }
}

impl EntryCache {
    /// The bytes stored under `key`. `now` is in milliseconds since 1970.
    pub fn get(&mut self, key: &str, now: f64) -> Option<Vec<u8>> {
        let Self { found, missing } = self;
        found.get(key, now).or_else(|| missing.get(key, now)).map(|bytes| bytes.to_vec())
    }

    /// Stores `bytes` under `key`.
    pub fn put(&mut self, key: &str, bytes: &[u8], now: f64) {
        let (target, stale) = match CacheEntry::is_of_missing(bytes) {
            true => (&mut self.missing, &mut self.found),
            false => (&mut self.found, &mut self.missing),
        };
        stale.remove(key);
        target.put(key, bytes.into(), bytes.len(), now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Version;

    fn missing() -> Vec<u8> {
        CacheEntry { checked_at: 7.0, found: None }.to_bytes()
    }

    fn found(bytes: usize) -> Vec<u8> {
        CacheEntry { checked_at: 7.0, found: Some((Version("v".to_owned()), vec![1; bytes])) }
            .to_bytes()
    }

    #[test]
    fn entries_for_found_and_missing_objects_replace_each_other() {
        let mut cache = EntryCache::default();
        cache.put("a", &missing(), 0.0);
        cache.put("a", &found(9), 1.0);
        assert_eq!(cache.get("a", 2.0), Some(found(9)));
        cache.put("a", &missing(), 3.0);
        assert_eq!(cache.get("a", 4.0), Some(missing()));
    }

    #[test]
    fn an_entry_for_a_missing_object_expires_within_minutes() {
        let mut cache = EntryCache::default();
        cache.put("a", &missing(), 0.0);
        cache.put("b", &found(9), 0.0);
        let later = f64::from(limits::MISSING_SECONDS) * 1000.0;
        assert_eq!(cache.get("a", later), None);
        assert_eq!(cache.get("b", later), Some(found(9)));
    }
}
