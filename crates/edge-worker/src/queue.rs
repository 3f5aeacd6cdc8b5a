//! Who may go on: requests of an isolate share what there is of something, first come, first
//! served.
//!
//! Promises of one request must not be awaited by another on this platform, so whoever waits
//! looks again every few milliseconds.

use std::{cell::RefCell, thread::LocalKey, time::Duration};

use crate::pulse::{Pulse, awake};

/// Between two looks of the first that waits, and of the others.
const FIRST: Duration = Duration::from_millis(1);
/// See [`FIRST`].
const OTHERS: Duration = Duration::from_millis(10);

/// Something that there is so much of.
#[derive(Debug)]
pub struct Queue {
    capacity: u64,
    /// The most that may wait.
    length: usize,
    next: u64,
    /// In the order they came.
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    number: u64,
    amount: u64,
    holds: bool,
    pulse: Pulse,
}

/// Where a request is in a queue.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// It has what it wants.
    Holds,
    /// It is the first that waits.
    First,
    /// Others wait before it.
    Behind,
    /// It was taken for gone.
    Lost,
}

impl Queue {
    /// So much of something, for which so many may wait.
    pub const fn new(capacity: u64, length: usize) -> Self {
        Self { capacity, length, next: 0, entries: Vec::new() }
    }

    /// The number of a request that wants `amount`; `None` where too many wait.
    fn enter(&mut self, amount: u64, pulse: &Pulse, now: f64) -> Option<u64> {
        self.entries.retain(|entry| !entry.pulse.is_dead(now));
        if self.entries.iter().filter(|entry| !entry.holds).count() >= self.length {
            return None;
        }
        let number = self.next;
        self.next += 1;
        // What wants more than there is has all of it for itself.
        let amount = amount.min(self.capacity);
        self.entries.push(Entry { number, amount, holds: false, pulse: pulse.clone() });
        Some(number)
    }

    fn look(&mut self, number: u64, now: f64) -> Place {
        self.entries.retain(|entry| entry.number == number || !entry.pulse.is_dead(now));
        let held: u64 = self.entries.iter().filter(|entry| entry.holds).map(|e| e.amount).sum();
        let first = self.entries.iter().find(|entry| !entry.holds).map(|entry| entry.number);
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.number == number) else {
            return Place::Lost;
        };
        if !entry.holds && first == Some(number) && held + entry.amount <= self.capacity {
            entry.holds = true;
        }
        match entry.holds {
            true => Place::Holds,
            false if first == Some(number) => Place::First,
            false => Place::Behind,
        }
    }

    fn leave(&mut self, number: u64) {
        self.entries.retain(|entry| entry.number != number);
    }
}

/// A part of what a queue shares, or a place in it; given back when it is dropped.
#[derive(Debug)]
pub struct Permit {
    queue: &'static LocalKey<RefCell<Queue>>,
    number: u64,
}

impl Permit {
    /// Waits for `amount` of what the queue shares. `None` where too many wait already, or it
    /// takes longer than `milliseconds`.
    pub async fn wait(
        queue: &'static LocalKey<RefCell<Queue>>,
        amount: u64,
        pulse: &Pulse,
        milliseconds: f64,
    ) -> Option<Self> {
        let start = awake();
        let number = queue.with_borrow_mut(|queue| queue.enter(amount, pulse, start))?;
        // It leaves the queue wherever the wait ends.
        let permit = Self { queue, number };
        let since = js_sys::Date::now();
        loop {
            let now = awake();
            pulse.beat(now);
            let pause = match queue.with_borrow_mut(|queue| queue.look(number, now)) {
                Place::Holds => return Some(permit),
                Place::Lost => return None,
                Place::First => FIRST,
                Place::Behind => OTHERS,
            };
            if js_sys::Date::now() - since >= milliseconds {
                return None;
            }
            pulse.sleep(pause).await;
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.queue.with_borrow_mut(|queue| queue.leave(self.number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pulse::DEAD;

    fn entered(queue: &mut Queue, amount: u64) -> u64 {
        queue.enter(amount, &Pulse::new(0.0), 0.0).unwrap_or(u64::MAX)
    }

    #[test]
    fn a_small_request_does_not_overtake_a_large_one() {
        let mut queue = Queue::new(80, 9);
        let [first, large, small] = [60, 50, 10].map(|amount| entered(&mut queue, amount));
        assert_eq!(queue.look(first, 0.0), Place::Holds);
        assert_eq!(queue.look(small, 0.0), Place::Behind);
        assert_eq!(queue.look(large, 0.0), Place::First);
        queue.leave(first);
        assert_eq!(queue.look(small, 0.0), Place::Behind, "the large one has not looked yet");
        assert_eq!(queue.look(large, 0.0), Place::Holds);
        assert_eq!(queue.look(small, 0.0), Place::Holds);
    }

    #[test]
    fn a_request_larger_than_all_waits_until_it_is_alone() {
        let mut queue = Queue::new(80, 9);
        let [small, large] = [1, 1000].map(|amount| entered(&mut queue, amount));
        assert_eq!(queue.look(small, 0.0), Place::Holds);
        assert_eq!(queue.look(large, 0.0), Place::First);
        queue.leave(small);
        assert_eq!(queue.look(large, 0.0), Place::Holds);
    }

    #[test]
    fn only_so_many_wait() {
        let mut queue = Queue::new(1, 2);
        let first = entered(&mut queue, 1);
        assert_eq!(queue.look(first, 0.0), Place::Holds);
        assert_ne!(entered(&mut queue, 1), u64::MAX);
        assert_ne!(entered(&mut queue, 1), u64::MAX);
        assert_eq!(entered(&mut queue, 1), u64::MAX);
    }

    #[test]
    fn the_dead_hold_nothing_up() {
        let mut queue = Queue::new(1, 9);
        let [holder, waiter] = [1, 1].map(|amount| entered(&mut queue, amount));
        assert_eq!(queue.look(holder, 0.0), Place::Holds);
        let alive = Pulse::new(DEAD);
        let third = queue.enter(1, &alive, DEAD).unwrap_or(u64::MAX);
        assert_eq!(queue.look(third, DEAD), Place::Behind);
        alive.beat(DEAD + 1.0);
        assert_eq!(queue.look(third, DEAD + 1.0), Place::Holds);
        assert_eq!(queue.look(waiter, DEAD + 1.0), Place::Lost);
    }
}
