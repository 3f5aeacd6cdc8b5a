//! The options of a server.

use std::{num::NonZero, path::PathBuf, time::Duration};

use azulejo::serve::Settings;

use crate::studio::Editor;

/// The options of a server.
#[derive(Debug, Clone)]
pub struct Options {
    /// The name or address to listen at.
    pub host: String,
    /// The port; 0 lets the system choose.
    pub port: u16,
    /// How many workers to run.
    pub workers: NonZero<usize>,
    /// The name of the store, for messages and for the namespace of the cache.
    pub store: String,
    /// The settings that the Worker has, too.
    pub settings: Settings,
    /// The cache of finished replies.
    pub cache: CacheOptions,
    /// Whether to serve `/metrics`.
    pub metrics: bool,
    /// The access log.
    pub log: LogOptions,
    /// Where edits of the page go; `None` if the server takes none.
    pub editor: Option<Editor>,
    /// How long a client may keep a connection that it does not use, take for the head of a request,
    /// and take none of the bytes that wait for it.
    pub client_timeout: Duration,
    /// How long requests may go on after the server is told to stop.
    pub grace: Duration,
}

/// The options of the cache of finished replies.
#[derive(Debug, Clone)]
pub struct CacheOptions {
    /// Bytes in memory.
    pub memory: usize,
    /// The folder of the cache on disk; `None` for none.
    pub folder: Option<PathBuf>,
    /// Bytes on disk.
    pub disk: u64,
}

/// The options of the access log. Which requests it has is a setting that the Worker has, too.
#[derive(Debug, Clone)]
pub struct LogOptions {
    /// The form of its lines.
    pub format: LogFormat,
    /// Its file; `None` for standard output.
    pub file: Option<PathBuf>,
}

/// The form of the lines of the access log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// JSON, as the Worker logs.
    Json,
    /// The default pattern of Adobe's Image Server.
    S7access,
    /// There is no log.
    Off,
}
