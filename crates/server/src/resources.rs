//! What the requests of a worker share: its memory for images, and its thread.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use azulejo::limits;
use tokio::sync::Semaphore;

/// The unit in which memory is counted, in bytes.
pub const UNIT: u64 = 1 << 10;

/// All memory, in units.
pub const CAPACITY: u32 = (limits::ADMITTED_MEMORY / UNIT) as u32;

/// What the requests of a worker share. Both queues are first come, first served.
#[derive(Debug)]
pub struct Resources {
    /// In units of [`UNIT`] bytes.
    pub memory: Arc<Semaphore>,
    /// One request at a time renders.
    pub thread: Arc<Semaphore>,
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

    /// Enters the queue for memory, until the result is dropped. `None` if it is full.
    pub fn wait(&self) -> Option<Place<'_>> {
        // Only the worker's own thread changes the number.
        (self.waiting.load(Ordering::Relaxed) < limits::ADMISSION_QUEUE).then(|| {
            self.waiting.fetch_add(1, Ordering::Relaxed);
            Place(&self.waiting)
        })
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

/// A place in the queue for memory.
#[derive(Debug)]
pub struct Place<'w>(&'w AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
