//! Reads and writes tiled pyramid TIFFs.
//!
//! A JPEG or PNG file is a pyramid of one level and one tile.
//!
//! Opening reads the directories and lists the tiles, but decodes nothing. Rows are decoded one
//! row of tiles at a time, from compressed tiles that the caller has read.

mod directory;
mod file;
mod header;
mod index;
mod levels;
mod metadata;
mod open;
mod pages;
mod planes;
mod profile;
mod resources;
mod paths;
mod moved_paths;
mod refused;
mod rows;
mod tile;
pub mod write;

pub use crate::codec::tiff::Tag;
pub use index::{Compression, Index, Level, Photometric, Span};
pub use metadata::{ABOUT, Metadata};
pub use moved_paths::moved_paths;
pub use open::{insert_index, open};
pub use paths::{SavedPath, Subpath, orient_point};
pub use planes::{Band, Planes};
pub use profile::{profile_name, profile_size, unpacked_profile};
pub use resources::{Block, PATHS, blocks, path_names};
pub use rows::Rows;
pub use tile::unpack_bits;
