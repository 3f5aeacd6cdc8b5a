//! Arguments of `serve`.

use std::{num::NonZero, path::PathBuf};

use clap::{Args as ClapArgs, ValueEnum, builder::BoolishValueParser};

use super::{
    STORES,
    values::{bytes, seconds},
};
use crate::store::Location;

const SERVE: &str = "Signing keys are read from the environment variable SIGNING_KEYS or from \
    --signing-keys, never from\nthe command line. docs/serve.md describes all settings, and how to run \
    this behind a CDN.\n\nExit code: 0 after SIGTERM or Ctrl-C when all requests are answered, 1 when some \
    were cut off or the\nserver does not start, 2 when the command line or a setting is wrong.\n\n";

/// `azulejo serve`
#[derive(Debug, ClapArgs)]
#[command(after_help = format!("{SERVE}{STORES}"))]
pub struct ServeArgs {
    /// The store to serve
    #[arg(long, env = "AZULEJO_STORE", value_name = "STORE", required_unless_present = "samples")]
    pub from: Option<Location>,
    /// Serve the samples of the repository, in which this is run
    #[arg(long, conflicts_with = "from")]
    pub samples: bool,
    /// Name or address to listen at; 0.0.0.0 or :: for all
    #[arg(long, env = "AZULEJO_HOST", value_name = "HOST", default_value = "127.0.0.1")]
    pub host: String,
    /// Port to listen at; 0 for any that is free
    #[arg(long, env = "AZULEJO_PORT", value_name = "PORT", default_value_t = 8787)]
    pub port: u16,
    /// Workers, each with a thread, an engine and 80 MiB for images of its own [default: the number
    /// of cores]
    #[arg(long, env = "AZULEJO_WORKERS", value_name = "N")]
    pub workers: Option<NonZero<usize>>,
    /// Folder for finished replies, which survive a restart [default: memory only]
    #[arg(long, env = "AZULEJO_CACHE", value_name = "DIR")]
    pub cache: Option<PathBuf>,
    /// Room in that folder; the least recently used replies make room
    #[arg(long, env = "AZULEJO_CACHE_SIZE", value_name = "SIZE", default_value = "10GiB", value_parser = bytes)]
    pub cache_size: u64,
    /// Memory for finished replies
    #[arg(long, env = "AZULEJO_CACHE_MEMORY", value_name = "SIZE", default_value = "256MiB", value_parser = bytes)]
    pub cache_memory: u64,
    /// Serve /metrics for Prometheus
    #[arg(long, env = "AZULEJO_METRICS", value_parser = BoolishValueParser::new())]
    pub metrics: bool,
    /// File for the access log, or - for standard output [default: none]
    #[arg(long, env = "AZULEJO_ACCESS_LOG", value_name = "FILE")]
    pub access_log: Option<PathBuf>,
    /// Form of its lines: json, s7access (as Adobe's Image Server) or off. Without --access-log they go
    /// to standard output [default: json with --access-log, else off]
    #[arg(long, env = "AZULEJO_LOG_FORMAT", value_enum, hide_possible_values = true)]
    pub log_format: Option<LogFormat>,
    /// Share of requests that are logged, from 0 to 1. Faults of the server always are
    #[arg(long, env = "LOG_SAMPLE", value_name = "SHARE", default_value = "1")]
    pub log_sample: String,
    /// 1 logs the whole URL, without its signature; by default only the object and the presets
    #[arg(
        long,
        env = "LOG_QUERY",
        value_name = "0|1",
        default_value = "0",
        hide_default_value = true
    )]
    pub log_query: String,
    /// How long a client may leave its connection unused, take to send a request's head, or take
    /// nothing of its reply
    #[arg(long, env = "AZULEJO_CLIENT_TIMEOUT", value_name = "DURATION", default_value = "30s", value_parser = seconds)]
    pub client_timeout: u64,
    /// How long requests may go on after SIGTERM or Ctrl-C
    #[arg(long, env = "AZULEJO_GRACE", value_name = "DURATION", default_value = "30s", value_parser = seconds)]
    pub grace: u64,
    /// File with the signing keys, one per line
    #[arg(long, env = "SIGNING_KEYS_FILE", value_name = "FILE")]
    pub signing_keys: Option<PathBuf>,
    /// Which requests must be signed: required (the default if there are keys), presets or off
    #[arg(long, env = "SIGNING", value_name = "WHICH")]
    pub signing: Option<String>,
    /// test also shows unpublished assets
    #[arg(long, env = "PUBLISH_CONTEXT", value_name = "CONTEXT")]
    pub publish_context: Option<String>,
    /// Header in which a proxy in front tells the client's address
    #[arg(long, env = "CLIENT_ADDRESS_HEADER", value_name = "NAME")]
    pub client_address_header: Option<String>,
    /// Catalogs whose pyramids, records and presets the preview page may read, between commas
    #[arg(long, env = "PREVIEW_SOURCES", value_name = "ROOTIDS")]
    pub preview_sources: Option<String>,
    /// File with the token for lists of these catalogs, or * for none; without it, PREVIEW_TOKEN of the
    /// environment [default: no lists; * with --samples and --edit]
    #[arg(long, env = "PREVIEW_TOKEN_FILE", value_name = "FILE")]
    pub preview_token_file: Option<PathBuf>,
    /// Catalog folder whose presets the page may change, and with them the records of the store. Each
    /// change is published at once [default: nothing changes]
    #[arg(long, value_name = "DIR")]
    pub edit: Option<PathBuf>,
    /// How Cache-Tag names objects: names, hashed (the default if requests must be signed) or off
    #[arg(long, env = "CACHE_TAGS", value_name = "HOW")]
    pub cache_tags: Option<String>,
    /// Name of the bucket, for servers that share a cache folder [default: the store]
    #[arg(long, env = "CACHE_NAMESPACE", value_name = "NAME")]
    pub cache_namespace: Option<String>,
    /// State folder of the `local` store
    #[arg(long, env = "AZULEJO_STATE", value_name = "DIR")]
    pub state: Option<PathBuf>,
}

/// The form of the lines of the access log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// JSON
    Json,
    /// The default pattern of Adobe's Image Server
    S7access,
    /// No log
    Off,
}
