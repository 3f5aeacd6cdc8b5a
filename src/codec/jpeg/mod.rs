//! JPEG (ITU-T T.81): encodes replies and the tiles of pyramids; decodes tiles, remote files and
//! originals.

mod application;
pub mod decode;
pub mod encode;
mod format;
mod metadata;
mod segments;
mod size;
mod stored;
mod tile;
mod zigzag;

pub use application::{Application, PHOTOSHOP};
pub use format::{BASELINE, PROGRESSIVE, file_of_planes, longest};
pub use segments::{Segments, marker};
pub use stored::stored_file;
pub use tile::{Origin, TileDecoder};
