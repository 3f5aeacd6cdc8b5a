//! Originals to pyramids: what ingest stores, and what a page makes of a dropped file, alike.

mod decode;

use std::{fmt, io};

use azulejo::pyramid::write::{TileCompression, WriteOptions, Writer};
pub use decode::{Original, open};

/// How a pyramid is made.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Pixels across and down a tile.
    pub tile: u32,
    /// JPEG quality of the tiles, 1 to 100; those of a picture with alpha are lossless.
    pub quality: u8,
}

impl Default for Options {
    fn default() -> Self {
        Self { tile: 256, quality: 90 }
    }
}

impl Original<'_> {
    /// Decodes the original and writes its pyramid, a whole file.
    pub fn pyramid(self, options: Options) -> Result<Vec<u8>, Unreadable> {
        let pixels = self.decode()?;
        let compression = match pixels.channels {
            4 => TileCompression::Deflate,
            _ => TileCompression::Jpeg { quality: options.quality },
        };
        let write = WriteOptions {
            tile: options.tile,
            compression,
            icc: pixels.icc,
            ..WriteOptions::default()
        };
        let mut writer = Writer::new(pixels.width, pixels.height, pixels.channels, write)?;
        for row in pixels.data.chunks_exact(pixels.width as usize * pixels.channels) {
            writer.push_row(row)?;
        }
        drop(pixels.data);
        Ok(writer.finish()?)
    }
}

/// What kept an original from becoming a pyramid.
#[derive(Debug)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<image::ImageError> for Unreadable {
    fn from(error: image::ImageError) -> Self {
        Self(error.to_string())
    }
}

impl From<azulejo::error::Error> for Unreadable {
    fn from(error: azulejo::error::Error) -> Self {
        Self(error.message)
    }
}

#[cfg(test)]
mod tests;
