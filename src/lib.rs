//! Azulejo: an Image Serving (Scene7 / Dynamic Media) engine.
//!
//! Each module may use only those above it in this list; `tests/tidy.rs` checks it.

pub mod error;
pub mod geometry;
pub mod http;
pub mod limits;
pub mod pyramid;
pub mod resample;
pub mod serve;
pub mod store;
