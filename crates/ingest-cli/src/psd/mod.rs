//! Reads the layers of Photoshop files (Adobe Photoshop File Formats Specification), for templates.
//!
//! The reader is our own: a template needs the engine data of text layers, their transforms, masks,
//! and files of 16 bits and PSB.

mod bytes;
mod channels;
pub mod descriptor;
pub mod engine_data;
mod file;
mod layer;
mod value;

pub use bytes::Bytes;
pub use file::Psd;
pub use layer::{Layer, Section};
pub use value::Value;
