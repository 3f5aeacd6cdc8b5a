//! What the binary `azulejo` is made of, and its stores for the tests.

pub mod args;
pub mod asset;
pub mod check;
pub mod commands;
pub mod formats;
pub mod ingest;
pub mod inspect;
pub mod render;
pub mod store;
pub mod visibility;
