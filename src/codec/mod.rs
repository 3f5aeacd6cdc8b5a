//! Rasters to bytes. The codecs' own types never leave this folder.

mod jpeg;
mod png;

use crate::{
    commands::Format,
    error::Result,
    geometry::{Reply, Size},
    raster::Raster,
    scene::Output,
    time_slice::TimeSlice,
};

/// Encodes a raster of [`Output::channels`] channels.
pub async fn encode(
    output: &Output,
    raster: &Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    match output.format {
        Format::Jpeg | Format::ProgressiveJpeg => jpeg::encode(output, raster, slice).await,
        Format::Png | Format::PngAlpha => {
            // Its library takes all rows at once, and stops nowhere.
            slice.spend(raster.data.len() as u64).await;
            png::encode(output, raster)
        }
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
