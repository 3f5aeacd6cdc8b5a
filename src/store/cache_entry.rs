//! Cache entries: data about an object that is stored between requests, and how long it is valid.

use serde::Serialize;

use super::{Store, Version};

/// The result of a look-up of an object. Missing objects are cached, too.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CacheEntry {
    /// When the store was read, in milliseconds since 1970.
    pub checked_at: f64,
    /// The object's version and its cached data: the bytes of a small object, or the index of a
    /// pyramid. `None` if there is no such object.
    pub found: Option<(Version, Vec<u8>)>,
}

/// Prefix of a serialized entry. It distinguishes entries from other cached bytes.
const MARK: &[u8] = b"azulejo cache entry 1\n";

impl CacheEntry {
    /// Gets the entry of `key`; `None` if there is none or its bytes cannot be decoded.
    pub async fn get(key: &str, store: &impl Store) -> Option<Self> {
        Self::from_bytes(&store.cache_get(key).await?)
    }

    /// Borrows the data first: it is copied as a whole, while a `Vec<u8>` is read byte by byte.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        type Borrowed<'a> = (f64, Option<(&'a str, &'a [u8])>);
        let (checked_at, found): Borrowed<'_> =
            postcard::from_bytes(bytes.strip_prefix(MARK)?).ok()?;
        let found = found.map(|(version, bytes)| (Version(version.to_owned()), bytes.to_vec()));
        Some(Self { checked_at, found })
    }

    /// Puts the entry into the store's cache under `key`.
    pub async fn put(&self, key: &str, store: &impl Store) {
        store.cache_put(key, &self.to_bytes()).await;
    }

    /// The serialized entry, as the cache stores it.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Serialising into a growing vector cannot fail; empty bytes would not decode as an entry.
        postcard::to_extend(self, MARK.to_vec()).unwrap_or_default()
    }

    /// Whether serialized bytes are the entry of a missing object. Clients that invent names cause
    /// many such entries, which soon lose their value.
    pub fn is_of_missing(bytes: &[u8]) -> bool {
        // The mark is followed by the time (8 bytes) and the tag byte of `found` (0 is `None`).
        bytes.strip_prefix(MARK).is_some_and(|entry| entry.get(8) == Some(&0))
    }

    /// Whether the entry is younger than `seconds` at `now`, in milliseconds since 1970. An entry
    /// whose time is after `now` is not trusted, because the clock was set back.
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
    fn cache_entries_round_trip_and_remote_bytes_are_not_stored() {
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
    fn bytes_say_whether_the_object_is_missing() {
        let version = Version(String::new());
        for (found, missing) in [(None, true), (Some((version, Vec::new())), false)] {
            let bytes = CacheEntry { checked_at: 1e12, found }.to_bytes();
            assert_eq!(CacheEntry::is_of_missing(&bytes), missing);
        }
        assert!(!CacheEntry::is_of_missing(b"something else that is long enough"));
    }
}
