//! What the binary `azulejo` is made of, and its stores for the tests.

pub mod args;
pub mod asset;
pub mod check;
pub mod commands;
pub mod formats;
pub mod ingest;
pub mod inspect;
pub mod publish;
pub mod record;
pub mod render;
pub mod sign;
pub mod store;
pub mod visibility;
