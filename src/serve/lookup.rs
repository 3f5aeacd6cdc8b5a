//! Everything a request is looked up in: catalogs, records, whether there is a pyramid.

use super::source;
use crate::{
    error::{Error, Result},
    http::HttpRequest,
    limits,
    store::{self, Known, Read, Step, Store, Version},
};

/// What has been looked up for a request.
#[derive(Debug, Default)]
pub struct Lookup {
    /// Catalogs, records and the first bytes of pyramids.
    pub known: Known,
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

    async fn read(&mut self, store: &impl Store, reads: Vec<Read>, now: f64) -> Result<()> {
        let keys: Vec<String> = reads.iter().map(|read| read.key.clone()).collect();
        let mut remembered = Vec::new();
        let recall = |known: &mut Known, key: &str, bytes: &[u8]| {
            match source::presumed(bytes, now) {
                Some(true) => known.expect(key, Version(String::new()), 0, None),
                Some(false) => known.missing(key),
                None => return,
            }
            remembered.push(key.to_owned());
        };
        let known = &mut self.known;
        store::fetch_remembered(store, known, reads, (is_small, recall), now).await?;
        for key in keys.iter().filter(|key| !is_small(key) && !remembered.contains(key)) {
            if self.known.object(key).is_some_and(|object| object.is_none()) {
                source::remember_missing(key, store, now).await;
            }
        }
        Ok(())
    }
}

/// Catalogs and records are small and shared; pyramids are neither.
fn is_small(key: &str) -> bool {
    key.starts_with("catalogs/") || key.starts_with("records/")
}
