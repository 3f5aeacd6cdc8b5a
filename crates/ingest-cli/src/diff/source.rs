//! Gets the replies of one side, wherever they come from.

use std::{future::pending, num::NonZero, path::PathBuf, sync::Arc, thread, time::Duration};

use anyhow::{Context, Result};
use azulejo::serve::{Settings, settings};
use server::{CacheOptions, LogFormat, LogOptions, Server};
use tokio::task::spawn_blocking;

use super::{
    Side,
    http::{Host, Options},
    list::Entry,
    recorded,
    reply::{Fetched, NoReply},
};
use crate::{
    args::DiffArgs,
    store::{Bucket, Location},
};

/// Where replies come from.
pub enum Source {
    /// A server. That of a store runs in this process.
    Host(Box<Host>),
    /// A folder of recorded replies, and the longest that is read.
    Recorded(Arc<PathBuf>, u64),
}

impl Source {
    /// Opens a side. The server of a store starts in this runtime.
    pub async fn open(side: &Side, options: &Options, args: &DiffArgs) -> Result<Self> {
        Ok(match side {
            Side::Host(base) => Self::Host(Box::new(Host::new(base, options.clone())?)),
            Side::Recorded(folder) => Self::Recorded(Arc::new(folder.clone()), options.longest),
            Side::Store(location) => {
                let base = serve(location, args).await.with_context(|| location.to_string())?;
                let options = Options { rate: None, ..options.clone() };
                Self::Host(Box::new(Host::new(&base, options)?))
            }
        })
    }

    /// The reply to an entry.
    pub async fn fetch(&self, entry: &Entry) -> Fetched {
        match self {
            Self::Host(host) => host.fetch(&entry.url).await,
            Self::Recorded(folder, longest) => {
                let (folder, longest, entry) = (Arc::clone(folder), *longest, entry.clone());
                let read = spawn_blocking(move || recorded::read(&folder, &entry, longest)).await;
                read.unwrap_or_else(|error| {
                    Err(NoReply { why: error.to_string(), transient: false })
                })
            }
        }
    }
}

/// Serves a store on a port of this machine, with the engine and the queues that `azulejo serve` has.
/// Returns its URL.
async fn serve(location: &Location, args: &DiffArgs) -> Result<String> {
    let location = location.clone().absolute()?;
    let context = args.unpublished.then(|| "test".to_owned());
    let options = server::Options {
        host: "127.0.0.1".to_owned(),
        port: 0,
        workers: thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN),
        store: location.to_string(),
        settings: Settings::read(|name| match name {
            settings::PUBLISH_CONTEXT => context.clone(),
            _ => None,
        }),
        // Each URL is asked for once.
        cache: CacheOptions { memory: 0, folder: None, disk: 0 },
        metrics: false,
        log: LogOptions { format: LogFormat::Off, file: None },
        editor: None,
        client_timeout: Duration::from_secs(args.timeout),
        grace: Duration::ZERO,
    };
    let state = args.state.clone();
    let server = Server::start(options, move || Bucket::open(&location, state.as_deref())).await?;
    let address = server.address()?;
    // It ends with the process.
    tokio::spawn(server.serve(pending::<()>(), pending::<()>()));
    Ok(format!("http://{address}"))
}
