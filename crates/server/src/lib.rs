//! Azulejo as a native HTTP server, for `azulejo serve`.
//!
//! The acceptor hands each connection to the worker with the fewest. A worker is one thread with a
//! runtime and an engine of its own, like an isolate of the Worker on Cloudflare: its requests share
//! a memory budget and take turns to render. All workers share one cache of finished replies, in
//! memory and on disk.

mod access_log;
mod admission;
mod avif;
mod cache;
mod connection;
mod content;
mod image;
mod log;
mod metrics;
mod options;
mod page;
mod recent;
mod remote;
mod reply;
mod request;
mod resources;
mod router;
mod server;
mod single_flight;
mod store;
mod studio;
mod worker;

pub use options::{CacheOptions, LogFormat, LogOptions, Options};
pub use server::{End, Server};
pub use studio::{Edit, Editor};
