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

    /// Lets the store remember it. What cannot be written down is only forgotten.
    pub async fn keep(&self, key: &str, store: &impl Store) {
        if let Ok(bytes) = postcard::to_extend(self, MARK.to_vec()) {
            store.remember(key, &bytes).await;
        }
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
    fn what_is_kept_is_recalled_and_foreign_bytes_are_not() {
        let store = MemoryStore::new();
        let kept = Kept { asked: 1.0, found: Some((Version("v".to_owned()), vec![7])) };
        let recalled = pollster::block_on(async {
            kept.keep("a", &store).await;
            store.remember("b", b"something else").await;
            (Kept::recall("a", &store).await, Kept::recall("b", &store).await)
        });
        assert_eq!(recalled, (Some(kept), None));
    }
}
