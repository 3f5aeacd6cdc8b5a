//! The pyramid behind a request: remembered, compared with the store's, or read.

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, ErrorKind, Result},
    limits,
    pyramid::{self, Index, Span},
    store::{self, ByteRange, Known, Read, ReadError, Store, Version},
};

/// A stored image that was found.
pub struct Source {
    /// Its key in the bucket.
    pub key: String,
    /// Its version, trusted for [`limits::TRUST_SECONDS`].
    pub version: Version,
    /// Its index as it is remembered: a cached reply never needs it read.
    index: Vec<u8>,
    /// What was read of it so far.
    pub known: Known,
}

/// What earlier requests learnt of a key, and when the store was last asked about it.
#[derive(Serialize, Deserialize)]
struct Memo<'a> {
    asked: f64,
    /// `None`: there is no such object.
    version: Option<Version>,
    index: &'a [u8],
}

/// Finds the pyramid at `key`; `None` when there is none. With `fresh` nothing remembered counts.
pub async fn find(key: &str, store: &impl Store, now: f64, fresh: bool) -> Result<Option<Source>> {
    let remembered = if fresh { None } else { store.recall(key).await };
    if let Some(memo) = remembered.as_deref().and_then(Memo::from_bytes)
        && let Some(memo) = memo.still_right(key, store, now).await?
    {
        let index = memo.index.to_vec();
        let found =
            |version| Source { key: key.to_owned(), version, index, known: Known::default() };
        return Ok(memo.version.map(found));
    }
    let mut known = Known::default();
    match store::fulfil(store, &mut known, |known| pyramid::open(key, known)).await {
        Ok(index) => {
            let version = index.version.clone();
            let index = index.to_bytes();
            Memo { asked: now, version: Some(version.clone()), index: &index }
                .keep(key, store)
                .await;
            Ok(Some(Source { key: key.to_owned(), version, index, known }))
        }
        Err(Error { kind: ErrorKind::NotFound, .. }) => {
            Memo { asked: now, version: None, index: &[] }.keep(key, store).await;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

impl Source {
    /// The index, ready to be planned with; its object is in `known`.
    pub fn index(&mut self) -> Result<Index> {
        let index = Index::from_bytes(&self.index)
            .ok_or_else(|| Error::bug("an index that was remembered is damaged"))?;
        if self.known.object(&self.key).is_none() {
            self.known.expect(&self.key, index.version.clone(), index.len, index.modified);
        }
        Ok(index)
    }
}

impl Source {
    /// Bytes of the object, as the index tells where they lie.
    pub async fn span(&mut self, span: Option<Span>, store: &impl Store) -> Result<Option<&[u8]>> {
        let Some(span) = span else { return Ok(None) };
        let range = ByteRange::from(span);
        if range.len > limits::METADATA_BYTES {
            let message = format!(
                "metadata of {} bytes; at most {} are read",
                range.len,
                limits::METADATA_BYTES
            );
            return Err(Error::too_large(message));
        }
        let held = |known: &Known| {
            known.object(&self.key).flatten().is_some_and(|o| o.get(range).is_some())
        };
        if !held(&self.known) {
            let read = Read { key: self.key.clone(), range, version: Some(self.version.clone()) };
            store::fetch(store, &mut self.known, vec![read]).await?;
        }
        let object = self.known.object(&self.key).flatten();
        let bytes = object.and_then(|object| object.get(range));
        bytes.map(Some).ok_or_else(|| Error::bad_source("the metadata ends behind the file"))
    }
}

impl<'a> Memo<'a> {
    fn from_bytes(bytes: &'a [u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }

    async fn keep(&self, key: &str, store: &impl Store) {
        if let Ok(bytes) = postcard::to_allocvec(self) {
            store.remember(key, &bytes).await;
        }
    }

    /// Itself, if it is trusted still or the store confirms it; a read of no bytes is enough.
    async fn still_right(self, key: &str, store: &impl Store, now: f64) -> Result<Option<Self>> {
        let age = now - self.asked;
        if age >= 0.0 && age < f64::from(limits::TRUST_SECONDS) * 1000.0 {
            return Ok(Some(self));
        }
        // Where nothing was, the first read of a pyramid tells as much as a question would.
        let Some(version) = self.version.clone() else { return Ok(None) };
        let nothing = ByteRange::new(0, 0);
        let read = Read { key: key.to_owned(), range: nothing, version: Some(version) };
        match store.read(&read).await {
            Ok(_) => {
                let memo = Self { asked: now, ..self };
                memo.keep(key, store).await;
                Ok(Some(memo))
            }
            Err(ReadError::NotFound | ReadError::Changed) => Ok(None),
            Err(ReadError::Failed(words)) => Err(store::failed(&read, &words)),
        }
    }
}
