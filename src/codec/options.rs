//! How a raster is encoded: what the codecs know of a request.

use std::hash::{Hash, Hasher};

use super::Format;
use crate::{
    geometry::{ReplySpace, Size},
    pixel::PixelFormat,
};

/// How a raster is encoded.
#[derive(Debug, Clone, PartialEq)]
pub struct EncodeOptions {
    /// A row of [`FORMATS`](super::FORMATS).
    pub format: &'static Format,
    /// The pixels of the raster and of the file: one of [`Format::models`], with alpha or without.
    pub pixel: PixelFormat,
    /// The quality of lossy formats, 1 to 100.
    pub quality: u8,
    /// The chroma subsampling of formats that store YCbCr.
    pub subsampling: Subsampling,
    /// Pixels per inch written into the file.
    pub print_resolution: f64,
}

/// How often the two chroma components are stored. Grey and CMYK have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subsampling {
    /// Once for two by two pixels: 4:2:0.
    Yuv420,
    /// For each pixel: 4:4:4.
    Yuv444,
}

impl EncodeOptions {
    /// Bytes of the raster that is encoded.
    pub fn raster_bytes(&self, size: Size<ReplySpace>) -> u64 {
        size.pixels() * self.pixel.samples() as u64
    }
}

impl Hash for EncodeOptions {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { format, pixel, quality, subsampling, print_resolution } = self;
        let name = format.name;
        (name, pixel, quality, subsampling, print_resolution.to_bits()).hash(state);
    }
}
