//! What this isolate remembers between requests: a few megabytes, the least recently used go.

use std::{cell::RefCell, collections::VecDeque};

/// How long anything is remembered. How long it is trusted without asking the store is the
/// engine's to say, and far shorter.
pub const SECONDS: u32 = 3600;

/// Bytes kept: far below what a request may need beside it.
const CAPACITY: usize = 4 << 20;

thread_local! {
    static ISOLATE: RefCell<Memory> = const { RefCell::new(Memory::new(CAPACITY)) };
}

/// The bytes kept under `key`; `now` is in milliseconds.
pub fn recall(key: &str, now: f64) -> Option<Vec<u8>> {
    ISOLATE.with_borrow_mut(|memory| memory.recall(key, now).map(<[u8]>::to_vec))
}

/// Keeps `bytes` under `key` while there is room.
pub fn remember(key: &str, bytes: &[u8], now: f64) {
    ISOLATE.with_borrow_mut(|memory| memory.remember(key, bytes, now));
}

/// Entries in order of use, the latest last. There are few: indexes are tens of kilobytes.
#[derive(Debug)]
struct Memory {
    capacity: usize,
    entries: VecDeque<Entry>,
}

#[derive(Debug)]
struct Entry {
    key: String,
    bytes: Vec<u8>,
    since: f64,
}

impl Memory {
    const fn new(capacity: usize) -> Self {
        Self { capacity, entries: VecDeque::new() }
    }

    fn recall(&mut self, key: &str, now: f64) -> Option<&[u8]> {
        self.entries.retain(|entry| now - entry.since < f64::from(SECONDS) * 1000.0);
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        let entry = self.entries.remove(at)?;
        self.entries.push_back(entry);
        self.entries.back().map(|entry| entry.bytes.as_slice())
    }

    fn remember(&mut self, key: &str, bytes: &[u8], now: f64) {
        self.entries.retain(|entry| entry.key != key);
        let entry = Entry { key: key.to_owned(), bytes: bytes.to_vec(), since: now };
        if entry.cost() > self.capacity {
            return;
        }
        self.entries.push_back(entry);
        let mut held: usize = self.entries.iter().map(Entry::cost).sum();
        while held > self.capacity {
            let Some(oldest) = self.entries.pop_front() else { return };
            held -= oldest.cost();
        }
    }
}

impl Entry {
    fn cost(&self) -> usize {
        self.key.len() + self.bytes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATER: f64 = SECONDS as f64 * 1000.0;

    #[test]
    fn the_least_recently_used_entry_goes_first() {
        let mut memory = Memory::new(9);
        memory.remember("a", &[1; 2], 0.0);
        memory.remember("b", &[2; 2], 0.0);
        memory.remember("c", &[3; 2], 0.0);
        assert_eq!(memory.recall("a", 1.0), Some(&[1; 2][..]));
        memory.remember("d", &[4; 2], 1.0);
        assert_eq!(memory.recall("b", 1.0), None);
        assert_eq!(memory.recall("a", 1.0), Some(&[1; 2][..]));
        assert_eq!(memory.recall("d", 1.0), Some(&[4; 2][..]));
    }

    #[test]
    fn an_entry_larger_than_all_is_not_kept_and_drops_nothing_else() {
        let mut memory = Memory::new(4);
        memory.remember("a", &[1; 2], 0.0);
        memory.remember("b", &[2; 9], 0.0);
        assert_eq!(memory.recall("b", 1.0), None);
        assert_eq!(memory.recall("a", 1.0), Some(&[1; 2][..]));
    }

    #[test]
    fn a_key_remembered_again_holds_the_new_bytes_and_their_time() {
        let mut memory = Memory::new(9);
        memory.remember("a", &[1; 2], 0.0);
        memory.remember("a", &[2; 3], 1000.0);
        assert_eq!(memory.recall("a", LATER), Some(&[2; 3][..]));
    }

    #[test]
    fn an_old_entry_is_forgotten() {
        let mut memory = Memory::new(9);
        memory.remember("a", &[1; 2], 0.0);
        assert_eq!(memory.recall("a", LATER), None);
    }
}
