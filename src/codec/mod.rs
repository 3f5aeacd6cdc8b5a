//! Encodes rasters as files, and decodes files and tiles. No type of a codec library is visible
//! outside this folder.
//!
//! [`FORMATS`] lists the formats of replies; each codec's file defines its rows. A decoder takes
//! the shape of a level's tiles ([`TileSpec`]), an encoder takes the requested [`EncodeOptions`].

mod avif;
mod encoder;
pub mod eps;
mod format;
pub mod gif;
pub mod jpeg;
mod lzw;
mod options;
mod page;
mod page_size;
mod palette;
pub mod pdf;
pub mod png;
pub mod tiff;
mod tile;
pub mod webp;

pub use avif::FORMAT as AVIF;
pub use encoder::{Codecs, Encoded, Encoder, check_size, encode, smallest};
pub use format::{Buffering, FORMATS, Format, Metadata, PixelLimits, UNSUPPORTED};
pub use options::{Compression, Embedded, EncodeOptions, Palette, Quantization, Subsampling};
pub use page::formats_page;
pub use tile::TileSpec;

use encoder::trimmed;
