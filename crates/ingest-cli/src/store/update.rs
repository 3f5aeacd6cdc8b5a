//! Changes to objects that several commands write. An object is read, changed and put on condition
//! that it is still as it was read; otherwise it is read and changed once more.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use anyhow::{Result, bail};
use azulejo::store::{ByteRange, Read, Version};

use super::Bucket;

/// Times that one change is tried.
const TRIES: u32 = 40;

/// The pauses between them double from the first to the last of these; each is cut by chance.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LAST_PAUSE: Duration = Duration::from_millis(500);

/// An object as it was read.
#[derive(Debug, Clone)]
pub struct Stored {
    pub(super) bytes: Vec<u8>,
    pub(super) version: Version,
}

impl Stored {
    /// What it holds. An empty object stands for one that was removed.
    pub fn bytes(&self) -> Option<&[u8]> {
        Some(self.bytes.as_slice()).filter(|bytes| !bytes.is_empty())
    }
}

/// What becomes of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It stays as it is.
    Keep,
    /// It is replaced.
    Put(Vec<u8>),
    /// It goes.
    Remove,
}

impl Bucket {
    /// An object to be changed, if it is there.
    pub async fn stored(&self, key: &str) -> Result<Option<Stored>> {
        let range = ByteRange::new(0, u64::MAX);
        let block = self.block(&Read { key: key.to_owned(), range, version: None }).await?;
        Ok(block.map(|block| Stored { bytes: block.bytes, version: block.version }))
    }

    /// Changes an object as `merge` says, which gets what is stored. What another command puts in
    /// between is never overwritten: `merge` is asked again.
    pub async fn update<T>(
        &self,
        key: &str,
        merge: impl AsyncFnMut(Option<&[u8]>) -> Result<(Change, T)>,
    ) -> Result<T> {
        let stored = self.stored(key).await?;
        self.update_from(key, stored, merge).await
    }

    /// The same, of an object that has been read before.
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

    /// Puts or removes an object on condition that it is still as it was read; false where it is
    /// not.
    async fn replace(
        &self,
        key: &str,
        was: Option<&Stored>,
        bytes: Option<Vec<u8>>,
    ) -> Result<bool> {
        match self {
            Self::Objects(bucket) => bucket.replace(key, was, bytes).await,
            Self::Local(bucket) => {
                bucket.replace(key, was.map(|was| &was.version), &bytes.unwrap_or_default())
            }
        }
    }
}

/// A part of the pause that this attempt has at most, so that those who met do not meet again.
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
    fn what_another_puts_in_between_is_merged() {
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
    fn what_was_changed_is_not_removed() {
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
        let words = end.unwrap_err().to_string();
        assert!(words.starts_with("records/Shop/a.json: ") && words.contains("again"), "{words}");
        assert_eq!(number, TRIES);
    }
}
