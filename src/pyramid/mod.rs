//! Tiled pyramid TIFFs: their index, their tiles, and how we write them.

mod index;

pub use index::{Compression, Index, Level, Photometric, Span};
