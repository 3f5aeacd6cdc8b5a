//! A worker: one thread with a runtime, an engine and a store of its own.

use std::{
    cell::{Cell, RefCell},
    net::{IpAddr, TcpStream},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use azulejo::{
    catalog::{Compiled, DEFAULT},
    codec::Codecs,
    serve::{Settings, log::Sampler},
    store::{Block, ByteRange, EntryCache, LayerCache, Listing, Namespace, Read, ReadError, Store},
};
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc, oneshot, watch},
    task::{JoinSet, LocalSet},
    time::timeout,
};

use crate::{
    access_log::AccessLog,
    cache::Cache,
    connection,
    log::Throttle,
    metrics::Metrics,
    page::Page,
    recent::Recent,
    remote::Remote,
    resources::{Connection, Resources},
    single_flight::SingleFlight,
    studio::Editor,
};

/// The stack of a worker's thread. Requests that are nested as deep as a catalog may allow need a
/// quarter of it.
const STACK: usize = 16 << 20;

/// How long a store may take for one read. A store that hangs is one that fails.
const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// What all workers share.
#[derive(Debug)]
pub struct Shared {
    /// The settings.
    pub settings: Settings,
    /// The name of the store, for messages.
    pub store: String,
    /// The namespace of the store in the cache.
    pub namespace: Namespace,
    /// The cache of finished replies.
    pub cache: Cache,
    /// What is counted, if that is served.
    pub metrics: Option<Metrics>,
    /// The access log, if there is one.
    pub access_log: Option<AccessLog>,
    /// The files of the preview page.
    pub page: Page,
    /// Where edits of the page go.
    pub editor: Option<Editor>,
    /// The number of edits so far. What was looked up before an edit is not used after it.
    pub edits: AtomicU64,
    /// Failures of the store that were printed.
    pub failures: Throttle,
    /// How long a client may leave its connection alone.
    pub client_timeout: Duration,
    /// Memory and thread of each worker.
    pub resources: Vec<Arc<Resources>>,
}

/// What the requests of a worker share.
pub struct Worker<S> {
    store: S,
    /// What all workers share.
    pub shared: Arc<Shared>,
    /// What requests have looked up in the store.
    pub entries: RefCell<EntryCache>,
    /// Drawn layers.
    pub layers: Rc<LayerCache>,
    /// Memory and thread.
    pub resources: Arc<Resources>,
    /// Replies that are being rendered.
    pub flights: SingleFlight,
    /// The client for remote images.
    pub remote: Remote,
    /// Requests that were resolved a moment ago.
    pub recent: Recent,
    /// Chooses the requests that are logged.
    pub sampler: Sampler,
    /// The number of edits that its look-ups know.
    seen_edits: Cell<u64>,
}

impl<S> Worker<S> {
    /// The number of edits so far. Forgets what was looked up before the last one.
    pub fn edits(&self) -> u64 {
        let edits = self.shared.edits.load(Ordering::Acquire);
        if self.seen_edits.replace(edits) != edits {
            self.entries.take();
            self.recent.forget();
        }
        edits
    }
}

impl<S: Store> Worker<S> {
    /// Reads from the store, for a limited time. Prints and counts failures.
    pub async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        let result = in_time(self.store.read(read)).await;
        if let Some(metrics) = &self.shared.metrics {
            metrics.read(&result);
        }
        self.note(&read.key, result)
    }

    /// Lists a page of the store's objects, for a limited time. Prints failures.
    pub async fn list(
        &self,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Listing, ReadError> {
        self.note(prefix, in_time(self.store.list(prefix, after, limit)).await)
    }

    fn note<T>(&self, key: &str, result: Result<T, ReadError>) -> Result<T, ReadError> {
        if let Err(ReadError::Failed(error)) = &result {
            let Shared { store, failures, .. } = &*self.shared;
            failures.line(&format!("the store {store} fails: {key}: {error}"));
        }
        result
    }
}

/// What the store answers, or that it does not answer in time.
async fn in_time<T>(answer: impl Future<Output = Result<T, ReadError>>) -> Result<T, ReadError> {
    timeout(READ_TIMEOUT, answer).await.unwrap_or_else(|_| {
        let seconds = READ_TIMEOUT.as_secs();
        Err(ReadError::Failed(format!("it does not answer within {seconds} seconds")))
    })
}

/// A connection on its way to a worker, with its place among all connections.
type Accepted = (TcpStream, IpAddr, OwnedSemaphorePermit, Connection);

/// The acceptor's side of a worker.
pub struct Handle {
    connections: mpsc::UnboundedSender<Accepted>,
    resources: Arc<Resources>,
    /// Resolves when the thread has ended.
    ended: oneshot::Receiver<()>,
}

impl Handle {
    /// The number of connections.
    pub fn load(&self) -> u64 {
        self.resources.connections()
    }

    /// Hands over a connection.
    pub fn send(&self, stream: TcpStream, peer: IpAddr, place: OwnedSemaphorePermit) {
        // A worker that has ended drops it.
        let _ = self.connections.send((stream, peer, place, self.resources.connection()));
    }

    /// Tells the worker to finish its requests. The result resolves when it has.
    pub fn stop(self) -> oneshot::Receiver<()> {
        self.ended
    }
}

/// Starts a worker, which opens its store. The result resolves when it is ready for connections.
pub async fn start<S: Store + Codecs + 'static>(
    number: usize,
    open: impl FnOnce() -> Result<S> + Send + 'static,
    shared: Arc<Shared>,
) -> Result<Handle> {
    let (connections, accepted) = mpsc::unbounded_channel();
    let (ready, is_ready) = oneshot::channel();
    let (done, ended) = oneshot::channel::<()>();
    let resources = Arc::clone(shared.resources.get(number).context("an unknown worker")?);
    let own = Arc::clone(&resources);
    let run = move || {
        let _done = done;
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                let _ = ready.send(Err(error.into()));
                return;
            }
        };
        LocalSet::new().block_on(&runtime, async move {
            match opened(open, shared, own).await {
                Ok(worker) => {
                    let _ = ready.send(Ok(()));
                    serve(Rc::new(worker), accepted).await;
                }
                Err(error) => {
                    let _ = ready.send(Err(error));
                }
            }
        });
        // Reads that hang hold up nobody.
        runtime.shutdown_background();
    };
    let thread = thread::Builder::new().name(format!("worker-{number}")).stack_size(STACK);
    thread.spawn(run).context("starting a worker")?;
    match is_ready.await {
        Ok(started) => started.map(|()| Handle { connections, resources, ended }),
        Err(_) => bail!("a worker ended before it was ready"),
    }
}

/// Opens the store, and asks it for one object to see whether it answers.
async fn opened<S: Store>(
    open: impl FnOnce() -> Result<S>,
    shared: Arc<Shared>,
    resources: Arc<Resources>,
) -> Result<Worker<S>> {
    let worker = Worker {
        store: open()?,
        shared,
        entries: RefCell::default(),
        layers: Rc::default(),
        resources,
        flights: SingleFlight::default(),
        remote: Remote::default(),
        recent: Recent::default(),
        sampler: Sampler::default(),
        seen_edits: Cell::default(),
    };
    let range = ByteRange::new(0, 1);
    let probe = Read { key: Compiled::key(DEFAULT), range, version: None };
    match timeout(READ_TIMEOUT, worker.store.read(&probe)).await {
        Ok(Ok(_) | Err(ReadError::NotFound)) => Ok(worker),
        Ok(Err(error)) => bail!("the store {} cannot be read: {error}", worker.shared.store),
        Err(_) => bail!("the store {} does not answer", worker.shared.store),
    }
}

/// Serves connections until there are no more to come. Then finishes their requests.
async fn serve<S: Store + Codecs + 'static>(
    worker: Rc<Worker<S>>,
    mut accepted: mpsc::UnboundedReceiver<Accepted>,
) {
    let (stop, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            next = accepted.recv() => {
                let Some((stream, peer, place, counted)) = next else { break };
                let (worker, stopped) = (Rc::clone(&worker), stopped.clone());
                connections.spawn_local(async move {
                    let _held = (place, counted);
                    connection::serve(stream, peer, worker, stopped).await;
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
    stop.send_replace(true);
    while connections.join_next().await.is_some() {}
}
