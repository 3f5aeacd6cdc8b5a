//! Ends a request whose client has gone: its future is dropped, and with it what it holds of the
//! isolate.
//!
//! Without this the platform would only stop to poll the future, whose memory would be lost. The
//! event comes where `enable_request_signal` is among the compatibility flags.

use std::{
    cell::RefCell,
    future::{Future, poll_fn},
    pin::Pin,
    rc::Rc,
    task::{Poll, Waker},
};

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::AbortSignal;

/// Works until it is done, or until the signal says that the client has gone: then it is `None`.
pub async fn until_aborted<T: 'static>(
    signal: &AbortSignal,
    work: impl Future<Output = T> + 'static,
) -> Option<T> {
    let state = Rc::new(RefCell::new(State { work: Some(Box::pin(work)), waker: None }));
    let ended = Rc::clone(&state);
    let _listener = Listener::new(signal, move || {
        let State { work, waker } = ended.take();
        // What the work holds is given back as it is dropped.
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

/// The work while it is not polled.
struct State<T> {
    work: Option<Pin<Box<dyn Future<Output = T>>>>,
    waker: Option<Waker>,
}

impl<T> Default for State<T> {
    fn default() -> Self {
        Self { work: None, waker: None }
    }
}

/// Listens to a signal until it is dropped.
struct Listener {
    signal: AbortSignal,
    closure: Closure<dyn FnMut()>,
}

impl Listener {
    fn new(signal: &AbortSignal, heard: impl FnMut() + 'static) -> Self {
        let closure = Closure::<dyn FnMut()>::new(heard);
        let function = closure.as_ref().unchecked_ref();
        // A platform that gives no signal has none to listen to.
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
