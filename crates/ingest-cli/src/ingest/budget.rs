//! The memory that all jobs share: each waits until its share is free.

use std::sync::{Condvar, Mutex, PoisonError};

use anyhow::{Result, bail};

/// Bytes that are still free, and somebody to wake when they grow.
pub struct Budget {
    all: u64,
    free: Mutex<u64>,
    freed: Condvar,
}

/// A share of a budget; it is given back when it is dropped.
pub struct Share<'budget> {
    budget: &'budget Budget,
    bytes: u64,
}

impl Budget {
    /// A budget of this many bytes.
    pub fn new(all: u64) -> Self {
        Self { all, free: Mutex::new(all), freed: Condvar::new() }
    }

    /// Waits for `bytes`; more than there are in all is an error at once.
    pub fn take(&self, bytes: u64) -> Result<Share<'_>> {
        if bytes > self.all {
            bail!(
                "needs {} MiB of memory, --max-memory is {} MiB",
                bytes.div_ceil(1 << 20),
                self.all >> 20
            );
        }
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.freed.wait_while(free, |free| *free < bytes);
        *waited.unwrap_or_else(PoisonError::into_inner) -= bytes;
        Ok(Share { budget: self, bytes })
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.budget.free.lock().unwrap_or_else(PoisonError::into_inner) += self.bytes;
        self.budget.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_larger_than_all_is_refused_at_once() {
        assert!(Budget::new(10).take(11).is_err());
    }

    #[test]
    fn a_job_waits_for_the_share_of_another() {
        let budget = Budget::new(10);
        let first = budget.take(7).unwrap();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| budget.take(7).map(|share| share.bytes).unwrap());
            assert!(!second.is_finished());
            drop(first);
            assert_eq!(second.join().unwrap(), 7);
        });
    }
}
