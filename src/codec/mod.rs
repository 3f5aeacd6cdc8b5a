//! Rasters to files and back. The types of libraries never leave this folder.
//!
//! [`FORMATS`] lists what a reply can be; each row is in the file of its codec. Decoders take
//! what the level of a pyramid says of a tile ([`TileSpec`]), encoders what a request says of a
//! reply ([`EncodeOptions`]).

mod encoder;
mod format;
pub mod jpeg;
mod options;
mod page;
pub mod png;
mod tile;
#[cfg(feature = "webp")]
pub mod webp;

pub use encoder::{Codecs, Encoder, encode};
pub use format::{FORMATS, Flow, Format, Metadata, UNSUPPORTED};
pub use options::{EncodeOptions, Subsampling};
pub use page::formats_page;
pub use tile::TileSpec;

use encoder::trimmed;
