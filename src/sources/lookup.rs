//! Runs the look-ups of a request: catalogs, records, and whether a pyramid exists. Results come
//! from cache entries or the store.

use std::{cell::RefCell, collections::HashMap, ops::ControlFlow};

use futures_util::{StreamExt, future::join_all, stream};

use super::{
    drawings::{choose_fonts, forget_embedding, read_embedding},
    opened::{Sources, needed},
    remote::Permitted,
    source::{self, OpenSource},
};
use crate::{
    catalog::Record,
    commands::Reads,
    error::{Error, ErrorKind, Result},
    http::HttpRequest,
    limits,
    pyramid::insert_index,
    resolve,
    resolved::Resolved,
    store::{self, ByteRange, CacheEntry, FetchBuffer, Read, Store, keys::Kind},
    time_slice::Work,
};

/// The results of a request's look-ups.
#[derive(Debug, Default)]
pub struct Lookup {
    /// Catalogs, records and the first bytes of pyramids.
    pub buffer: FetchBuffer,
    /// The cache entries of pyramids, by key. They are revalidated when the pyramid is opened.
    pyramids: RefCell<HashMap<String, CacheEntry>>,
}

impl Lookup {
    /// Runs a stage to completion. Makes the reads that it waits for in batches. Fails with
    /// [`ErrorKind::TooLarge`](crate::error::ErrorKind::TooLarge) after
    /// [`limits::LOOKUP_ROUNDS`] batches.
    pub async fn run<T>(
        &self,
        request: &HttpRequest,
        store: &impl Store,
        mut stage: Work<'_, T>,
    ) -> Result<T> {
        for _ in 0..limits::LOOKUP_ROUNDS {
            match self.buffer.poll(&mut stage) {
                ControlFlow::Break(done) => return Ok(done),
                ControlFlow::Continue(reads) => {
                    self.read(store, reads, request.received_at).await?;
                }
            }
        }
        Err(Error::too_large("the catalogs refer to each other in a loop"))
    }

    /// Opens the images of a request that `sources` lacks, several at once. Returns false if the
    /// request has to be resolved again: one of them is missing, which is recorded for the next
    /// look-up, or is an SVG that embeds requests. `sources` then keeps the others.
    pub async fn open(
        &self,
        resolved: &mut Resolved,
        sources: &mut Sources,
        store: &impl Store,
        now: f64,
    ) -> Result<bool> {
        if !self.open_images(resolved, sources, store, now).await? {
            return Ok(false);
        }
        if !is_drawn(resolved) {
            return Ok(true);
        }
        match self.read_svgs(resolved, sources, store, now).await {
            // An SVG was replaced after its index was cached (K5).
            Err(Error { kind: ErrorKind::Changed, .. }) => {
                *sources = Sources::reopen(resolved, store, now).await?;
                self.read_svgs(resolved, sources, store, now).await
            }
            read => read,
        }
    }

    /// Reads SVGs as far as it takes to resolve the images and choose the fonts in them. Returns
    /// false if the request has to be resolved again for their images.
    async fn read_svgs(
        &self,
        resolved: &mut Resolved,
        sources: &mut Sources,
        store: &impl Store,
        now: f64,
    ) -> Result<bool> {
        if read_embedding(resolved, sources.all_mut(), store, &self.buffer).await? {
            return Ok(false);
        }
        forget_embedding(resolved, &self.buffer);
        self.look_up_fonts(resolved, sources, store, now).await?;
        Ok(true)
    }

    async fn open_images(
        &self,
        resolved: &Resolved,
        sources: &mut Sources,
        store: &impl Store,
        now: f64,
    ) -> Result<bool> {
        let Some((main, others)) = needed(resolved) else { return Ok(true) };
        let store = &Permitted::new(store, &resolved.remote);
        let mut opened = sources.take();
        let keys: Vec<&str> = main.into_iter().chain(others).collect();
        let mut unopened = keys.clone();
        unopened.retain(|key| !opened.iter().any(|source| source.key == *key));
        let record = resolved.answer.record();
        let found = unopened.into_iter().map(async |key| {
            let record = record.filter(|_| main == Some(key));
            (key, self.source(key, record, store, now).await)
        });
        let mut found = stream::iter(found).buffer_unordered(limits::CONCURRENT_READS);
        let mut complete = true;
        while let Some((key, source)) = found.next().await {
            match source? {
                Some(source) => opened.push(source),
                None => {
                    self.buffer.fetched_mut().insert_missing(key);
                    complete = false;
                }
            }
        }
        sources.put(main, &keys, opened);
        Ok(complete)
    }

    /// Looks up the fonts of the SVGs that a picture shows, once these are opened.
    pub async fn look_up_fonts(
        &self,
        resolved: &mut Resolved,
        sources: &mut Sources,
        store: &impl Store,
        now: f64,
    ) -> Result<()> {
        if !is_drawn(resolved) {
            return Ok(());
        }
        choose_fonts(resolved, sources.all_mut(), store).await?;
        let mut keys = resolve::font_keys(&mut resolved.picture)?;
        keys.retain(|key| !self.buffer.fetched().is_looked_up(key));
        let range = ByteRange::new(0, limits::FONT_HEADER);
        let reads = keys.into_iter().map(|key| Read { key, range, version: None });
        self.read(store, reads.collect(), now).await?;
        resolve::set_font_versions(&mut resolved.picture, &self.buffer.fetched())
    }

    /// Opens the pyramid at `key`; `None` if it does not exist. The record of a third-party pyramid
    /// may contain its index.
    async fn source(
        &self,
        key: &str,
        record: Option<&Record>,
        store: &impl Store,
        now: f64,
    ) -> Result<Option<OpenSource>> {
        let entry = self.pyramids.borrow_mut().remove(key);
        let entry = match entry {
            // No stage of `resolve` reads a remote image, because it may not know whether it is
            // permitted. So its cache entry is read here.
            None if store::is_remote(key) => CacheEntry::get(key, store).await,
            entry => entry,
        };
        let mut fetched = self.buffer.fetched().only(key);
        let is_fresh = entry.as_ref().is_some_and(|k| k.is_trusted(now, limits::TRUST_SECONDS));
        if !is_fresh {
            let index = record.map_or_else(|| self.stored_index(key), Record::pyramid_index);
            if let Some(index) = index {
                insert_index(key, index, &mut fetched);
            }
        }
        source::find(key, store, now, fetched, entry).await
    }

    /// The index of a third-party pyramid in its own record, which was read with the pyramid.
    fn stored_index(&self, key: &str) -> Option<Vec<u8>> {
        let record = Kind::Record.key(Kind::Asset.name(key)?);
        let fetched = self.buffer.fetched();
        let bytes = fetched.object(&record)?.from(0)?;
        Record::from_json(bytes).ok()?.pyramid_index()
    }

    /// Reads the objects without a cache entry, and puts entries for them, even for missing ones.
    async fn read(&self, store: &impl Store, reads: Vec<Read>, now: f64) -> Result<()> {
        let entries = join_all(reads.iter().map(|read| CacheEntry::get(&read.key, store))).await;
        let mut unread = Vec::new();
        for (read, entry) in reads.into_iter().zip(entries) {
            // A read of an object that was already looked up requests more bytes, which no entry
            // contains.
            let more = self.buffer.fetched().is_looked_up(&read.key);
            if more || !entry.is_some_and(|entry| self.take(&read.key, entry, now)) {
                unread.push(read);
            }
        }
        self.buffer.fetch(store, unread.clone()).await?;
        let entries =
            unread.iter().filter_map(|read| Some((&read.key, self.entry_of(&read.key, now)?)));
        let entries: Vec<(&String, CacheEntry)> = entries.collect();
        join_all(entries.iter().map(|(key, entry)| entry.put(key, store))).await;
        Ok(())
    }

    /// The cache entry for an object that was just read. The entry of a pyramid contains its index,
    /// and is put when the pyramid is opened.
    fn entry_of(&self, key: &str, now: f64) -> Option<CacheEntry> {
        let fetched = self.buffer.fetched();
        let found = fetched.object(key);
        if is_headed(key) {
            // The length, and then the header.
            let found = found.map(|object| {
                let header = object.from(0).unwrap_or_default();
                let header = header.get(..limits::PROFILE_HEADER as usize).unwrap_or(header);
                (object.version.clone(), [&object.len.to_le_bytes(), header].concat())
            });
            return Some(CacheEntry { checked_at: now, found });
        }
        let whole = |object: &store::Object| {
            (object.version.clone(), object.from(0).unwrap_or_default().to_vec())
        };
        let entry = || CacheEntry { checked_at: now, found: found.map(whole) };
        (is_small(key) || found.is_none()).then(entry)
    }

    /// Inserts a cache entry into the results. Returns false if the store must be read instead.
    fn take(&self, key: &str, entry: CacheEntry, now: f64) -> bool {
        let small = is_small(key);
        let seconds = if small { limits::CATALOG_SECONDS } else { limits::TRUST_SECONDS };
        let trusted = entry.is_trusted(now, seconds);
        let mut fetched = self.buffer.fetched_mut();
        match &entry.found {
            None if trusted => fetched.insert_missing(key),
            Some((version, bytes)) if is_headed(key) => {
                let Some((len, header)) = bytes.split_first_chunk().filter(|_| trusted) else {
                    return false;
                };
                let len = u64::from_le_bytes(*len);
                fetched.insert_start(key, version.clone(), len, header.to_vec());
            }
            Some((version, bytes)) if small && trusted => {
                fetched.insert_whole(key, version.clone(), bytes.clone());
            }
            Some((version, _)) if !small => {
                fetched.insert_unread(key, version.clone(), 0, None);
                self.pyramids.borrow_mut().insert(key.to_owned(), entry);
            }
            None | Some(_) => return false,
        }
        true
    }
}

/// Whether a reply draws SVGs.
fn is_drawn(resolved: &Resolved) -> bool {
    resolved.answer.reply.kind().reads >= Reads::Plan && !resolved.picture.drawings().is_empty()
}

/// Whether the length and the header of an object are cached: those of profiles and fonts.
fn is_headed(key: &str) -> bool {
    Kind::Profile.holds(key) || Kind::Font.holds(key)
}

/// Whether an object is cached as a whole: catalogs and records are, because they are small and
/// many requests share them. Pyramids are not.
fn is_small(key: &str) -> bool {
    Kind::Catalog.holds(key) || Kind::Record.holds(key)
}
