//! JPEG: baseline or progressive.

use crate::{
    commands::{Chroma, Format},
    error::{Error, Result},
    geometry::{Reply, Size},
    jpeg::{Components, Encoder},
    raster::Raster,
    scene::Output,
    time_slice::TimeSlice,
};

/// A whole file; its kind, quality and density are the output's.
pub async fn encode(
    output: &Output,
    raster: &Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let (Ok(width), Ok(height)) = (u16::try_from(raster.width), u16::try_from(raster.height))
    else {
        return Err(Error::too_large("fmt=jpeg: a JPEG has at most 65535 pixels a side"));
    };
    let mut bytes = Vec::with_capacity(raster.data.len() / 8 + 1024);
    let components = match (raster.channels, output.chroma) {
        (1, _) => Components::Grey,
        (_, Chroma::Halved) => Components::HalvedYCbCr,
        (_, Chroma::Full) => Components::YCbCr,
    };
    let ppi = output.print_resolution.round().max(1.0).min(65535.0) as u16;
    let (encoder, size) = (Encoder::new(components, output.quality), (width, height));
    if output.format == Format::ProgressiveJpeg {
        encoder.progressive_file(&raster.data, size, ppi, &mut bytes, slice).await;
    } else {
        encoder.file(&raster.data, size, ppi, &mut bytes, slice).await;
    }
    Ok(bytes)
}

/// The result grows by doubling; a progressive one keeps all coefficients, 16 bits each.
pub fn memory(output: &Output, size: Size<Reply>, progressive: bool) -> u64 {
    let samples = match (output.channels(), output.chroma) {
        (1, _) => 2,
        (_, Chroma::Halved) => 3,
        (_, Chroma::Full) => 6,
    } * size.pixels()
        / 2;
    let coefficients = if progressive { samples * 2 } else { 0 };
    // Measured on noise: up to 1.1 bytes a sample at quality 100, a third of it at 90.
    let bytes = if output.quality > 95 { samples * 11 / 10 } else { samples / 2 };
    coefficients + bytes * 2 + (256 << 10)
}
