//! JPEG: baseline or progressive.

use super::trimmed;
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
pub async fn encode(output: &Output, raster: Raster, slice: &mut TimeSlice<'_>) -> Result<Vec<u8>> {
    let (Ok(width), Ok(height)) = (u16::try_from(raster.width), u16::try_from(raster.height))
    else {
        return Err(Error::too_large("fmt=jpeg: a JPEG has at most 65535 pixels a side"));
    };
    let size = Size::new(raster.width, raster.height);
    // What grows takes room for twice as much.
    let room = if is_progressive(output) { 0 } else { longest(output, size) };
    let mut bytes = Vec::with_capacity(room as usize);
    let components = match (raster.pixel.samples(), output.chroma) {
        (1, _) => Components::Grey,
        (_, Chroma::Halved) => Components::HalvedYCbCr,
        (_, Chroma::Full) => Components::YCbCr,
    };
    let ppi = output.print_resolution.round().max(1.0).min(65535.0) as u16;
    let (encoder, size) = (Encoder::new(components, output.quality), (width, height));
    let freed = raster.data.len();
    if is_progressive(output) {
        encoder.progressive_file(raster.data, size, ppi, &mut bytes, slice).await;
    } else {
        encoder.file(&raster.data, size, ppi, &mut bytes, slice).await;
        drop(raster);
    }
    Ok(trimmed(bytes, freed))
}

fn is_progressive(output: &Output) -> bool {
    output.format == Format::ProgressiveJpeg
}

/// The raster and the result. A progressive file holds all coefficients, 16 bits each, and is
/// written into the raster's room, which grows where it is too small.
pub fn memory(output: &Output, size: Size<Reply>) -> u64 {
    let raster = size.pixels() * output.pixel().samples() as u64;
    let longest = longest(output, size);
    if !is_progressive(output) {
        return raster + longest;
    }
    // Blocks are whole ones, also at the right and at the bottom.
    let padding = 16 * 6 * (u64::from(size.width) + u64::from(size.height));
    let room = if longest > raster { 2 * raster + longest } else { raster };
    2 * samples(output, size) + padding + room
}

/// Samples of all components.
fn samples(output: &Output, size: Size<Reply>) -> u64 {
    match (output.pixel().samples(), output.chroma) {
        (1, _) => size.pixels(),
        (_, Chroma::Halved) => size.pixels() * 3 / 2,
        (_, Chroma::Full) => size.pixels() * 3,
    }
}

/// Bytes of the longest file there can be: that of noise.
fn longest(output: &Output, size: Size<Reply>) -> u64 {
    let percent = match output.quality {
        0..=90 => 50,
        91..=95 => 75,
        _ => 150,
    };
    samples(output, size) * percent / 100 + (16 << 10)
}
