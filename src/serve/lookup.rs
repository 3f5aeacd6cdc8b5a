//! Everything a request is looked up in: catalogs, records, whether there is a pyramid.

use std::{cell::RefCell, collections::HashMap, ops::ControlFlow};

use futures_util::future::join_all;

use super::source::{self, Source};
use crate::{
    catalog::Record,
    error::{Error, Result},
    http::HttpRequest,
    limits,
    pyramid::insert_index,
    store::{self, FetchBuffer, Kept, Read, Store, keys::Kind},
    time_slice::Work,
};

/// What has been looked up for a request.
#[derive(Debug, Default)]
pub struct Lookup {
    /// Catalogs, records and the first bytes of pyramids.
    pub buffer: FetchBuffer,
    /// Pyramids that are remembered, by key; whether they are right still is asked where they
    /// are opened.
    pyramids: RefCell<HashMap<String, Kept>>,
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
    ) -> Result<Option<Source>> {
        let kept = self.pyramids.borrow_mut().remove(key);
        let kept = match kept {
            // No stage of `resolve` asks another server, which it may not know to be permitted.
            None if store::is_remote(key) => Kept::recall(key, store).await,
            kept => kept,
        };
        let mut fetched = self.buffer.fetched().only(key);
        let is_known = kept.as_ref().is_some_and(|k| k.is_trusted(now, limits::TRUST_SECONDS));
        if !is_known && let Some(index) = record.and_then(Record::pyramid_index) {
            insert_index(key, index, &mut fetched);
        }
        source::find(key, store, now, fetched, kept).await
    }

    /// Reads what is not remembered, and remembers it: that it is missing, too.
    async fn read(&self, store: &impl Store, reads: Vec<Read>, now: f64) -> Result<()> {
        let recalled = join_all(reads.iter().map(|read| Kept::recall(&read.key, store))).await;
        let mut unread = Vec::new();
        for (read, kept) in reads.into_iter().zip(recalled) {
            // Of what is known to be there, more bytes are asked for: nobody remembers those.
            let more = self.buffer.fetched().is_looked_up(&read.key);
            if more || !kept.is_some_and(|kept| self.take(&read.key, kept, now)) {
                unread.push(read);
            }
        }
        self.buffer.fetch(store, unread.clone()).await?;
        let kept = unread.iter().filter_map(|read| Some((&read.key, self.kept(&read.key, now)?)));
        let kept: Vec<(&String, Kept)> = kept.collect();
        join_all(kept.iter().map(|(key, kept)| kept.keep(key, store))).await;
        Ok(())
    }

    /// What is remembered of an object that was read just now. A pyramid is remembered by its
    /// index, once it is opened.
    fn kept(&self, key: &str, now: f64) -> Option<Kept> {
        let fetched = self.buffer.fetched();
        let found = fetched.object(key);
        let whole = |object: &store::Object| {
            (object.version.clone(), object.from(0).unwrap_or_default().to_vec())
        };
        let kept = || Kept { asked: now, found: found.map(whole) };
        (is_small(key) || found.is_none()).then(kept)
    }

    /// Takes what is remembered as known. False where the store must be asked.
    fn take(&self, key: &str, kept: Kept, now: f64) -> bool {
        let small = is_small(key);
        let seconds = if small { limits::CATALOG_SECONDS } else { limits::TRUST_SECONDS };
        let trusted = kept.is_trusted(now, seconds);
        let mut fetched = self.buffer.fetched_mut();
        match &kept.found {
            None if trusted => fetched.insert_missing(key),
            Some((version, bytes)) if small && trusted => {
                fetched.insert_whole(key, version.clone(), bytes.clone());
            }
            Some((version, _)) if !small => {
                fetched.insert_unread(key, version.clone(), 0, None);
                self.pyramids.borrow_mut().insert(key.to_owned(), kept);
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
