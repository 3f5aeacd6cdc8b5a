//! JPEG (ITU-T T.81): encodes replies and the tiles of pyramids; decodes tiles, remote files and
//! originals.

mod application;
pub mod decode;
pub mod encode;
mod format;
mod metadata;
mod segments;
mod size;
mod tile;
mod zigzag;

pub use application::{Application, PHOTOSHOP};
pub use format::{BASELINE, PROGRESSIVE, longest};
pub use segments::{Segments, marker};
pub use tile::{Origin, TileDecoder};
