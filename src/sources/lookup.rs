//! Everything a request is looked up in: catalogs, records, whether there is a pyramid.

use std::{cell::RefCell, collections::HashMap, ops::ControlFlow};

use futures_util::future::join_all;

use super::source::{self, OpenSource};
use crate::{
    catalog::Record,
    error::{Error, Result},
    http::HttpRequest,
    limits,
    pyramid::insert_index,
    store::{self, CacheEntry, FetchBuffer, Read, Store, keys::Kind},
    time_slice::Work,
};

/// What has been looked up for a request.
#[derive(Debug, Default)]
pub struct Lookup {
    /// Catalogs, records and the first bytes of pyramids.
    pub buffer: FetchBuffer,
    /// Pyramids that are remembered, by key; whether they are right still is asked where they
    /// are opened.
    pyramids: RefCell<HashMap<String, CacheEntry>>,
}

impl Lookup {
    /// Runs a stage until it is done. What it waits for is read in batches.
    pub async fn run<T>(
        &self,
        request: &HttpRequest,
        store: &impl Store,
        mut stage: Work<'_, T>,
    ) -> Result<T> {
        for _ in 0..limits::ROUNDS {
            match self.buffer.poll(&mut stage) {
                ControlFlow::Break(done) => return Ok(done),
                ControlFlow::Continue(reads) => {
                    self.read(store, reads, request.received_at).await?;
                }
            }
        }
        Err(Error::too_large("the catalogs lead from one to the other without an end"))
    }

    /// The pyramid at `key`, if there is one. The record of a third-party one may hold its index.
    pub async fn source(
        &self,
        key: &str,
        record: Option<&Record>,
        store: &impl Store,
        now: f64,
    ) -> Result<Option<OpenSource>> {
        let entry = self.pyramids.borrow_mut().remove(key);
        let entry = match entry {
            // No stage of `resolve` asks another server, which it may not know to be permitted.
            None if store::is_remote(key) => CacheEntry::get(key, store).await,
            entry => entry,
        };
        let mut fetched = self.buffer.fetched().only(key);
        let is_known = entry.as_ref().is_some_and(|k| k.is_trusted(now, limits::TRUST_SECONDS));
        if !is_known && let Some(index) = record.and_then(Record::pyramid_index) {
            insert_index(key, index, &mut fetched);
        }
        source::find(key, store, now, fetched, entry).await
    }

    /// Reads what is not remembered, and remembers it: that it is missing, too.
    async fn read(&self, store: &impl Store, reads: Vec<Read>, now: f64) -> Result<()> {
        let entries = join_all(reads.iter().map(|read| CacheEntry::get(&read.key, store))).await;
        let mut unread = Vec::new();
        for (read, entry) in reads.into_iter().zip(entries) {
            // Of what is known to be there, more bytes are asked for: nobody remembers those.
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

    /// What is remembered of an object that was read just now. A pyramid is remembered by its
    /// index, once it is opened.
    fn entry_of(&self, key: &str, now: f64) -> Option<CacheEntry> {
        let fetched = self.buffer.fetched();
        let found = fetched.object(key);
        let whole = |object: &store::Object| {
            (object.version.clone(), object.from(0).unwrap_or_default().to_vec())
        };
        let entry = || CacheEntry { checked_at: now, found: found.map(whole) };
        (is_small(key) || found.is_none()).then(entry)
    }

    /// Takes what is remembered as known. False where the store must be asked.
    fn take(&self, key: &str, entry: CacheEntry, now: f64) -> bool {
        let small = is_small(key);
        let seconds = if small { limits::CATALOG_SECONDS } else { limits::TRUST_SECONDS };
        let trusted = entry.is_trusted(now, seconds);
        let mut fetched = self.buffer.fetched_mut();
        match &entry.found {
            None if trusted => fetched.insert_missing(key),
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

/// Catalogs and records are small and shared; pyramids are neither.
fn is_small(key: &str) -> bool {
    Kind::Catalog.holds(key) || Kind::Record.holds(key)
}
