//! A memory budget that all jobs share. A job waits until the memory that it needs is free.

use std::sync::Arc;

use anyhow::{Result, bail};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
};

/// Memory is counted in pages, since a semaphore grants at most `u32::MAX` permits at once.
const PAGE: u64 = 64 << 10;

/// A memory budget. Jobs are served first come, first served. Clones share the same memory.
#[derive(Clone)]
pub struct Budget {
    total: u64,
    free: Arc<Semaphore>,
}

/// Reserved memory. Dropping it releases the memory.
pub struct Reservation(OwnedSemaphorePermit);

impl Budget {
    /// A budget of this many bytes.
    pub fn new(total: u64) -> Self {
        Self { total, free: Arc::new(Semaphore::new((total / PAGE) as usize)) }
    }

    /// The size of the budget in bytes, which is the maximum for one image.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Reserves `bytes`. Blocks the thread until they are free. Fails at once if they exceed the
    /// budget.
    pub fn reserve(&self, bytes: u64) -> Result<Reservation> {
        let pages = bytes.div_ceil(PAGE);
        if pages > self.total / PAGE {
            bail!(
                "needs {} MiB of memory, --max-memory is {} MiB",
                bytes.div_ceil(1 << 20),
                self.total >> 20
            );
        }
        let pages = u32::try_from(pages)?;
        let taken = Handle::current().block_on(Arc::clone(&self.free).acquire_many_owned(pages))?;
        Ok(Reservation(taken))
    }
}

impl Reservation {
    /// Releases all but `bytes`.
    pub fn reduce_to(&mut self, bytes: u64) {
        let rest = usize::try_from(bytes.div_ceil(PAGE)).unwrap_or(usize::MAX);
        drop(self.0.split(self.0.num_permits().saturating_sub(rest)));
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread, time::Duration};

    use super::*;

    #[test]
    fn a_job_that_exceeds_the_budget_is_refused_at_once() {
        let refused = Budget::new(10 << 20).reserve(11 << 20).err().unwrap();
        assert_eq!(refused.to_string(), "needs 11 MiB of memory, --max-memory is 10 MiB");
    }

    #[test]
    fn a_job_waits_until_another_gives_memory_back() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let budget = Budget::new(10 << 20);
        let _guard = runtime.enter();
        let mut first = budget.reserve(7 << 20).unwrap();
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                let _guard = runtime.enter();
                let second = budget.reserve(7 << 20).unwrap();
                sender.send(second.0.num_permits()).unwrap();
            });
            assert!(receiver.recv_timeout(Duration::from_millis(100)).is_err(), "it waits");
            first.reduce_to(3 << 20);
            assert_eq!(receiver.recv().unwrap(), (7 << 20) / PAGE as usize);
        });
    }
}
