//! The modules of the binary `azulejo`. They are a library so that tests can use its stores.

pub mod args;
pub mod asset;
mod atomic_file;
pub mod check;
pub mod commands;
pub mod diff;
pub mod doctor;
pub mod formats;
mod http_client;
pub mod import;
pub mod ingest;
pub mod inspect;
pub mod objects;
mod psd;
pub mod publish;
pub mod purge;
pub mod record;
pub mod render;
pub mod serve;
pub mod shell;
pub mod sign;
pub mod signals;
pub mod store;
mod studio;
pub mod top;
pub mod visibility;
