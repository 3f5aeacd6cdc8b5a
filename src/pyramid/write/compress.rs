//! Compresses tiles.

use super::TileCompression;
use crate::{
    codec::{
        jpeg::encode::{Components, Encoder},
        tiff::deflate,
    },
    error::Result,
    pixel::PixelFormat,
};

/// Compresses the tiles of a level.
pub struct Compressor {
    tile: u32,
    samples: usize,
    /// `None` compresses with Deflate.
    jpeg: Option<Encoder>,
}

impl Compressor {
    /// A compressor for square tiles of `tile` × `tile` pixels.
    pub fn new(tile: u32, pixel: PixelFormat, compression: TileCompression) -> Self {
        let jpeg = match compression {
            TileCompression::Jpeg { quality, subsampling } => {
                Some(Encoder::new(Components::of(pixel.model, subsampling), quality))
            }
            TileCompression::Deflate => None,
        };
        Self { tile, samples: pixel.samples(), jpeg }
    }

    /// Compresses a tile, and appends its stream to `out`. Deflate overwrites `pixels`.
    pub fn tile(&self, pixels: &mut [u8], out: &mut Vec<u8>) -> Result<()> {
        match &self.jpeg {
            Some(encoder) => {
                encoder.tile(pixels, (self.tile as u16, self.tile as u16), out);
                Ok(())
            }
            None => deflate(pixels, self.tile as usize * self.samples, self.samples, out),
        }
    }

    /// The quantisation and Huffman tables that all JPEG tiles share; `None` for Deflate.
    pub fn tables(&self) -> Option<Vec<u8>> {
        self.jpeg.as_ref().map(Encoder::tables)
    }
}
