//! Rasters to bytes. The codecs' own types never leave this folder.

mod jpeg;
mod png;
mod png_filter;

use crate::{
    commands::Format,
    error::Result,
    geometry::{Reply, Size},
    raster::Raster,
    scene::Output,
    time_slice::TimeSlice,
};

/// Encodes a raster of the pixels of [`Output::pixel`].
pub async fn encode(output: &Output, raster: Raster, slice: &mut TimeSlice<'_>) -> Result<Vec<u8>> {
    match output.format {
        Format::Jpeg | Format::ProgressiveJpeg => jpeg::encode(output, raster, slice).await,
        Format::Png | Format::PngAlpha => png::encode(output, raster, slice).await,
    }
}

/// A file without the room that it did not need. It is copied for that, so only where the `freed`
/// bytes of its raster have room for it.
fn trimmed(mut file: Vec<u8>, freed: usize) -> Vec<u8> {
    if file.len() <= freed {
        file.shrink_to_fit();
    }
    file
}

/// Bytes that [`encode`] holds at most, the raster and its result included, for the plan.
pub fn memory(output: &Output, size: Size<Reply>) -> u64 {
    match output.format {
        Format::Jpeg | Format::ProgressiveJpeg => jpeg::memory(output, size),
        Format::Png | Format::PngAlpha => png::memory(output, size),
    }
}
