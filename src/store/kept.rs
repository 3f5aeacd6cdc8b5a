//! What is remembered of an object between requests, and until when it is trusted.

use serde::{Deserialize, Serialize};

use super::{Store, Version};

/// What the store said of an object: that there is none is worth as much.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// When it said so, in milliseconds since 1970.
    pub asked: f64,
    /// The object's version and what stands for it: of a small one its bytes, of a pyramid its
    /// index. `None`: there is no such object.
    pub found: Option<(Version, Vec<u8>)>,
}

/// Tells our own bytes from whatever else a store remembers.
const MARK: &[u8] = b"azulejo kept 1\n";

impl Kept {
    /// What the store remembers of `key`.
    pub async fn recall(key: &str, store: &impl Store) -> Option<Self> {
        let bytes = store.recall(key).await?;
        postcard::from_bytes(bytes.strip_prefix(MARK)?).ok()
    }

    /// Lets the store remember it.
    pub async fn keep(&self, key: &str, store: &impl Store) {
        store.remember(key, &self.to_bytes()).await;
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
        bytes.strip_prefix(MARK).is_some_and(|kept| kept.get(8) == Some(&0))
    }

    /// Whether it is younger than `seconds`; a clock that goes back makes nothing young.
    pub fn is_trusted(&self, now: f64, seconds: u32) -> bool {
        (0.0..f64::from(seconds) * 1000.0).contains(&(now - self.asked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryStore;

    #[test]
    fn trust_ends_with_its_seconds_and_with_a_clock_that_goes_back() {
        let kept = Kept { asked: 1000.0, found: None };
        let at = |now| kept.is_trusted(now, 60);
        assert_eq!([999.0, 1000.0, 60_999.0, 61_000.0].map(at), [false, true, true, false]);
    }

    #[test]
    fn what_is_kept_is_recalled_and_remote_bytes_are_not() {
        let store = MemoryStore::new();
        let kept = Kept { asked: 1.0, found: Some((Version("v".to_owned()), vec![7])) };
        let recalled = pollster::block_on(async {
            kept.keep("a", &store).await;
            store.remember("b", b"something else").await;
            (Kept::recall("a", &store).await, Kept::recall("b", &store).await)
        });
        assert_eq!(recalled, (Some(kept), None));
    }

    #[test]
    fn bytes_tell_whether_there_is_no_object() {
        let version = Version(String::new());
        for (found, missing) in [(None, true), (Some((version, Vec::new())), false)] {
            let bytes = Kept { asked: 1e12, found }.to_bytes();
            assert_eq!(Kept::is_of_missing(&bytes), missing);
        }
        assert!(!Kept::is_of_missing(b"something else that is long enough"));
    }
}
