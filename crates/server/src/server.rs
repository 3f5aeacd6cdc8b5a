//! The server: listens, hands connections to its workers, and stops.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail};
use azulejo::{
    codec::Codecs,
    store::{Namespace, Store},
};
use tokio::{
    net::{TcpListener, TcpSocket, lookup_host},
    sync::Semaphore,
    time::{sleep, timeout},
};

use crate::{
    access_log::AccessLog,
    cache::Cache,
    log::Throttle,
    metrics::Metrics,
    options::Options,
    page::Page,
    resources::Resources,
    worker::{self, Handle, Shared},
};

/// Maximum connections at once. Further ones wait in the system's queue.
const CONNECTIONS: usize = 4096;

/// Length of the system's queue of connections.
const BACKLOG: u32 = 1024;

/// How long to wait after the system refused a connection, as it does if too many files are open.
const REFUSED: Duration = Duration::from_millis(100);

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// All requests were answered.
    Finished,
    /// This many connections were cut off when the time was over.
    CutOff(u64),
}

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    workers: Vec<Handle>,
    shared: Arc<Shared>,
    grace: Duration,
}

impl Server {
    /// Listens, and starts the workers, each of which opens its store with `open`. Fails if the port
    /// is in use, a setting is invalid, or the store does not answer.
    pub async fn start<S: Store + Codecs + 'static>(
        options: Options,
        open: impl Fn() -> Result<S> + Clone + Send + 'static,
    ) -> Result<Self> {
        if let Err(error) = options.settings.access() {
            bail!("{}", error.message);
        }
        let listener = listen(&options.host, options.port).await?;
        let mut settings = options.settings;
        settings.preview.edits = options.editor.is_some();
        let access_log = AccessLog::open(&options.log, settings.log)?;
        let count = options.workers.get();
        let shared = Arc::new(Shared {
            namespace: Namespace::new(&settings.namespace, &options.store),
            settings,
            store: options.store,
            cache: Cache::new(&options.cache),
            metrics: options.metrics.then(Metrics::new).transpose()?,
            access_log,
            page: Page::default(),
            editor: options.editor,
            edits: AtomicU64::new(0),
            failures: Throttle::default(),
            client_timeout: options.client_timeout,
            resources: (0..count).map(|_| Arc::default()).collect::<Vec<Arc<Resources>>>(),
        });
        let mut workers = Vec::with_capacity(count);
        for number in 0..count {
            workers.push(worker::start(number, open.clone(), Arc::clone(&shared)).await?);
        }
        Ok(Self { listener, workers, shared, grace: options.grace })
    }

    /// The address at which it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop` resolves. Then accepts no more connections, and waits until all requests
    /// are answered, until the time for that is over, or until `stop_now` resolves.
    pub async fn serve(self, stop: impl Future, stop_now: impl Future) -> End {
        let Self { listener, workers, shared, grace } = self;
        tokio::select! {
            () = accept(&listener, &workers) => {}
            _ = stop => {}
        }
        drop(listener);
        let all_ended = async {
            for ended in workers.into_iter().map(Handle::stop).collect::<Vec<_>>() {
                // The sender is dropped when the thread ends.
                let _ = ended.await;
            }
        };
        let is_finished = tokio::select! {
            result = timeout(grace, all_ended) => result.is_ok(),
            _ = stop_now => false,
        };
        if let Some(log) = &shared.access_log {
            log.close();
        }
        match is_finished {
            true => End::Finished,
            false => End::CutOff(shared.resources.iter().map(|one| one.connections()).sum()),
        }
    }
}

async fn listen(host: &str, port: u16) -> Result<TcpListener> {
    let mut addresses =
        lookup_host((host, port)).await.with_context(|| format!("--host {host}"))?;
    let address = addresses.next().with_context(|| format!("--host {host}: it has no address"))?;
    let listen = || -> io::Result<TcpListener> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A server that was just stopped does not keep the port.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    listen().map_err(|error| {
        if error.kind() == io::ErrorKind::AddrInUse {
            anyhow!("port {port} on {host} is in use: choose another one with --port")
        } else {
            anyhow::Error::new(error).context(format!("listening at {address}"))
        }
    })
}

/// Accepts connections for ever. Each goes to the worker with the fewest.
async fn accept(listener: &TcpListener, workers: &[Handle]) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let refused = Throttle::default();
    let mut turn = 0;
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        let (stream, peer) = match listener.accept().await.and_then(|(stream, peer)| {
            stream.set_nodelay(true)?;
            Ok((stream.into_std()?, peer))
        }) {
            Ok(accepted) => accepted,
            Err(error) => {
                refused.line(&format!("a connection was not accepted: {error}"));
                sleep(REFUSED).await;
                continue;
            }
        };
        // Equal loads take turns.
        turn = (turn + 1) % workers.len();
        let (before, after) = workers.split_at(turn);
        if let Some(worker) = after.iter().chain(before).min_by_key(|worker| worker.load()) {
            worker.send(stream, peer.ip(), place);
        }
    }
}
