//! Reads the layers of Photoshop files (Adobe Photoshop File Formats Specification), for templates.
//!
//! The crate `psd` reads no text layers, and takes no file of 16 bits or PSB.

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
