//! Opens the pyramid of a request: from a cache entry, after revalidation if it is old, or from the
//! store.

use std::rc::Rc;

use crate::{
    error::{Error, ErrorKind, Result},
    limits,
    picture::SvgInputs,
    pyramid::{self, Index, Span},
    store::{self, ByteRange, CacheEntry, FetchBuffer, Fetched, Read, ReadError, Store, Version},
    svg::Drawing,
};

/// A pyramid that was found.
pub struct OpenSource {
    /// Its key in the bucket; the URL of a remote image.
    pub key: String,
    /// Its version, trusted for [`limits::TRUST_SECONDS`].
    pub version: Version,
    index: Indexed,
    /// The bytes of it that were read so far.
    pub fetched: Fetched,
    /// An SVG with what it is drawn with.
    pub drawings: Vec<(SvgInputs, Rc<Drawing>)>,
}

/// The index of a pyramid. The index of a cache entry is parsed on demand, because a cached reply
/// does not need it.
enum Indexed {
    Cached(Vec<u8>),
    Parsed(Rc<Index>),
}

/// Finds the pyramid at `key`; `None` if it does not exist. `fetched` contains the bytes of it that
/// were read already, `entry` the cache entry of earlier requests.
pub async fn find(
    key: &str,
    store: &impl Store,
    now: f64,
    fetched: Fetched,
    entry: Option<CacheEntry>,
) -> Result<Option<OpenSource>> {
    let source = |version, index, fetched| OpenSource {
        key: key.to_owned(),
        version,
        index,
        fetched,
        drawings: Vec::new(),
    };
    if let Some(entry) = entry
        && let Some(entry) = still_right(entry, key, store, now).await?
    {
        return Ok(entry
            .found
            .map(|(version, index)| source(version, Indexed::Cached(index), fetched)));
    }
    let buffer = FetchBuffer::new(fetched);
    match store::fulfil(store, &buffer, pyramid::open(key, &buffer)).await {
        Ok(index) => {
            let fetched = buffer.into_fetched();
            let version = index.version.clone();
            let found = Some((version.clone(), index.to_bytes()));
            CacheEntry { checked_at: now, found }.put(key, store).await;
            Ok(Some(source(version, Indexed::Parsed(Rc::new(index)), fetched)))
        }
        Err(Error { kind: ErrorKind::NotFound, .. }) => {
            CacheEntry { checked_at: now, found: None }.put(key, store).await;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Returns the cache entry if it is young enough to be trusted or the store confirms its version by
/// an empty read; `None` if the pyramid has to be opened again.
async fn still_right(
    entry: CacheEntry,
    key: &str,
    store: &impl Store,
    now: f64,
) -> Result<Option<CacheEntry>> {
    if entry.is_trusted(now, limits::TRUST_SECONDS) {
        return Ok(Some(entry));
    }
    // An old entry for a missing pyramid is not revalidated: opening the pyramid costs the same
    // read.
    let Some((version, _)) = &entry.found else { return Ok(None) };
    let nothing = ByteRange::new(0, 0);
    let read = Read { key: key.to_owned(), range: nothing, version: Some(version.clone()) };
    match store.read(&read).await {
        Ok(_) => {
            let entry = CacheEntry { checked_at: now, ..entry };
            entry.put(key, store).await;
            Ok(Some(entry))
        }
        Err(ReadError::NotFound | ReadError::Changed) => Ok(None),
        Err(error) => Err(store::refused(&read, error)),
    }
}

impl OpenSource {
    /// The parsed index. Also inserts the object into `fetched`.
    pub fn index(&mut self) -> Result<Rc<Index>> {
        let index = match &self.index {
            Indexed::Parsed(index) => Rc::clone(index),
            Indexed::Cached(bytes) => Index::from_bytes(bytes)
                .map(Rc::new)
                .ok_or_else(|| Error::bug("a cached pyramid index is damaged"))?,
        };
        if !self.fetched.is_looked_up(&self.key) {
            self.fetched.insert_unread(&self.key, index.version.clone(), index.len, index.modified);
        }
        self.index = Indexed::Parsed(Rc::clone(&index));
        Ok(index)
    }

    /// Reads a span of metadata that the index locates; `None` without a span. Fails for more than
    /// [`limits::METADATA_BYTES`].
    pub async fn span(&mut self, span: Option<Span>, store: &impl Store) -> Result<Option<&[u8]>> {
        let Some(span) = span else { return Ok(None) };
        let range = ByteRange::from(span);
        if range.len > limits::METADATA_BYTES {
            let message = format!(
                "metadata of {} bytes; the limit is {} bytes",
                range.len,
                limits::METADATA_BYTES
            );
            return Err(Error::too_large(message));
        }
        let is_fetched =
            |fetched: &Fetched| fetched.object(&self.key).is_some_and(|o| o.get(range).is_some());
        if !is_fetched(&self.fetched) {
            let read = Read { key: self.key.clone(), range, version: Some(self.version.clone()) };
            store::fetch(store, &mut self.fetched, vec![read]).await?;
        }
        let object = self.fetched.object(&self.key);
        let bytes = object.and_then(|object| object.get(range));
        bytes.map(Some).ok_or_else(|| Error::bad_source("the metadata ends after the file"))
    }
}
