//! How a raster is encoded: what the codecs know of a request.

use super::Format;
use crate::{
    geometry::{Reply, Size},
    raster::{ColorModel, PixelType},
};

/// How a raster is encoded.
#[derive(Debug, Clone, PartialEq)]
pub struct EncodeOptions {
    /// A row of [`FORMATS`](super::FORMATS).
    pub format: &'static Format,
    /// Whether the file keeps the alpha channel.
    pub alpha: bool,
    /// Its colours: one of [`Format::models`].
    pub model: ColorModel,
    /// The quality of lossy formats, 1 to 100.
    pub quality: u8,
    /// The chroma subsampling of formats that store YCbCr.
    pub subsampling: Subsampling,
    /// Pixels per inch written into the file.
    pub print_resolution: f64,
}

/// How often the two chroma components are stored. Grey and CMYK have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subsampling {
    /// Once for two by two pixels: 4:2:0.
    Yuv420,
    /// For each pixel: 4:4:4.
    Yuv444,
}

impl EncodeOptions {
    /// Channels of the raster that is encoded: its colours, and a straight alpha.
    pub fn channels(&self) -> usize {
        PixelType { model: self.model, alpha: self.alpha }.samples()
    }

    /// Bytes of that raster.
    pub fn raster_bytes(&self, size: Size<Reply>) -> u64 {
        size.pixels() * self.channels() as u64
    }
}
