//! JPEG (ITU-T T.81), both ways: replies, the tiles of pyramids, files of other servers,
//! originals.

mod application;
pub mod decode;
pub mod encode;
mod format;
mod segments;
mod tile;
mod zigzag;

pub use application::Application;
pub use format::{BASELINE, PROGRESSIVE};
pub use segments::{Segments, marker};
pub use tile::{Origin, TileDecoder};
