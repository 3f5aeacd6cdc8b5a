//! One connection: HTTP/1.1 or HTTP/2, with limits on what its client may send and on how long it
//! may take.

use std::{
    cell::Cell,
    convert::Infallible,
    net::{IpAddr, TcpStream},
    rc::Rc,
    time::Duration,
};

use azulejo::{codec::Codecs, store::Store};
use hyper::{rt::Executor, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    sync::watch,
    task::spawn_local,
    time::{Instant, sleep},
};
use tokio_io_timeout::TimeoutStream;

use crate::{log, router, worker::Worker};

/// Maximum bytes of a request's head, its path and query included.
const HEAD_BYTES: usize = 32 << 10;

/// Maximum headers of a request.
const HEADERS: usize = 100;

/// The shortest interval at which a connection is checked for being unused.
const TICK: Duration = Duration::from_secs(1);

/// How long a connection without any request goes on when it is to end. A request may be on its way,
/// and hyper waits for it.
const LAST: Duration = Duration::from_millis(200);

/// Maximum requests of one HTTP/2 connection at once.
const STREAMS: u32 = 100;

/// Requests of a connection.
#[derive(Debug)]
struct Activity {
    /// Requests that are being answered.
    running: Cell<usize>,
    /// When the last one was answered; at first, when the client connected.
    last: Cell<Instant>,
    /// Whether there was a request.
    any: Cell<bool>,
}

/// Serves a connection until its client closes it, leaves it unused, or the server stops.
pub async fn serve<S: Store + Codecs + 'static>(
    stream: TcpStream,
    peer: IpAddr,
    worker: Rc<Worker<S>>,
    mut stopped: watch::Receiver<bool>,
) {
    let stream = match tokio::net::TcpStream::from_std(stream) {
        Ok(stream) => stream,
        Err(error) => return log::line(&format!("a connection is lost: {error}")),
    };
    let mut stream = TimeoutStream::new(stream);
    let idle = worker.shared.client_timeout;
    stream.set_write_timeout(Some(idle));
    let activity = Rc::new(Activity {
        running: Cell::new(0),
        last: Cell::new(Instant::now()),
        any: Cell::new(false),
    });
    let running = Rc::clone(&activity);
    let service = service_fn(move |request| {
        let (worker, activity) = (Rc::clone(&worker), Rc::clone(&running));
        async move {
            let _running = Running::new(&activity);
            Ok::<_, Infallible>(router::handle(request, peer, &worker).await)
        }
    });
    let builder = builder(idle);
    let connection = builder.serve_connection(TokioIo::new(Box::pin(stream)), service);
    let mut connection = std::pin::pin!(connection);
    let mut is_ending = false;
    loop {
        let idle_for = activity.last.get().elapsed();
        let next = if is_ending { LAST } else { idle.saturating_sub(idle_for).max(TICK) };
        let is_used = activity.any.get();
        tokio::select! {
            // Errors are the client's: it broke the connection or the protocol.
            _ = connection.as_mut() => return,
            _ = stopped.wait_for(|stopped| *stopped), if !is_ending => {
                connection.as_mut().graceful_shutdown();
                is_ending = true;
            }
            () = sleep(next), if !(is_ending && is_used) => {
                if is_ending {
                    return;
                }
                if activity.running.get() == 0 && activity.last.get().elapsed() >= idle {
                    // What is still being sent may take longer.
                    connection.as_mut().graceful_shutdown();
                    is_ending = true;
                }
            }
        }
    }
}

fn builder(idle: Duration) -> auto::Builder<Local> {
    let mut builder = auto::Builder::new(Local);
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(idle)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(idle)
        .keep_alive_timeout(idle)
        .max_header_list_size(HEAD_BYTES as u32)
        .max_concurrent_streams(STREAMS);
    builder
}

/// Runs hyper's tasks on the worker's own thread.
#[derive(Debug, Clone, Copy)]
struct Local;

impl<F: Future<Output = ()> + 'static> Executor<F> for Local {
    fn execute(&self, task: F) {
        spawn_local(task);
    }
}

/// A request that is being answered.
struct Running<'c>(&'c Activity);

impl<'c> Running<'c> {
    fn new(activity: &'c Activity) -> Self {
        activity.any.set(true);
        activity.running.set(activity.running.get() + 1);
        Self(activity)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.set(self.0.running.get() - 1);
        self.0.last.set(Instant::now());
    }
}
