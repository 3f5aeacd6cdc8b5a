//! The memory that all jobs share: each waits until its share is free.

use std::sync::Arc;

use anyhow::{Result, bail};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
};

/// Memory is counted in pages, since a semaphore hands out no more than `u32::MAX` at once.
const PAGE: u64 = 64 << 10;

/// The memory that is still free; who waits longest is served first. A clone shares it.
#[derive(Clone)]
pub struct Budget {
    all: u64,
    free: Arc<Semaphore>,
}

/// A share of a budget; it is given back when it is dropped.
pub struct Share(OwnedSemaphorePermit);

impl Budget {
    /// A budget of this many bytes.
    pub fn new(all: u64) -> Self {
        Self { all, free: Arc::new(Semaphore::new((all / PAGE) as usize)) }
    }

    /// Bytes that one image may take at most.
    pub fn all(&self) -> u64 {
        self.all
    }

    /// Waits for `bytes`, on a thread that may wait; more than there are in all is an error at
    /// once.
    pub fn take(&self, bytes: u64) -> Result<Share> {
        let pages = bytes.div_ceil(PAGE);
        if pages > self.all / PAGE {
            bail!(
                "needs {} MiB of memory, --max-memory is {} MiB",
                bytes.div_ceil(1 << 20),
                self.all >> 20
            );
        }
        let pages = u32::try_from(pages)?;
        let taken = Handle::current().block_on(Arc::clone(&self.free).acquire_many_owned(pages))?;
        Ok(Share(taken))
    }
}

impl Share {
    /// Gives back all but `bytes`.
    pub fn shrink(&mut self, bytes: u64) {
        let kept = usize::try_from(bytes.div_ceil(PAGE)).unwrap_or(usize::MAX);
        drop(self.0.split(self.0.num_permits().saturating_sub(kept)));
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread, time::Duration};

    use super::*;

    #[test]
    fn what_is_larger_than_all_is_refused_at_once() {
        let refused = Budget::new(10 << 20).take(11 << 20).err().unwrap();
        assert_eq!(refused.to_string(), "needs 11 MiB of memory, --max-memory is 10 MiB");
    }

    #[test]
    fn a_job_waits_until_another_gives_its_share_back() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let budget = Budget::new(10 << 20);
        let _guard = runtime.enter();
        let mut first = budget.take(7 << 20).unwrap();
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                let _guard = runtime.enter();
                let second = budget.take(7 << 20).unwrap();
                sender.send(second.0.num_permits()).unwrap();
            });
            assert!(receiver.recv_timeout(Duration::from_millis(100)).is_err(), "it waits");
            first.shrink(3 << 20);
            assert_eq!(receiver.recv().unwrap(), (7 << 20) / PAGE as usize);
        });
    }
}
