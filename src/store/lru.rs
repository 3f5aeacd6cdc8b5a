//! A cache with a capacity in bytes that evicts the least recently used entries. Every operation
//! takes constant time.

use std::{collections::HashMap, mem, sync::Arc};

/// Values by key, in order of use.
#[derive(Debug)]
pub struct Lru<V> {
    capacity: usize,
    /// How long an entry is valid, in milliseconds.
    lifetime: f64,
    /// Bytes of all entries, overhead included.
    bytes: usize,
    by_key: HashMap<Arc<str>, usize>,
    /// A ring in order of use, linked by indexes. The sentinel [`END`] is between the oldest and
    /// the newest entry.
    entries: Vec<Entry<V>>,
}

#[derive(Debug)]
struct Entry<V> {
    key: Arc<str>,
    /// `None` only in the sentinel.
    value: Option<V>,
    /// Bytes of the entry, overhead included.
    cost: usize,
    stored_at: f64,
    /// Indexes of the entries that were used next after this one and last before it.
    newer: usize,
    older: usize,
}

/// The index of the sentinel. Its `older` is the newest entry.
const END: usize = 0;

impl<V> Lru<V> {
    /// Bytes that an entry needs besides its key and its value: its slots in the list and in the
    /// map, both of which may be half empty; the reference counts of the key; the overhead of the
    /// two allocations.
    const OVERHEAD: usize = 2 * size_of::<Entry<V>>()
        + 2 * (size_of::<(Arc<str>, usize)>() + 1)
        + 2 * size_of::<usize>()
        + 2 * 16;

    /// An empty cache for `capacity` bytes, overhead included. Entries are valid for `seconds`.
    pub fn new(capacity: usize, seconds: u32) -> Self {
        let end =
            Entry { key: "".into(), value: None, cost: 0, stored_at: 0.0, newer: END, older: END };
        let lifetime = f64::from(seconds) * 1000.0;
        Self { capacity, lifetime, bytes: 0, by_key: HashMap::new(), entries: vec![end] }
    }

    /// The value of `key`, which becomes the newest entry. Removes an expired entry. `now` is in
    /// milliseconds.
    pub fn get(&mut self, key: &str, now: f64) -> Option<&V> {
        let &at = self.by_key.get(key)?;
        if !(0.0..self.lifetime).contains(&(now - self.entries[at].stored_at)) {
            self.remove(key);
            return None;
        }
        self.unlink(at);
        self.link(at);
        self.entries[at].value.as_ref()
    }

    /// Stores a value of `bytes` bytes, and replaces the previous one of `key`. Evicts the oldest
    /// entries to make room, and returns their keys. Ignores a value that exceeds the capacity.
    pub fn put(&mut self, key: &str, value: V, bytes: usize, now: f64) -> Vec<Arc<str>> {
        let mut evicted = Vec::new();
        self.remove(key);
        let cost = key.len() + bytes + Self::OVERHEAD;
        if cost > self.capacity {
            return evicted;
        }
        while self.bytes + cost > self.capacity {
            let oldest = Arc::clone(&self.entries[self.entries[END].newer].key);
            self.remove(&oldest);
            evicted.push(oldest);
        }
        let at = self.entries.len();
        let key: Arc<str> = key.into();
        self.bytes += cost;
        self.by_key.insert(Arc::clone(&key), at);
        let (newer, older) = (END, END);
        self.entries.push(Entry { key, value: Some(value), cost, stored_at: now, newer, older });
        self.link(at);
        evicted
    }

    /// Bytes of all entries, overhead included.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Removes the entry of `key`, if there is one.
    pub fn remove(&mut self, key: &str) {
        let Some(at) = self.by_key.remove(key) else { return };
        self.unlink(at);
        self.bytes -= self.entries.swap_remove(at).cost;
        // The last entry has moved to this index.
        let Some(&Entry { ref key, newer, older, .. }) = self.entries.get(at) else { return };
        if let Some(number) = self.by_key.get_mut(key) {
            *number = at;
        }
        self.entries[newer].older = at;
        self.entries[older].newer = at;
    }

    /// Removes an entry from the ring.
    fn unlink(&mut self, at: usize) {
        let Entry { newer, older, .. } = self.entries[at];
        self.entries[newer].older = older;
        self.entries[older].newer = newer;
    }

    /// Adds an entry to the ring as the newest.
    fn link(&mut self, at: usize) {
        let before = mem::replace(&mut self.entries[END].older, at);
        self.entries[before].newer = at;
        (self.entries[at].newer, self.entries[at].older) = (END, before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cache with room for this many entries with keys of one byte and values of two.
    fn lru(entries: usize) -> Lru<[u8; 2]> {
        Lru::new(entries * COST, 10)
    }

    const COST: usize = 3 + Lru::<[u8; 2]>::OVERHEAD;

    #[test]
    fn the_least_recently_used_entry_goes_first() {
        let mut lru = lru(3);
        for key in ["a", "b", "c"] {
            lru.put(key, [1; 2], 2, 0.0);
        }
        assert_eq!(lru.get("a", 1.0), Some(&[1; 2]));
        let evicted = lru.put("d", [4; 2], 2, 1.0);
        assert_eq!(evicted.iter().map(|key| &**key).collect::<Vec<_>>(), ["b"]);
        assert_eq!(lru.get("b", 1.0), None);
        assert_eq!(lru.get("a", 1.0), Some(&[1; 2]));
        assert_eq!(lru.get("d", 1.0), Some(&[4; 2]));
    }

    #[test]
    fn an_entry_beyond_the_capacity_is_ignored_and_evicts_nothing() {
        let mut lru = lru(2);
        lru.put("a", [1; 2], 2, 0.0);
        lru.put("b", [2; 2], 2000, 0.0);
        assert_eq!(lru.get("b", 1.0), None);
        assert_eq!(lru.get("a", 1.0), Some(&[1; 2]));
    }

    #[test]
    fn a_key_put_again_has_the_new_value_and_its_time() {
        let mut lru = lru(2);
        lru.put("a", [1; 2], 2, 0.0);
        lru.put("a", [2; 2], 2, 1000.0);
        assert_eq!(lru.get("a", 10_000.0), Some(&[2; 2]));
        assert_eq!(lru.by_key.len(), 1);
    }

    #[test]
    fn an_expired_entry_and_one_of_the_future_are_misses() {
        let mut lru = lru(2);
        lru.put("a", [1; 2], 2, 5000.0);
        assert_eq!(lru.get("a", 14_999.0), Some(&[1; 2]));
        assert_eq!(lru.get("a", 15_000.0), None);
        lru.put("a", [1; 2], 2, 5000.0);
        assert_eq!(lru.get("a", 4999.0), None, "a clock that goes back makes nothing valid");
        assert_eq!((lru.bytes, lru.entries.len()), (0, 1));
    }

    /// Compares with a list and linear search, over 20,000 random operations.
    #[test]
    fn random_operations_give_what_a_list_gives() {
        let mut lru = lru(7);
        let mut list: Vec<(String, u8)> = Vec::new();
        let mut state = 7_u32;
        let mut random = |end: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % end
        };
        for _ in 0..20_000 {
            let (key, value) = (char::from(b'a' + random(16) as u8).to_string(), random(256) as u8);
            let at = list.iter().position(|(other, _)| *other == key);
            let had = at.map(|at| list.remove(at));
            match random(8) {
                0 => lru.remove(&key),
                1..=3 => {
                    lru.put(&key, [value; 2], 2, 0.0);
                    list.push((key, value));
                    let over = list.len().saturating_sub(7);
                    list.drain(..over);
                }
                _ => {
                    let wanted = had.as_ref().map(|(_, value)| [*value; 2]);
                    assert_eq!(lru.get(&key, 0.0), wanted.as_ref());
                    list.extend(had);
                }
            }
            assert_eq!(lru.bytes, list.len() * COST);
            assert_eq!((lru.by_key.len(), lru.entries.len()), (list.len(), list.len() + 1));
        }
    }
}
