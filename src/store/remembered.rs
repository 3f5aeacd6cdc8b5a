//! Small objects that many requests need, catalogs and records: read once a minute.

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};

use super::{Block, Known, Read, Store, Version, fetch};
use crate::{error::Result, limits};

/// What is kept of a small object: that there is none is worth as much.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    read_at: f64,
    found: Option<(Version, Vec<u8>)>,
}

/// Tells our own bytes from whatever else a store remembers.
const MARK: &[u8] = b"azulejo object 1\n";

/// Reads a batch into `known`: what `is_small` says is remembered for
/// [`limits::CATALOG_SECONDS`], also that it is missing. What the store remembers of other objects
/// goes to `other`; they are read unless it made them known.
///
/// `now` is in milliseconds; the moment of the read counts, wherever it was made.
pub async fn fetch_remembered(
    store: &impl Store,
    known: &mut Known,
    reads: Vec<Read>,
    (is_small, mut other): (fn(&str) -> bool, impl FnMut(&mut Known, &str, &[u8])),
    now: f64,
) -> Result<()> {
    let recalled = join_all(reads.iter().map(|read| store.recall(&read.key))).await;
    let mut missing = Vec::new();
    for (read, recalled) in reads.into_iter().zip(recalled) {
        match recalled {
            Some(bytes) if is_small(&read.key) => match kept(&bytes, now) {
                None => missing.push(read),
                Some(None) => known.missing(&read.key),
                Some(Some((version, bytes))) => known.hold(&read.key, version, bytes),
            },
            recalled => {
                if let Some(bytes) = recalled {
                    other(known, &read.key, &bytes);
                }
                if known.object(&read.key).is_none() {
                    missing.push(read);
                }
            }
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    fetch(store, known, missing.clone()).await?;
    join_all(missing.iter().filter(|read| is_small(&read.key)).map(async |read| {
        let found = known.object(&read.key).flatten();
        let found = found
            .map(|object| (object.version.clone(), object.from(0).unwrap_or_default().to_vec()));
        let kept = Kept { read_at: now, found };
        // A value that cannot be written down is only forgotten.
        if let Ok(bytes) = postcard::to_extend(&kept, MARK.to_vec()) {
            store.remember(&read.key, &bytes).await;
        }
    }))
    .await;
    Ok(())
}

/// What was kept, unless it is too old.
fn kept(bytes: &[u8], now: f64) -> Option<Option<(Version, Vec<u8>)>> {
    let kept: Kept = postcard::from_bytes(bytes.strip_prefix(MARK)?).ok()?;
    let age = now - kept.read_at;
    let fresh = (0.0..f64::from(limits::CATALOG_SECONDS) * 1000.0).contains(&age);
    fresh.then_some(kept.found)
}

impl Known {
    /// Notes a whole object as it is remembered; nothing was read for it.
    fn hold(&mut self, key: &str, version: Version, bytes: Vec<u8>) {
        let len = bytes.len() as u64;
        self.expect(key, version.clone(), len, None);
        let block = Block { start: 0, bytes, version, object_len: len, modified: None };
        let (reads, total) = (self.reads, self.bytes);
        self.add(key, block);
        (self.reads, self.bytes) = (reads, total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{ByteRange, MemoryStore};

    fn read(key: &str) -> Read {
        Read { key: key.to_owned(), range: ByteRange::new(0, 100), version: None }
    }

    fn ask(store: &MemoryStore, now: f64) -> (Option<Vec<u8>>, usize) {
        let mut known = Known::default();
        let reads = vec![read("catalogs/a.json"), read("catalogs/none.json"), read("assets/a.tif")];
        let small = |key: &str| key.starts_with("catalogs/");
        pollster::block_on(fetch_remembered(
            store,
            &mut known,
            reads,
            (small, |_: &mut Known, _: &str, _: &[u8]| {}),
            now,
        ))
        .unwrap();
        assert!(known.object("catalogs/none.json").unwrap().is_none());
        let object = known.object("catalogs/a.json").unwrap();
        (object.map(|object| object.from(0).unwrap().to_vec()), store.take_reads().len())
    }

    #[test]
    fn small_objects_are_read_once_a_minute_and_missing_ones_too() {
        let store = MemoryStore::new();
        store.put("catalogs/a.json", b"one".to_vec());
        assert_eq!(ask(&store, 0.0), (Some(b"one".to_vec()), 3));
        store.put("catalogs/a.json", b"two".to_vec());
        assert_eq!(ask(&store, 59_999.0), (Some(b"one".to_vec()), 1), "the asset is read again");
        assert_eq!(ask(&store, 60_000.0), (Some(b"two".to_vec()), 3));
    }

    #[test]
    fn a_clock_that_goes_back_and_foreign_bytes_are_not_trusted() {
        let store = MemoryStore::new();
        store.put("catalogs/a.json", b"one".to_vec());
        ask(&store, 60_000.0);
        assert_eq!(ask(&store, 0.0).1, 3);
        pollster::block_on(store.remember("catalogs/a.json", b"something else"));
        assert_eq!(ask(&store, 1.0), (Some(b"one".to_vec()), 2));
    }
}
