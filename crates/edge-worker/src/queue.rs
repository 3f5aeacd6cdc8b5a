//! A fair semaphore: the requests of an isolate share a resource, first come, first served.
//!
//! On this platform a request must not await a promise of another one, so waiting requests poll
//! every few milliseconds.

use std::{cell::RefCell, thread::LocalKey, time::Duration};

use crate::heartbeat::{Heartbeat, running_time};

/// How often the first waiting request polls.
const FIRST_INTERVAL: Duration = Duration::from_millis(1);
/// How often the other waiting requests poll.
const QUEUED_INTERVAL: Duration = Duration::from_millis(10);

/// A resource with a capacity, and the requests that have acquired some of it or wait for it.
#[derive(Debug)]
pub struct Queue {
    capacity: u64,
    /// The maximum number of waiting requests.
    length: usize,
    next: u64,
    /// The requests, in order of arrival.
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    id: u64,
    amount: u64,
    acquired: bool,
    heartbeat: Heartbeat,
}

/// The state of a request in a queue.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// It has acquired its amount.
    Acquired,
    /// It is the first waiting request.
    First,
    /// Others wait in front of it.
    Queued,
    /// It missed its heartbeats and was removed.
    Expired,
}

impl Queue {
    /// A resource of this capacity, for which at most `length` requests may wait.
    pub const fn new(capacity: u64, length: usize) -> Self {
        Self { capacity, length, next: 0, entries: Vec::new() }
    }

    /// Adds a request for `amount` and returns its id. `None` if too many requests wait.
    fn enter(&mut self, amount: u64, heartbeat: &Heartbeat, now: f64) -> Option<u64> {
        self.entries.retain(|entry| !entry.heartbeat.is_expired(now));
        if self.entries.iter().filter(|entry| !entry.acquired).count() >= self.length {
            return None;
        }
        let id = self.next;
        self.next += 1;
        // A request for more than the capacity gets all of it.
        let amount = amount.min(self.capacity);
        self.entries.push(Entry { id, amount, acquired: false, heartbeat: heartbeat.clone() });
        Some(id)
    }

    fn poll(&mut self, id: u64, now: f64) -> Place {
        self.entries.retain(|entry| entry.id == id || !entry.heartbeat.is_expired(now));
        let acquired: u64 =
            self.entries.iter().filter(|entry| entry.acquired).map(|e| e.amount).sum();
        let first = self.entries.iter().find(|entry| !entry.acquired).map(|entry| entry.id);
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.id == id) else {
            return Place::Expired;
        };
        if !entry.acquired && first == Some(id) && acquired + entry.amount <= self.capacity {
            entry.acquired = true;
        }
        match entry.acquired {
            true => Place::Acquired,
            false if first == Some(id) => Place::First,
            false => Place::Queued,
        }
    }

    fn leave(&mut self, id: u64) {
        self.entries.retain(|entry| entry.id != id);
    }
}

/// An acquired amount of a resource, or a place in its queue. Dropping it releases the amount.
#[derive(Debug)]
pub struct Permit {
    queue: &'static LocalKey<RefCell<Queue>>,
    id: u64,
}

impl Permit {
    /// Waits for `amount` of the resource. `None` if too many requests wait already, or if it takes
    /// longer than `timeout` milliseconds.
    pub async fn acquire(
        queue: &'static LocalKey<RefCell<Queue>>,
        amount: u64,
        heartbeat: &Heartbeat,
        timeout: f64,
    ) -> Option<Self> {
        let start = running_time();
        heartbeat.watch(start);
        let id = queue.with_borrow_mut(|queue| queue.enter(amount, heartbeat, start))?;
        // From here on, dropping the permit leaves the queue.
        let permit = Self { queue, id };
        let since = js_sys::Date::now();
        loop {
            let now = running_time();
            heartbeat.beat(now);
            let interval = match queue.with_borrow_mut(|queue| queue.poll(id, now)) {
                Place::Acquired => return Some(permit),
                Place::Expired => return None,
                Place::First => FIRST_INTERVAL,
                Place::Queued => QUEUED_INTERVAL,
            };
            if js_sys::Date::now() - since >= timeout {
                return None;
            }
            heartbeat.sleep(interval).await;
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.queue.with_borrow_mut(|queue| queue.leave(self.id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heartbeat::EXPIRY;

    fn entered(queue: &mut Queue, amount: u64) -> u64 {
        queue.enter(amount, &Heartbeat::new(0.0), 0.0).unwrap_or(u64::MAX)
    }

    #[test]
    fn a_small_request_does_not_overtake_a_large_one() {
        let mut queue = Queue::new(80, 9);
        let [first, large, small] = [60, 50, 10].map(|amount| entered(&mut queue, amount));
        assert_eq!(queue.poll(first, 0.0), Place::Acquired);
        assert_eq!(queue.poll(small, 0.0), Place::Queued);
        assert_eq!(queue.poll(large, 0.0), Place::First);
        queue.leave(first);
        assert_eq!(queue.poll(small, 0.0), Place::Queued, "the large one has not polled yet");
        assert_eq!(queue.poll(large, 0.0), Place::Acquired);
        assert_eq!(queue.poll(small, 0.0), Place::Acquired);
    }

    #[test]
    fn a_request_beyond_the_capacity_waits_until_it_is_alone() {
        let mut queue = Queue::new(80, 9);
        let [small, large] = [1, 1000].map(|amount| entered(&mut queue, amount));
        assert_eq!(queue.poll(small, 0.0), Place::Acquired);
        assert_eq!(queue.poll(large, 0.0), Place::First);
        queue.leave(small);
        assert_eq!(queue.poll(large, 0.0), Place::Acquired);
    }

    #[test]
    fn the_number_of_waiting_requests_is_limited() {
        let mut queue = Queue::new(1, 2);
        let first = entered(&mut queue, 1);
        assert_eq!(queue.poll(first, 0.0), Place::Acquired);
        assert_ne!(entered(&mut queue, 1), u64::MAX);
        assert_ne!(entered(&mut queue, 1), u64::MAX);
        assert_eq!(entered(&mut queue, 1), u64::MAX);
    }

    #[test]
    fn expired_requests_block_nobody() {
        let mut queue = Queue::new(1, 9);
        let [holder, waiter] = [1, 1].map(|amount| entered(&mut queue, amount));
        assert_eq!(queue.poll(holder, 0.0), Place::Acquired);
        let alive = Heartbeat::new(EXPIRY);
        let third = queue.enter(1, &alive, EXPIRY).unwrap_or(u64::MAX);
        assert_eq!(queue.poll(third, EXPIRY), Place::Queued);
        alive.beat(EXPIRY + 1.0);
        assert_eq!(queue.poll(third, EXPIRY + 1.0), Place::Acquired);
        assert_eq!(queue.poll(waiter, EXPIRY + 1.0), Place::Expired);
    }
}
