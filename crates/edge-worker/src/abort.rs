//! Ends a request whose client has gone, by dropping its future.
//!
//! The platform itself only stops polling the future, which would leak its memory. It sends the
//! `abort` event if `enable_request_signal` is among the compatibility flags.

use std::{
    cell::RefCell,
    future::{Future, poll_fn},
    pin::Pin,
    rc::Rc,
    task::{Poll, Waker},
};

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::AbortSignal;

/// Runs `work` to its end. Returns `None` and drops `work` if the signal reports that the client
/// has gone.
pub async fn until_aborted<T: 'static>(
    signal: &AbortSignal,
    work: impl Future<Output = T> + 'static,
) -> Option<T> {
    let state = Rc::new(RefCell::new(State { work: Some(Box::pin(work)), waker: None }));
    let ended = Rc::clone(&state);
    let _listener = Listener::new(signal, move || {
        let State { work, waker } = ended.take();
        // Releases what the work has acquired.
        drop(work);
        if let Some(waker) = waker {
            waker.wake();
        }
    });
    poll_fn(|context| {
        let Some(mut work) = state.borrow_mut().work.take() else { return Poll::Ready(None) };
        let polled = work.as_mut().poll(context);
        if polled.is_pending() {
            let waker = Some(context.waker().clone());
            state.replace(State { work: Some(work), waker });
        }
        polled.map(Some)
    })
    .await
}

/// The future between two polls, and the waker of its task.
struct State<T> {
    work: Option<Pin<Box<dyn Future<Output = T>>>>,
    waker: Option<Waker>,
}

impl<T> Default for State<T> {
    fn default() -> Self {
        Self { work: None, waker: None }
    }
}

/// An event listener that is removed when it is dropped.
struct Listener {
    signal: AbortSignal,
    closure: Closure<dyn FnMut()>,
}

impl Listener {
    fn new(signal: &AbortSignal, on_abort: impl FnMut() + 'static) -> Self {
        let closure = Closure::<dyn FnMut()>::new(on_abort);
        let function = closure.as_ref().unchecked_ref();
        // Fails only on platforms without signals.
        let _ = signal.add_event_listener_with_callback("abort", function);
        Self { signal: signal.clone(), closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.closure.as_ref().unchecked_ref();
        let _ = self.signal.remove_event_listener_with_callback("abort", function);
    }
}
