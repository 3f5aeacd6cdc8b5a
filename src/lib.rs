//! Azulejo: an Image Serving (Scene7 / Dynamic Media) engine.
//!
//! Each module may use only those above it in this list; `tests/tidy.rs` checks it.

pub mod error;
pub mod limits;
pub mod geometry;
pub mod http;
pub mod store;
pub mod color;
pub mod raster;
pub mod resample;
pub mod pyramid;
pub mod protocol;
pub mod ops;
pub mod commands;
pub mod serve;
