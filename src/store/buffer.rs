//! Look-ups without an async runtime: a stage awaits the bytes it needs, then resumes.
//!
//! A stage requests reads from a [`FetchBuffer`] and waits. Its driver makes all requested reads as
//! one batch, inserts the results into the buffer, and polls the stage again.

use std::{
    cell::{Ref, RefCell, RefMut},
    ops::ControlFlow,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use super::{Fetched, Read};
use crate::time_slice::Work;

/// The data read so far, and the reads that are requested but not made yet.
#[derive(Debug, Default)]
pub struct FetchBuffer {
    fetched: RefCell<Fetched>,
    requested: RefCell<Vec<Read>>,
}

impl FetchBuffer {
    /// A buffer that begins with data read earlier.
    pub fn new(fetched: Fetched) -> Self {
        Self { fetched: RefCell::new(fetched), requested: RefCell::default() }
    }

    /// The data read so far. The borrow must end before the stage waits.
    pub fn fetched(&self) -> Ref<'_, Fetched> {
        self.fetched.borrow()
    }

    /// The data read so far, mutably, to insert into it.
    pub fn fetched_mut(&self) -> RefMut<'_, Fetched> {
        self.fetched.borrow_mut()
    }

    /// Consumes the buffer and returns the data read so far.
    pub fn into_fetched(self) -> Fetched {
        self.fetched.into_inner()
    }

    /// Requests reads without waiting: the next batch includes them, if there is a next batch.
    pub fn prefetch(&self, reads: Vec<Read>) {
        let mut requested = self.requested.borrow_mut();
        for read in reads {
            if !requested.contains(&read) {
                requested.push(read);
            }
        }
    }

    /// Requests reads. The returned [`Batch`] is ready once they have been made.
    pub fn read(&self, reads: Vec<Read>) -> Batch {
        let batch = Batch { waits: !reads.is_empty() };
        self.prefetch(reads);
        batch
    }

    /// Polls a stage once. `Break` returns its result. `Continue` returns the requested reads,
    /// which must be made before the next poll.
    pub fn poll<T>(&self, stage: &mut Work<'_, T>) -> ControlFlow<T, Vec<Read>> {
        let polled = stage.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let requested = self.requested.take();
        match polled {
            Poll::Ready(done) => ControlFlow::Break(done),
            Poll::Pending => ControlFlow::Continue(requested),
        }
    }

    /// The result of a stage from the data read so far; `None` if the stage needs more reads.
    pub fn at_once<T>(&self, mut stage: Work<'_, T>) -> Option<T> {
        self.poll(&mut stage).break_value()
    }
}

/// A future that is ready once the next batch has been read, or at once if it has no reads.
#[must_use]
pub struct Batch {
    waits: bool,
}

impl Future for Batch {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        // The driver polls a stage again only after it has made all requested reads.
        if std::mem::take(&mut self.waits) { Poll::Pending } else { Poll::Ready(()) }
    }
}

#[cfg(test)]
pub mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::{
        error::{Error, ErrorKind, Result},
        limits,
        store::{ByteRange, MemoryStore, fulfil},
    };

    pub const KEYS: [&str; 3] = ["a", "b", "c"];

    pub fn store() -> MemoryStore {
        let store = MemoryStore::new();
        KEYS.iter().for_each(|key| drop(store.put(key, vec![7])));
        store
    }

    pub fn read(key: &str) -> Read {
        Read { key: key.to_owned(), range: ByteRange::new(0, 9), version: None }
    }

    /// Waits for an object and returns its length.
    pub fn len<'a>(key: &str, buffer: &'a FetchBuffer) -> Work<'a, Result<u64>> {
        let read = read(key);
        Box::pin(async move {
            if !buffer.fetched().is_looked_up(&read.key) {
                buffer.read(vec![read.clone()]).await;
            }
            let fetched = buffer.fetched();
            let found = fetched.object(&read.key).map(|object| object.len);
            found.ok_or_else(|| Error::new(ErrorKind::NotFound, read.key))
        })
    }

    #[test]
    fn a_stage_that_finds_all_it_asks_for_is_done_when_it_is_polled_first() {
        let buffer = FetchBuffer::default();
        buffer.fetched_mut().insert_missing("a");
        let error = buffer.at_once(len("a", &buffer)).unwrap().unwrap_err();
        assert_eq!(error.message, "a");
        assert!(buffer.at_once(len("b", &buffer)).is_none());
    }

    #[test]
    fn a_stage_goes_on_where_it_stands() {
        let (buffer, store, begun) = (FetchBuffer::default(), store(), Cell::new(0));
        let stage = Box::pin(async {
            begun.set(begun.get() + 1);
            let mut sum = 0;
            for key in KEYS {
                sum += len(key, &buffer).await?;
            }
            Ok(sum)
        });
        assert_eq!(pollster::block_on(fulfil(&store, &buffer, stage)), Ok(3));
        assert_eq!((begun.get(), store.take_reads().len()), (1, 3));
    }

    #[test]
    fn a_prefetch_joins_the_batch_that_somebody_waits_for() {
        let buffer = FetchBuffer::default();
        let mut stage: Work<'_, Result<u64>> = Box::pin(async {
            buffer.prefetch(vec![read("b")]);
            len("a", &buffer).await
        });
        let reads = buffer.poll(&mut stage).continue_value().unwrap();
        assert_eq!(reads, [read("b"), read("a")]);
    }

    #[test]
    fn a_stage_without_an_end_is_stopped() {
        let (buffer, store) = (FetchBuffer::default(), store());
        let stage: Work<'_, Result<()>> = Box::pin(async {
            loop {
                buffer.read(vec![read("a")]).await;
            }
        });
        let error = pollster::block_on(fulfil(&store, &buffer, stage)).unwrap_err();
        assert_eq!(error.kind, ErrorKind::BadSource);
        assert_eq!(store.take_reads().len(), limits::ROUNDS);
    }
}
