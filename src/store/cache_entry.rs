//! What is remembered of an object between requests, and until when it is trusted.

use serde::{Deserialize, Serialize};

use super::{Store, Version};

/// What the store said of an object: that there is none is worth as much.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CacheEntry {
    /// When it said so, in milliseconds since 1970.
    pub checked_at: f64,
    /// The object's version and what stands for it: of a small one its bytes, of a pyramid its
    /// index. `None`: there is no such object.
    pub found: Option<(Version, Vec<u8>)>,
}

/// Tells our own bytes from whatever else a store remembers.
const MARK: &[u8] = b"azulejo kept 1\n";

impl CacheEntry {
    /// What the store remembers of `key`.
    pub async fn get(key: &str, store: &impl Store) -> Option<Self> {
        let bytes = store.cache_get(key).await?;
        postcard::from_bytes(bytes.strip_prefix(MARK)?).ok()
    }

    /// Lets the store remember it.
    pub async fn put(&self, key: &str, store: &impl Store) {
        store.cache_put(key, &self.to_bytes()).await;
    }

    /// The form that stores remember.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Serialising into a growing vector cannot fail; an empty one is nobody's.
        postcard::to_extend(self, MARK.to_vec()).unwrap_or_default()
    }

    /// Whether remembered bytes only say that there is no such object: those are many where
    /// clients make names up, and soon worth nothing.
    pub fn is_of_missing(bytes: &[u8]) -> bool {
        // Behind the mark lie the time, of eight bytes, and a byte for what was found.
        bytes.strip_prefix(MARK).is_some_and(|entry| entry.get(8) == Some(&0))
    }

    /// Whether it is younger than `seconds`; a clock that goes back makes nothing young.
    pub fn is_trusted(&self, now: f64, seconds: u32) -> bool {
        (0.0..f64::from(seconds) * 1000.0).contains(&(now - self.checked_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryStore;

    #[test]
    fn trust_ends_with_its_seconds_and_with_a_clock_that_goes_back() {
        let entry = CacheEntry { checked_at: 1000.0, found: None };
        let at = |now| entry.is_trusted(now, 60);
        assert_eq!([999.0, 1000.0, 60_999.0, 61_000.0].map(at), [false, true, true, false]);
    }

    #[test]
    fn what_is_kept_is_recalled_and_remote_bytes_are_not() {
        let store = MemoryStore::new();
        let entry = CacheEntry { checked_at: 1.0, found: Some((Version("v".to_owned()), vec![7])) };
        let recalled = pollster::block_on(async {
            entry.put("a", &store).await;
            store.cache_put("b", b"something else").await;
            (CacheEntry::get("a", &store).await, CacheEntry::get("b", &store).await)
        });
        assert_eq!(recalled, (Some(entry), None));
    }

    #[test]
    fn bytes_tell_whether_there_is_no_object() {
        let version = Version(String::new());
        for (found, missing) in [(None, true), (Some((version, Vec::new())), false)] {
            let bytes = CacheEntry { checked_at: 1e12, found }.to_bytes();
            assert_eq!(CacheEntry::is_of_missing(&bytes), missing);
        }
        assert!(!CacheEntry::is_of_missing(b"something else that is long enough"));
    }
}
