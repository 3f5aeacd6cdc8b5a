//! The caches of this isolate, which live between requests.

use std::{cell::RefCell, rc::Rc};

use azulejo::{
    limits,
    store::{CacheEntry, EntryCache, LayerCache},
};
use js_sys::Date;

thread_local! {
    static ISOLATE: RefCell<EntryCache> = RefCell::default();
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
    fn an_entry_for_a_missing_object_expires_sooner() {
        assert_eq!([missing(), found(9)].map(|bytes| seconds(&bytes)), [120, 3600]);
    }

    /// As from a crawler or an attacker, who requests no name twice.
    #[test]
    fn a_million_unknown_ids_evict_no_found_object() {
        let mut cache = EntryCache::default();
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
