//! Everything a request is looked up in: catalogs, records, whether there is a pyramid.

use std::collections::HashMap;

use futures_util::future::join_all;

use super::source::{self, Source};
use crate::{
    catalog::Record,
    error::{Error, Result},
    http::HttpRequest,
    limits,
    pyramid::hold_index,
    store::{self, Kept, Known, Read, Step, Store, keys::Kind},
};

/// What has been looked up for a request.
#[derive(Debug, Default)]
pub struct Lookup {
    /// Catalogs, records and the first bytes of pyramids.
    pub known: Known,
    /// Pyramids that are remembered, by key; whether they are right still is asked where they
    /// are opened.
    pyramids: HashMap<String, Kept>,
}

impl Lookup {
    /// Runs a stage until it has all it asks for. Each of its rounds is one batch of reads.
    pub async fn run<T>(
        &mut self,
        request: &HttpRequest,
        store: &impl Store,
        mut stage: impl FnMut(&Known) -> Result<Step<T>>,
    ) -> Result<T> {
        for _ in 0..limits::ROUNDS {
            match stage(&self.known)? {
                Step::Done(done) => return Ok(done),
                Step::Needs(reads) => self.read(store, reads, request.received_at).await?,
            }
        }
        Err(Error::too_large("the catalogs lead from one to the other without an end"))
    }

    /// The pyramid at `key`, if there is one. The record of a third-party one may hold its index.
    pub async fn source(
        &mut self,
        key: &str,
        record: Option<&Record>,
        store: &impl Store,
        now: f64,
    ) -> Result<Option<Source>> {
        let kept = match self.pyramids.remove(key) {
            // No stage of `resolve` asks another server, which it may not know to be permitted.
            None if store::is_remote(key) => Kept::recall(key, store).await,
            kept => kept,
        };
        let mut known = self.known.only(key);
        let is_known = kept.as_ref().is_some_and(|k| k.is_trusted(now, limits::TRUST_SECONDS));
        if !is_known && let Some(index) = record.and_then(Record::pyramid_index) {
            hold_index(key, index, &mut known);
        }
        source::find(key, store, now, known, kept).await
    }

    /// Reads what is not remembered, and remembers it: that it is missing, too.
    async fn read(&mut self, store: &impl Store, reads: Vec<Read>, now: f64) -> Result<()> {
        let recalled = join_all(reads.iter().map(|read| Kept::recall(&read.key, store))).await;
        let mut unread = Vec::new();
        for (read, kept) in reads.into_iter().zip(recalled) {
            // Of what is known to be there, more bytes are asked for: nobody remembers those.
            let more = self.known.object(&read.key).is_some();
            if more || !kept.is_some_and(|kept| self.take(&read.key, kept, now)) {
                unread.push(read);
            }
        }
        store::fetch(store, &mut self.known, unread.clone()).await?;
        let known = &self.known;
        join_all(unread.iter().map(async |Read { key, .. }| {
            let found = known.object(key).flatten();
            // A pyramid is remembered by its index, once it is opened.
            if is_small(key) || found.is_none() {
                let whole = |object: &store::Object| {
                    (object.version.clone(), object.from(0).unwrap_or_default().to_vec())
                };
                Kept { asked: now, found: found.map(whole) }.keep(key, store).await;
            }
        }))
        .await;
        Ok(())
    }

    /// Takes what is remembered as known. False where the store must be asked.
    fn take(&mut self, key: &str, kept: Kept, now: f64) -> bool {
        let small = is_small(key);
        let seconds = if small { limits::CATALOG_SECONDS } else { limits::TRUST_SECONDS };
        let trusted = kept.is_trusted(now, seconds);
        match &kept.found {
            None if trusted => self.known.missing(key),
            Some((version, bytes)) if small && trusted => {
                self.known.hold(key, version.clone(), bytes.clone());
            }
            Some((version, _)) if !small => {
                self.known.expect(key, version.clone(), 0, None);
                self.pyramids.insert(key.to_owned(), kept);
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
