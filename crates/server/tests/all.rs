//! The server over real sockets.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its set-up too")]

mod support;

mod access_log;
mod caches;
mod clients;
mod http2;
mod routes;
mod stopping;
mod stores;
