//! The JPEG formats of replies: `fmt=jpeg` and `fmt=pjpeg`.

use super::encode::{Components, Encoder};
use crate::{
    codec::{Buffering, EncodeOptions, Format, Metadata, PixelLimits, Subsampling, trimmed},
    error::Result,
    geometry::{ReplySpace, Size},
    pixel::{ColorModel, Raster},
    time_slice::TimeSlice,
};

/// Baseline JPEG.
pub static BASELINE: Format = Format {
    name: "JPEG",
    names: &["jpeg", "jpg"],
    alpha_names: &[],
    extension: "jpg",
    mime: "image/jpeg",
    models: &[ColorModel::Rgb, ColorModel::Gray],
    largest_side: 65535,
    pixels: PixelLimits::NONE,
    metadata: &[Metadata::Resolution],
    buffering: Buffering::Rows,
    exact: true,
    one_block: false,
    memory,
    encode: |options, raster, slice| Box::pin(encode(options, raster, slice)),
};

/// Progressive JPEG. Its encoder buffers all coefficients.
pub static PROGRESSIVE: Format = Format {
    name: "progressive JPEG",
    names: &["pjpeg", "pjpg"],
    buffering: Buffering::Whole,
    memory: progressive_memory,
    ..BASELINE
};

/// Encodes a complete file, baseline or progressive. The caller has checked
/// [`Format::largest_side`].
async fn encode(
    options: &EncodeOptions,
    raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let components = Components::of(options.pixel.model, options.subsampling);
    let encoder = Encoder::new(components, options.quality);
    let ppi = options.print_resolution.round().max(1.0).min(65535.0) as u16;
    let (size, freed) = ((raster.width as u16, raster.height as u16), raster.data.len());
    let mut file = Vec::new();
    if *options.format == PROGRESSIVE {
        encoder.progressive_file(raster.data, size, ppi, &mut file, slice).await;
    } else {
        // A vector that grows would double its capacity.
        file.reserve_exact(longest(options, Size::new(raster.width, raster.height)) as usize);
        encoder.file(&raster.data, size, ppi, &mut file, slice).await;
        drop(raster);
    }
    Ok(trimmed(file, freed))
}

/// Peak memory: the raster and the file.
fn memory(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    options.raster_bytes(size) + longest(options, size)
}

/// Peak memory: all coefficients, 16 bits each, and the file. The file is written into the
/// raster's memory, which grows if it is too small.
fn progressive_memory(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let (raster, longest) = (options.raster_bytes(size), longest(options, size));
    // Blocks are padded to full size at the right and at the bottom.
    let padding = 16 * 6 * (u64::from(size.width) + u64::from(size.height));
    let room = if longest > raster { 2 * raster + longest } else { raster };
    2 * samples(options, size) + padding + room
}

/// The number of samples of all components.
fn samples(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    match (options.pixel.model, options.subsampling) {
        (ColorModel::Rgb, Subsampling::Yuv420) => size.pixels() * 3 / 2,
        _ => options.raster_bytes(size),
    }
}

/// The size of the longest possible file in bytes, which is that of noise.
fn longest(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let percent = match options.quality {
        0..=90 => 50,
        91..=95 => 75,
        _ => 150,
    };
    samples(options, size) * percent / 100 + (16 << 10)
}
