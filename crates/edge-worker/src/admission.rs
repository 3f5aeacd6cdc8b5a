//! What a request may take of its isolate: memory while it is under way, and the thread while it
//! draws. Cached and non-image replies take neither.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use azulejo::{
    error::{Error, ErrorKind},
    limits,
    time_slice::Pause,
};
use worker::Delay;

use crate::{
    pulse::{Pulse, awake},
    queue::{Permit, Queue},
};

/// Between two looks of reads that wait for another read of the same request.
const PAUSE: Duration = Duration::from_millis(5);

thread_local! {
    static MEMORY: RefCell<Queue> =
        const { RefCell::new(Queue::new(limits::ADMITTED_MEMORY, limits::ADMISSION_QUEUE)) };
    static THREAD: RefCell<Queue> = const { RefCell::new(Queue::new(1, usize::MAX)) };
}

/// What one request has of it.
#[derive(Debug)]
pub struct Admission {
    /// The signs of life of the request.
    pub pulse: Pulse,
    /// Bytes it has read so far.
    read: Cell<u64>,
    memory: RefCell<Option<Permit>>,
    turn: RefCell<Option<Permit>>,
    waits: Cell<bool>,
    /// Slices since the last pause.
    slices: Cell<u32>,
}

impl Admission {
    /// Nothing yet.
    pub fn new() -> Self {
        let (memory, turn) = Default::default();
        let (read, waits, slices) = Default::default();
        Self { pulse: Pulse::new(awake()), read, memory, turn, waits, slices }
    }

    /// Waits until the request may use so many bytes besides what it has read.
    pub async fn admit(&self, bytes: u64) -> Result<(), Error> {
        // Who starts anew goes to the end, or it would wait for itself.
        self.turn.take();
        self.memory.take();
        let limit = f64::from(limits::ADMISSION_SECONDS) * 1000.0;
        let permit = Permit::wait(&MEMORY, bytes + self.read.get(), &self.pulse, limit).await;
        self.memory.replace(Some(permit.ok_or_else(busy)?));
        Ok(())
    }

    /// Waits for the turn to draw.
    pub async fn take_turn(&self) -> Result<(), Error> {
        self.turn.take();
        let permit = Permit::wait(&THREAD, 1, &self.pulse, f64::INFINITY).await;
        self.turn.replace(Some(permit.ok_or_else(busy)?));
        Ok(())
    }

    /// Lets the isolate's other events happen, if it is time. A timer does it: a promise that is
    /// settled, or a message, comes before them. It costs a millisecond, about as much as a slice, so
    /// who is alone goes on for some slices, until another request may have come.
    pub fn pause(&self) -> Option<Pause<'_>> {
        let slices = self.slices.get() + 1;
        let is_due = slices >= limits::LONE_SLICES || self.pulse.has_company();
        self.slices.set(if is_due { 0 } else { slices });
        is_due.then(|| -> Pause<'_> {
            Box::pin(async {
                Delay::from(Duration::ZERO).await;
                self.pulse.beat(awake());
            })
        })
    }

    /// Waits until so many bytes may be read. A request that reads little is not held up; who reads
    /// much before it has a plan, as a set of many images does, is admitted first.
    pub async fn before_read(&self, bytes: u64) -> Result<(), Error> {
        let little = self.read.get().max(bytes) <= limits::UNADMITTED_BYTES;
        while !little && self.memory.borrow().is_none() {
            if self.waits.replace(true) {
                Delay::from(PAUSE).await;
                continue;
            }
            let admitted = self.admit(bytes.max(limits::UNPLANNED_MEMORY)).await;
            self.waits.set(false);
            admitted?;
        }
        Ok(())
    }

    /// Counts what was read.
    pub fn after_read(&self, bytes: usize) {
        self.read.set(self.read.get() + bytes as u64);
    }
}

fn busy() -> Error {
    let message = format!(
        "too many images are being drawn; try again in {} seconds, or ask for smaller ones",
        limits::RETRY_SECONDS
    );
    Error::new(ErrorKind::Busy, message)
}
