//! Azulejo: an Image Serving (Scene7 / Dynamic Media) engine.
//!
//! A request is a sentence in a small language. It is read ([`protocol`], [`commands`]),
//! resolved into a [`scene`] with nothing left to look up ([`resolve`]), planned down to bytes
//! and memory ([`plan`]), fetched through one door ([`store`]) and drawn ([`render`]); [`serve`]
//! shows it all on one screen. Only the door does I/O; what takes long gives the thread away behind
//! each [`time_slice`].
//!
//! Each module may use only those above it in this list; `tests/tidy.rs` checks it.

pub mod error;
pub mod limits;
pub mod time_slice;
pub mod ratio;
pub mod geometry;
pub mod store;
pub mod http;
pub mod raster;
pub mod color;
pub mod jpeg;
pub mod resample;
pub mod pyramid;
pub mod protocol;
pub mod ops;
pub mod commands;
pub mod catalog;
pub mod scene;
pub mod resolve;
pub mod check;
pub mod codec;
pub mod plan;
pub mod render;
pub mod reply;
pub mod serve;
