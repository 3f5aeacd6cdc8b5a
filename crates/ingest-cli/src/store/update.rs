//! Optimistic updates of objects that several commands write. An object is read, changed, and
//! written if it has not changed meanwhile. Otherwise the update is retried with the new object.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use anyhow::{Result, bail};
use azulejo::store::{ByteRange, Read, Version};

use super::Bucket;

/// How often an update is tried.
const TRIES: u32 = 40;

/// The pauses between the tries double from the first to the last of these. Each is shortened by a
/// random factor.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LAST_PAUSE: Duration = Duration::from_millis(500);

/// An object that has been read, with its version.
#[derive(Debug, Clone)]
pub struct Stored {
    pub(super) bytes: Vec<u8>,
    pub(super) version: Version,
}

impl Stored {
    /// Its content; `None` for an empty object, which represents a removed one.
    pub fn bytes(&self) -> Option<&[u8]> {
        Some(self.bytes.as_slice()).filter(|bytes| !bytes.is_empty())
    }

    /// Its version.
    pub fn version(&self) -> &Version {
        &self.version
    }
}

/// The result of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Leave the object as it is.
    Keep,
    /// Replace the object.
    Put(Vec<u8>),
    /// Remove the object.
    Remove,
}

impl Bucket {
    /// Reads an object for an update; `None` if it does not exist.
    pub async fn stored(&self, key: &str) -> Result<Option<Stored>> {
        let range = ByteRange::new(0, u64::MAX);
        let block = self.block(&Read { key: key.to_owned(), range, version: None }).await?;
        Ok(block.map(|block| Stored { bytes: block.bytes, version: block.version }))
    }

    /// Updates an object. `merge` gets its content and returns the change. If another command
    /// writes the object meanwhile, `merge` is called again with the new content. Fails after 40
    /// tries.
    pub async fn update<T>(
        &self,
        key: &str,
        merge: impl AsyncFnMut(Option<&[u8]>) -> Result<(Change, T)>,
    ) -> Result<T> {
        let stored = self.stored(key).await?;
        self.update_from(key, stored, merge).await
    }

    /// The same for an object that has been read already.
    pub async fn update_from<T>(
        &self,
        key: &str,
        mut stored: Option<Stored>,
        mut merge: impl AsyncFnMut(Option<&[u8]>) -> Result<(Change, T)>,
    ) -> Result<T> {
        for attempt in 0..TRIES {
            let (change, outcome) = merge(stored.as_ref().and_then(Stored::bytes)).await?;
            let done = match change {
                Change::Keep => true,
                Change::Put(bytes) => self.replace(key, stored.as_ref(), Some(bytes)).await?,
                Change::Remove => match &stored {
                    Some(_) => self.replace(key, stored.as_ref(), None).await?,
                    None => true,
                },
            };
            if done {
                return Ok(outcome);
            }
            tokio::time::sleep(pause(attempt)).await;
            stored = self.stored(key).await?;
        }
        bail!(
            "{key}: other commands changed it each of the {TRIES} times that it was to be put: run \
             this again when they are done"
        )
    }

    /// Stores or removes an object if it is still the `expected` one. Returns false otherwise.
    async fn replace(
        &self,
        key: &str,
        expected: Option<&Stored>,
        bytes: Option<Vec<u8>>,
    ) -> Result<bool> {
        match self {
            Self::Objects(bucket) => bucket.replace(key, expected, bytes).await,
            Self::Local(bucket) => bucket.replace(
                key,
                expected.map(|expected| &expected.version),
                &bytes.unwrap_or_default(),
            ),
        }
    }
}

/// The pause after an attempt, with a random factor, so that two commands do not collide again.
fn pause(attempt: u32) -> Duration {
    let most = FIRST_PAUSE.saturating_mul(1 << attempt.min(10)).min(LAST_PAUSE);
    let chance = RandomState::new().hash_one(attempt) as u8;
    most.mul_f64(f64::from(chance) / 256.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Location;

    fn bucket(root: &std::path::Path) -> Bucket {
        Bucket::open(&Location::Folder(root.to_owned()), None).unwrap()
    }

    fn wait<F: Future>(future: F) -> F::Output {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(future)
    }

    #[test]
    fn a_concurrent_write_is_merged() {
        let root = tempfile::tempdir().unwrap();
        let bucket = bucket(root.path());
        let mut other = Some(b"b".to_vec());
        let seen = wait(bucket.update("k", async |stored| {
            let mut bytes = stored.unwrap_or_default().to_vec();
            // As if another command came between read and put, the first time.
            if let Some(other) = other.take() {
                bucket.put("k", other).await?;
            }
            bytes.push(b'a');
            Ok((Change::Put(bytes.clone()), bytes))
        }));
        assert_eq!(seen.unwrap(), b"ba");
        assert_eq!(wait(bucket.get("k")).unwrap().unwrap(), b"ba");
    }

    #[test]
    fn a_concurrent_write_prevents_a_removal() {
        let root = tempfile::tempdir().unwrap();
        let bucket = bucket(root.path());
        wait(bucket.put("k", b"old".to_vec())).unwrap();
        let mut first = true;
        let end = wait(bucket.update("k", async |stored| {
            if std::mem::take(&mut first) {
                bucket.put("k", b"new".to_vec()).await?;
                return Ok((Change::Remove, "removed"));
            }
            assert_eq!(stored, Some(b"new".as_slice()));
            Ok((Change::Keep, "kept"))
        }));
        assert_eq!(end.unwrap(), "kept");
        wait(bucket.update("k", async |_| Ok((Change::Remove, ())))).unwrap();
        assert!(wait(bucket.get("k")).unwrap().is_none(), "in a folder, it is gone");
    }

    #[test]
    fn an_endless_conflict_is_an_error_that_names_the_key() {
        let root = tempfile::tempdir().unwrap();
        let bucket = bucket(root.path());
        let mut number = 0_u32;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let end = runtime.block_on(async {
            bucket
                .update("records/Shop/a.json", async |_| {
                    number += 1;
                    bucket.put("records/Shop/a.json", number.to_string().into_bytes()).await?;
                    Ok((Change::Put(b"mine".to_vec()), ()))
                })
                .await
        });
        let message = end.unwrap_err().to_string();
        let names_key = message.starts_with("records/Shop/a.json: ");
        assert!(names_key && message.contains("again"), "{message}");
        assert_eq!(number, TRIES);
    }
}
