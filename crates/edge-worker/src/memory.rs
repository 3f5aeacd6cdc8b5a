//! What this isolate remembers between requests: a few megabytes, the least recently used go.

use std::{cell::RefCell, collections::VecDeque};

/// Bytes kept: far below what a request may need beside it.
const CAPACITY: usize = 4 << 20;

thread_local! {
    static ISOLATE: RefCell<Memory> = const { RefCell::new(Memory::new(CAPACITY)) };
}

/// The bytes kept under `key`.
pub fn recall(key: &str) -> Option<Vec<u8>> {
    ISOLATE.with_borrow_mut(|memory| memory.recall(key).map(<[u8]>::to_vec))
}

/// Keeps `bytes` under `key` while there is room.
pub fn remember(key: &str, bytes: &[u8]) {
    ISOLATE.with_borrow_mut(|memory| memory.remember(key, bytes));
}

/// Entries in order of use, the latest last. There are few: indexes are tens of kilobytes.
#[derive(Debug)]
struct Memory {
    capacity: usize,
    entries: VecDeque<(String, Vec<u8>)>,
}

impl Memory {
    const fn new(capacity: usize) -> Self {
        Self { capacity, entries: VecDeque::new() }
    }

    fn recall(&mut self, key: &str) -> Option<&[u8]> {
        let at = self.entries.iter().position(|(known, _)| known == key)?;
        let entry = self.entries.remove(at)?;
        self.entries.push_back(entry);
        self.entries.back().map(|(_, bytes)| bytes.as_slice())
    }

    fn remember(&mut self, key: &str, bytes: &[u8]) {
        self.entries.retain(|(known, _)| known != key);
        if cost(key, bytes) > self.capacity {
            return;
        }
        self.entries.push_back((key.to_owned(), bytes.to_vec()));
        let mut held: usize = self.entries.iter().map(|(key, bytes)| cost(key, bytes)).sum();
        while held > self.capacity {
            let Some((key, bytes)) = self.entries.pop_front() else { return };
            held -= cost(&key, &bytes);
        }
    }
}

fn cost(key: &str, bytes: &[u8]) -> usize {
    key.len() + bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_entry_goes_first() {
        let mut memory = Memory::new(9);
        memory.remember("a", &[1; 2]);
        memory.remember("b", &[2; 2]);
        memory.remember("c", &[3; 2]);
        assert_eq!(memory.recall("a"), Some(&[1; 2][..]));
        memory.remember("d", &[4; 2]);
        assert_eq!(memory.recall("b"), None);
        assert_eq!(memory.recall("a"), Some(&[1; 2][..]));
        assert_eq!(memory.recall("d"), Some(&[4; 2][..]));
    }

    #[test]
    fn an_entry_larger_than_all_is_not_kept_and_drops_nothing_else() {
        let mut memory = Memory::new(4);
        memory.remember("a", &[1; 2]);
        memory.remember("b", &[2; 9]);
        assert_eq!(memory.recall("b"), None);
        assert_eq!(memory.recall("a"), Some(&[1; 2][..]));
    }

    #[test]
    fn a_key_remembered_again_holds_the_new_bytes() {
        let mut memory = Memory::new(9);
        memory.remember("a", &[1; 2]);
        memory.remember("a", &[2; 3]);
        assert_eq!(memory.recall("a"), Some(&[2; 3][..]));
    }
}
