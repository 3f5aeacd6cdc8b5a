//! The cache of this isolate, which lives between requests. It has a few megabytes and evicts the
//! least recently used entries.
//!
//! Entries for missing objects have a small capacity of their own, so that requests for unknown
//! names evict no index of a pyramid.

use std::{cell::RefCell, rc::Rc};

use azulejo::{
    limits,
    store::{CacheEntry, LayerCache},
};
use js_sys::Date;

use crate::lru::Lru;

thread_local! {
    static ISOLATE: RefCell<IsolateCache> = RefCell::new(IsolateCache::new());
    static LAYERS: Rc<LayerCache> = Rc::default();
}

/// The bytes stored under `key`.
pub fn get(key: &str) -> Option<Vec<u8>> {
    ISOLATE.with_borrow_mut(|cache| cache.get(key, Date::now()))
}

/// Stores `bytes` under `key`.
pub fn put(key: &str, bytes: &[u8]) {
    ISOLATE.with_borrow_mut(|cache| cache.put(key, bytes, Date::now()));
}

/// The cache of drawn layers.
pub fn layers() -> Rc<LayerCache> {
    LAYERS.with(Rc::clone)
}

/// The lifetime of this entry in seconds. The engine trusts an entry without revalidation for a
/// shorter time.
pub fn seconds(bytes: &[u8]) -> u32 {
    match CacheEntry::is_of_missing(bytes) {
        true => limits::MISSING_SECONDS,
        false => limits::CACHE_SECONDS,
    }
}

#[derive(Debug)]
struct IsolateCache {
    found: Lru,
    missing: Lru,
}

impl IsolateCache {
    fn new() -> Self {
        Self {
            found: Lru::new(limits::CACHE_BYTES, limits::CACHE_SECONDS),
            missing: Lru::new(limits::MISSING_BYTES, limits::MISSING_SECONDS),
        }
    }

    fn get(&mut self, key: &str, now: f64) -> Option<Vec<u8>> {
        let Self { found, missing } = self;
        found.get(key, now).or_else(|| missing.get(key, now)).map(<[u8]>::to_vec)
    }

    fn put(&mut self, key: &str, bytes: &[u8], now: f64) {
        let (target, stale) = match CacheEntry::is_of_missing(bytes) {
            true => (&mut self.missing, &mut self.found),
            false => (&mut self.found, &mut self.missing),
        };
        stale.remove(key);
        target.put(key, bytes, now);
    }
}

#[cfg(test)]
mod tests {
    use azulejo::store::Version;
    use peak_alloc::PeakAlloc;

    use super::*;

    #[global_allocator]
    static ALLOCATOR: PeakAlloc = PeakAlloc;

    fn missing() -> Vec<u8> {
        CacheEntry { checked_at: 7.0, found: None }.to_bytes()
    }

    fn found(bytes: usize) -> Vec<u8> {
        CacheEntry { checked_at: 7.0, found: Some((Version("v".to_owned()), vec![1; bytes])) }
            .to_bytes()
    }

    #[test]
    fn entries_for_found_and_missing_objects_replace_each_other() {
        let mut cache = IsolateCache::new();
        cache.put("a", &missing(), 0.0);
        cache.put("a", &found(9), 1.0);
        assert_eq!(cache.get("a", 2.0), Some(found(9)));
        cache.put("a", &missing(), 3.0);
        assert_eq!(cache.get("a", 4.0), Some(missing()));
    }

    #[test]
    fn an_entry_for_a_missing_object_expires_within_minutes() {
        let mut cache = IsolateCache::new();
        cache.put("a", &missing(), 0.0);
        cache.put("b", &found(9), 0.0);
        let later = f64::from(limits::MISSING_SECONDS) * 1000.0;
        assert_eq!(cache.get("a", later), None);
        assert_eq!(cache.get("b", later), Some(found(9)));
        assert_eq!([missing(), found(9)].map(|bytes| seconds(&bytes)), [120, 3600]);
    }

    /// As from a crawler or an attacker, who requests no name twice.
    #[test]
    fn a_million_unknown_ids_evict_no_found_object() {
        let mut cache = IsolateCache::new();
        let indexes: Vec<String> = (0..100).map(|nth| format!("assets/Shop/{nth}.tif")).collect();
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        for key in &indexes {
            cache.put(key, &found(40_000), 0.0);
        }
        let bytes = missing();
        for nth in 0..1_000_000 {
            cache.put(&format!("assets/Shop/no-such-image-{nth}.tif"), &bytes, 1.0);
        }
        let most = limits::CACHE_BYTES + limits::MISSING_BYTES;
        let [current, peak] = [ALLOCATOR.current_usage(), ALLOCATOR.peak_usage()];
        assert!(current - before <= most, "{} of {most} bytes", current - before);
        assert!(peak - before <= most + (1 << 20), "{} of {most} bytes", peak - before);
        assert!(indexes.iter().all(|key| cache.get(key, 2.0).is_some()));
        let last = cache.get("assets/Shop/no-such-image-999999.tif", 2.0);
        assert_eq!(last, Some(bytes));
        assert_eq!(cache.get("assets/Shop/no-such-image-0.tif", 2.0), None);
    }
}
