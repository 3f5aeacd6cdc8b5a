//! What this isolate remembers between requests: a few megabytes, the least recently used go.
//!
//! That there is no object has a small share of its own, so that requests for names nobody has
//! push out no index of a pyramid.

use std::cell::RefCell;

use azulejo::{limits, store::CacheEntry};
use js_sys::Date;

use crate::lru::Lru;

thread_local! {
    static ISOLATE: RefCell<Memory> = RefCell::new(Memory::new());
}

/// The bytes kept under `key`.
pub fn get(key: &str) -> Option<Vec<u8>> {
    ISOLATE.with_borrow_mut(|memory| memory.get(key, Date::now()))
}

/// Keeps `bytes` under `key` while there is room.
pub fn put(key: &str, bytes: &[u8]) {
    ISOLATE.with_borrow_mut(|memory| memory.put(key, bytes, Date::now()));
}

/// How long these bytes are worth remembering. How long they are trusted without asking the store
/// is the engine's to say, and shorter.
pub fn seconds(bytes: &[u8]) -> u32 {
    match CacheEntry::is_of_missing(bytes) {
        true => limits::MISSING_SECONDS,
        false => limits::REMEMBERED_SECONDS,
    }
}

#[derive(Debug)]
struct Memory {
    found: Lru,
    missing: Lru,
}

impl Memory {
    fn new() -> Self {
        Self {
            found: Lru::new(limits::REMEMBERED_BYTES, limits::REMEMBERED_SECONDS),
            missing: Lru::new(limits::MISSING_BYTES, limits::MISSING_SECONDS),
        }
    }

    fn get(&mut self, key: &str, now: f64) -> Option<Vec<u8>> {
        let Self { found, missing } = self;
        found.get(key, now).or_else(|| missing.get(key, now)).map(<[u8]>::to_vec)
    }

    fn put(&mut self, key: &str, bytes: &[u8], now: f64) {
        let (of, other) = match CacheEntry::is_of_missing(bytes) {
            true => (&mut self.missing, &mut self.found),
            false => (&mut self.found, &mut self.missing),
        };
        other.remove(key);
        of.put(key, bytes, now);
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
        CacheEntry { asked: 7.0, found: None }.to_bytes()
    }

    fn found(bytes: usize) -> Vec<u8> {
        CacheEntry { asked: 7.0, found: Some((Version("v".to_owned()), vec![1; bytes])) }.to_bytes()
    }

    #[test]
    fn what_is_found_and_what_is_missing_take_each_others_place() {
        let mut memory = Memory::new();
        memory.put("a", &missing(), 0.0);
        memory.put("a", &found(9), 1.0);
        assert_eq!(memory.get("a", 2.0), Some(found(9)));
        memory.put("a", &missing(), 3.0);
        assert_eq!(memory.get("a", 4.0), Some(missing()));
    }

    #[test]
    fn what_is_missing_is_forgotten_within_minutes() {
        let mut memory = Memory::new();
        memory.put("a", &missing(), 0.0);
        memory.put("b", &found(9), 0.0);
        let later = f64::from(limits::MISSING_SECONDS) * 1000.0;
        assert_eq!(memory.get("a", later), None);
        assert_eq!(memory.get("b", later), Some(found(9)));
        assert_eq!([missing(), found(9)].map(|bytes| seconds(&bytes)), [120, 3600]);
    }

    /// A crawler's or an attacker's: none of the names is ever asked for again.
    #[test]
    fn a_million_unknown_ids_take_their_share_and_push_out_nothing() {
        let mut memory = Memory::new();
        let indexes: Vec<String> = (0..100).map(|nth| format!("assets/Shop/{nth}.tif")).collect();
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        for key in &indexes {
            memory.put(key, &found(40_000), 0.0);
        }
        let bytes = missing();
        for nth in 0..1_000_000 {
            memory.put(&format!("assets/Shop/no-such-image-{nth}.tif"), &bytes, 1.0);
        }
        let most = limits::REMEMBERED_BYTES + limits::MISSING_BYTES;
        let [held, peak] = [ALLOCATOR.current_usage(), ALLOCATOR.peak_usage()];
        assert!(held - before <= most, "{} of {most} bytes", held - before);
        assert!(peak - before <= most + (1 << 20), "{} of {most} bytes", peak - before);
        assert!(indexes.iter().all(|key| memory.get(key, 2.0).is_some()));
        let last = memory.get("assets/Shop/no-such-image-999999.tif", 2.0);
        assert_eq!(last, Some(bytes));
        assert_eq!(memory.get("assets/Shop/no-such-image-0.tif", 2.0), None);
    }
}
