//! Cooperative scheduling: a long computation yields the thread after each time slice.
//!
//! A slice is measured in pixels of work, not in time: on Workers the clock does not advance while
//! a request computes.

use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use crate::limits;

/// A future that is ready when the computation may continue.
pub type Pause<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// A boxed future of a computation. Boxing permits trait objects, and keeps one copy of the code
/// for all callers.
pub type Work<'a, T = ()> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The rest of the current slice, and the pause after it.
pub struct TimeSlice<'a> {
    left: u64,
    pause: &'a dyn Fn() -> Option<Pause<'a>>,
    waits: Option<Pause<'a>>,
}

impl<'a> TimeSlice<'a> {
    /// Starts the first slice, of `limits::SLICE_PIXELS`. `pause` returns `None` on a platform with
    /// one thread per request.
    pub fn new(pause: &'a dyn Fn() -> Option<Pause<'a>>) -> Self {
        Self { left: limits::SLICE_PIXELS, pause, waits: None }
    }

    /// Accounts for finished work of this many pixels. Awaiting the result yields the thread if the
    /// slice is used up.
    #[inline]
    pub fn spend(&mut self, pixels: u64) -> Spend<'_, 'a> {
        self.left = self.left.saturating_sub(pixels);
        Spend(self)
    }

    #[inline(never)]
    fn next(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.waits.is_none() {
            self.waits = (self.pause)();
        }
        if let Some(pause) = &mut self.waits
            && pause.as_mut().poll(context).is_pending()
        {
            return Poll::Pending;
        }
        (self.left, self.waits) = (limits::SLICE_PIXELS, None);
        Poll::Ready(())
    }
}

/// The future of [`TimeSlice::spend`]: ready at once while the slice lasts. It is small, because
/// one is polled after every row.
#[must_use]
pub struct Spend<'s, 'a>(&'s mut TimeSlice<'a>);

impl Future for Spend<'_, '_> {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // Without the feature `slices` no code for pauses is compiled in.
        if cfg!(not(feature = "slices")) || self.0.left > 0 {
            return Poll::Ready(());
        }
        self.0.next(context)
    }
}

/// Runs a computation to its end, without a pause.
pub fn at_once<T>(work: impl AsyncFnOnce(&mut TimeSlice<'_>) -> T) -> T {
    let mut slice = TimeSlice::new(&|| None);
    let mut work = pin!(work(&mut slice));
    let mut context = Context::from_waker(Waker::noop());
    loop {
        // Only a pause returns `Pending`, and there is none.
        if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
            return done;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn there_is_one_pause_for_each_slice_of_work() {
        let pauses = Cell::new(0);
        let pause =
            || -> Option<Pause<'_>> { Some(Box::pin(async { pauses.set(pauses.get() + 1) })) };
        let mut slice = TimeSlice::new(&pause);
        pollster::block_on(async {
            for _ in 0..30 {
                slice.spend(limits::SLICE_PIXELS / 10).await;
            }
        });
        assert_eq!(pauses.get(), 3);
    }

    #[test]
    fn work_at_once_never_waits() {
        let done = at_once(async |slice| {
            slice.spend(limits::SLICE_PIXELS * 5).await;
            7
        });
        assert_eq!(done, 7);
    }
}
