//! Rasters to bytes. The codecs' own types never leave this folder.

mod jpeg;
mod png;

use crate::{
    commands::{Format, PixelType},
    error::Result,
    geometry::{Reply, Size},
    raster::Raster,
    scene::Output,
};

/// Channels of the raster that [`encode`] wants: 1 grey, 3 RGB, 4 RGB with straight alpha.
pub fn channels(output: &Output) -> usize {
    match (output.format.alpha(), output.pixel_type) {
        (true, _) => 4,
        (false, PixelType::Rgb) => 3,
        (false, PixelType::Gray) => 1,
    }
}

/// Encodes a raster of [`channels`] channels.
pub fn encode(output: &Output, raster: &Raster) -> Result<Vec<u8>> {
    match output.format {
        Format::Jpeg | Format::ProgressiveJpeg => jpeg::encode(output, raster),
        Format::Png | Format::PngAlpha => png::encode(output, raster),
    }
}

/// Bytes that [`encode`] needs at most, its result included, for the plan.
pub fn memory(output: &Output, size: Size<Reply>) -> u64 {
    match output.format {
        Format::Jpeg => jpeg::memory(output, size, false),
        Format::ProgressiveJpeg => jpeg::memory(output, size, true),
        Format::Png | Format::PngAlpha => png::memory(output, size),
    }
}
