//! Admission of requests to the resources of their worker: memory for their whole duration, and the
//! thread while they render. Cached replies and short text replies need neither.

use std::{
    cell::{Cell, RefCell},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use azulejo::{
    error::{Error, Result},
    limits,
    time_slice::Pause,
};
use tokio::{
    sync::{Mutex, OwnedSemaphorePermit, Semaphore},
    task::yield_now,
    time::timeout,
};

/// The unit in which memory is counted, in bytes.
const UNIT: u64 = 1 << 10;

/// All memory, in units.
const CAPACITY: u32 = (limits::ADMITTED_MEMORY / UNIT) as u32;

/// What the requests of a worker share. Both queues are first come, first served.
#[derive(Debug)]
pub struct Resources {
    memory: Arc<Semaphore>,
    thread: Arc<Semaphore>,
    /// Requests that wait for memory.
    waiting: AtomicUsize,
    connections: AtomicUsize,
}

impl Default for Resources {
    fn default() -> Self {
        let memory = Arc::new(Semaphore::new(CAPACITY as usize));
        let (waiting, connections) = Default::default();
        Self { memory, thread: Arc::new(Semaphore::new(1)), waiting, connections }
    }
}

impl Resources {
    /// Bytes of admitted requests.
    pub fn admitted(&self) -> u64 {
        (u64::from(CAPACITY) - self.memory.available_permits() as u64) * UNIT
    }

    /// The number of connections.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed) as u64
    }

    /// Counts a connection until the result is dropped.
    pub fn connection(self: &Arc<Self>) -> Connection {
        self.connections.fetch_add(1, Ordering::Relaxed);
        Connection(Arc::clone(self))
    }

    /// The number of requests that wait for memory.
    pub fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed) as u64
    }
}

/// A connection that is counted.
#[derive(Debug)]
pub struct Connection(Arc<Resources>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

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
                let _place = Place::enter(&self.resources.waiting).ok_or_else(Error::busy)?;
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

/// A place in the queue for memory.
struct Place<'w>(&'w AtomicUsize);

impl<'w> Place<'w> {
    /// Enters the queue; `None` if it is full.
    fn enter(waiting: &'w AtomicUsize) -> Option<Self> {
        // Only the worker's own thread changes the number.
        (waiting.load(Ordering::Relaxed) < limits::ADMISSION_QUEUE).then(|| {
            waiting.fetch_add(1, Ordering::Relaxed);
            Self(waiting)
        })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
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
