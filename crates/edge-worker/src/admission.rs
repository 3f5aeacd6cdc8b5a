//! Admission of requests to the resources of their isolate: memory for their whole duration, and
//! the thread while they render. Cached replies and short text replies need neither.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use azulejo::{error::Error, limits, time_slice::Pause};
use worker::Delay;

use crate::{
    heartbeat::{Heartbeat, running_time},
    queue::{Permit, Queue},
};

/// How often a read checks whether another read of the same request has been admitted.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

thread_local! {
    static MEMORY: RefCell<Queue> =
        const { RefCell::new(Queue::new(limits::ADMITTED_MEMORY, limits::ADMISSION_QUEUE)) };
    static THREAD: RefCell<Queue> = const { RefCell::new(Queue::new(1, usize::MAX)) };
}

/// What one request has acquired.
#[derive(Debug)]
pub struct Admission {
    /// The heartbeat of the request.
    pub heartbeat: Heartbeat,
    /// Bytes it has read so far.
    read: Cell<u64>,
    memory: RefCell<Option<Permit>>,
    thread: RefCell<Option<Permit>>,
    /// Whether a read waits for memory.
    is_admitting: Cell<bool>,
    /// Slices since the last pause.
    slices: Cell<u32>,
}

impl Admission {
    /// An admission that has acquired nothing.
    pub fn new() -> Self {
        let (memory, thread) = Default::default();
        let (read, is_admitting, slices) = Default::default();
        let heartbeat = Heartbeat::new(running_time());
        Self { heartbeat, read, memory, thread, is_admitting, slices }
    }

    /// Waits until the request may use `bytes` of memory in addition to what it has read. Fails if
    /// the queue is full or after [`limits::ADMISSION_SECONDS`].
    pub async fn admit(&self, bytes: u64) -> Result<(), Error> {
        // Releases the permits of an earlier admission, or the request would wait for itself.
        self.thread.take();
        self.memory.take();
        let timeout = f64::from(limits::ADMISSION_SECONDS) * 1000.0;
        let permit =
            Permit::acquire(&MEMORY, bytes + self.read.get(), &self.heartbeat, timeout).await;
        self.memory.replace(Some(permit.ok_or_else(Error::busy)?));
        Ok(())
    }

    /// Waits until the request may use the thread. A request that has it already goes to the end of
    /// the queue.
    pub async fn acquire_thread(&self) -> Result<(), Error> {
        self.thread.take();
        let permit = Permit::acquire(&THREAD, 1, &self.heartbeat, f64::INFINITY).await;
        self.thread.replace(Some(permit.ok_or_else(Error::busy)?));
        Ok(())
    }

    /// A pause in which the isolate handles other events, if one is due.
    ///
    /// The pause is a timer, because resolved promises and messages run before other events. It
    /// costs a millisecond, about as much as a slice. So a lone request pauses only after
    /// [`limits::LONE_SLICES`] slices.
    pub fn pause(&self) -> Option<Pause<'_>> {
        let slices = self.slices.get() + 1;
        let is_due = slices >= limits::LONE_SLICES || self.heartbeat.has_competitors();
        self.slices.set(if is_due { 0 } else { slices });
        is_due.then(|| -> Pause<'_> {
            Box::pin(async {
                Delay::from(Duration::ZERO).await;
                self.heartbeat.beat(running_time());
            })
        })
    }

    /// Waits until `bytes` may be read. A request that exceeds [`limits::UNADMITTED_BYTES`] before
    /// it has a plan, as for a set of many images, is admitted first.
    pub async fn before_read(&self, bytes: u64) -> Result<(), Error> {
        let little = self.read.get().max(bytes) <= limits::UNADMITTED_BYTES;
        while !little && self.memory.borrow().is_none() {
            if self.is_admitting.replace(true) {
                Delay::from(POLL_INTERVAL).await;
                continue;
            }
            let admitted = self.admit(bytes.max(limits::UNPLANNED_MEMORY)).await;
            self.is_admitting.set(false);
            admitted?;
        }
        Ok(())
    }

    /// Counts bytes that were read.
    pub fn after_read(&self, bytes: usize) {
        self.read.set(self.read.get() + bytes as u64);
    }
}
