//! Admission of requests to the resources of their worker: memory for their whole duration, and the
//! thread while they render. Cached replies and short text replies need neither.

use std::{
    cell::{Cell, RefCell},
    sync::Arc,
    time::Duration,
};

use azulejo::{
    error::{Error, Result},
    limits,
    time_slice::Pause,
};
use tokio::{
    sync::{Mutex, OwnedSemaphorePermit},
    task::yield_now,
    time::timeout,
};

use crate::resources::{CAPACITY, Resources, UNIT};

/// What one request has acquired. Dropping it releases everything.
#[derive(Debug)]
pub struct Admission<'w> {
    resources: &'w Resources,
    /// Bytes it has read so far.
    read: Cell<u64>,
    memory: RefCell<Option<OwnedSemaphorePermit>>,
    thread: RefCell<Option<OwnedSemaphorePermit>>,
    /// Held while a read waits for memory.
    admitting: Mutex<()>,
}

impl<'w> Admission<'w> {
    /// An admission that has acquired nothing.
    pub fn new(resources: &'w Resources) -> Self {
        let (read, memory, thread) = Default::default();
        Self { resources, read, memory, thread, admitting: Mutex::default() }
    }

    /// Waits until the request may use `bytes` of memory in addition to what it has read. Fails if
    /// the queue is full or after [`limits::ADMISSION_SECONDS`].
    pub async fn admit(&self, bytes: u64) -> Result<()> {
        // Releases the permits of an earlier admission, or the request would wait for itself.
        self.thread.take();
        self.memory.take();
        let units = (bytes + self.read.get()).div_ceil(UNIT);
        // A request for more than the capacity gets all of it.
        let units = u32::try_from(units).map_or(CAPACITY, |units| units.min(CAPACITY));
        let memory = &self.resources.memory;
        let permit = match Arc::clone(memory).try_acquire_many_owned(units) {
            Ok(permit) => permit,
            Err(_) => {
                let _place = self.resources.wait().ok_or_else(Error::busy)?;
                let seconds = Duration::from_secs(u64::from(limits::ADMISSION_SECONDS));
                let acquired = timeout(seconds, Arc::clone(memory).acquire_many_owned(units)).await;
                acquired.ok().and_then(std::result::Result::ok).ok_or_else(Error::busy)?
            }
        };
        self.memory.replace(Some(permit));
        Ok(())
    }

    /// Waits until the request may use the thread. A request that has it already goes to the end of
    /// the queue.
    pub async fn acquire_thread(&self) -> Result<()> {
        self.thread.take();
        let permit = Arc::clone(&self.resources.thread).acquire_owned().await.ok();
        self.thread.replace(Some(permit.ok_or_else(Error::busy)?));
        Ok(())
    }

    /// A pause in which the worker handles its other connections.
    pub fn pause(&self) -> Pause<'_> {
        Box::pin(yield_now())
    }

    /// Waits until `bytes` may be read. A request that exceeds [`limits::UNADMITTED_BYTES`] before
    /// it has a plan, as for a set of many images, is admitted first.
    pub async fn before_read(&self, bytes: u64) -> Result<()> {
        if self.read.get().max(bytes) <= limits::UNADMITTED_BYTES {
            return Ok(());
        }
        let _turn = self.admitting.lock().await;
        if self.memory.borrow().is_none() {
            self.admit(bytes.max(limits::UNPLANNED_MEMORY)).await?;
        }
        Ok(())
    }

    /// Counts bytes that were read.
    pub fn after_read(&self, bytes: usize) {
        self.read.set(self.read.get() + bytes as u64);
    }
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, task::Poll};

    use azulejo::error::ErrorKind;
    use futures_util::poll;

    use super::*;

    fn run(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(test);
    }

    #[test]
    fn a_small_request_does_not_overtake_a_large_one() {
        run(async {
            let resources = Resources::default();
            let [first, large, small] = [(); 3].map(|()| Admission::new(&resources));
            first.admit(limits::ADMITTED_MEMORY / 2).await.unwrap();
            let mut waits = pin!(large.admit(limits::ADMITTED_MEMORY));
            assert!(poll!(&mut waits).is_pending());
            let mut overtakes = pin!(small.admit(UNIT));
            assert!(poll!(&mut overtakes).is_pending());
            assert_eq!(resources.waiting(), 2);
            drop(first);
            assert_eq!(poll!(&mut waits), Poll::Ready(Ok(())));
            assert!(poll!(&mut overtakes).is_pending());
            assert_eq!(resources.admitted(), limits::ADMITTED_MEMORY);
        });
    }

    #[test]
    fn a_request_that_is_admitted_again_does_not_wait_for_itself() {
        run(async {
            let resources = Resources::default();
            let one = Admission::new(&resources);
            for _ in 0..2 {
                one.admit(limits::ADMITTED_MEMORY * 2).await.unwrap();
                one.acquire_thread().await.unwrap();
            }
            drop(one);
            assert_eq!((resources.admitted(), resources.waiting()), (0, 0));
        });
    }

    #[test]
    fn a_full_queue_refuses_at_once_and_a_waiting_request_after_its_time() {
        run(async {
            let resources = Resources::default();
            let all: Vec<Admission<'_>> =
                (0..limits::ADMISSION_QUEUE + 2).map(|_| Admission::new(&resources)).collect();
            let (holder, waiting) = all.split_first().unwrap();
            holder.admit(limits::ADMITTED_MEMORY).await.unwrap();
            let (last, waiting) = waiting.split_last().unwrap();
            let mut waits: Vec<_> = waiting.iter().map(|one| Box::pin(one.admit(UNIT))).collect();
            for wait in &mut waits {
                assert!(poll!(wait).is_pending());
            }
            let busy = |result: Result<()>| result.unwrap_err().kind == ErrorKind::Busy;
            assert!(busy(last.admit(UNIT).await), "at once");
            assert!(busy(waits.swap_remove(0).await), "after twenty seconds of the paused clock");
            drop(waits);
            assert_eq!(resources.waiting(), 0);
        });
    }

    #[test]
    fn what_reads_much_without_a_plan_is_admitted_once() {
        run(async {
            let resources = Resources::default();
            let one = Admission::new(&resources);
            one.before_read(limits::UNADMITTED_BYTES).await.unwrap();
            assert_eq!(resources.admitted(), 0);
            one.after_read(limits::UNADMITTED_BYTES as usize + 1);
            one.before_read(1).await.unwrap();
            let admitted = resources.admitted();
            assert!(admitted >= limits::UNPLANNED_MEMORY);
            one.before_read(1).await.unwrap();
            assert_eq!(resources.admitted(), admitted);
        });
    }
}
