//! Encodes replies as WebP: lossy, or lossless.

use super::{alpha, riff, vp8, vp8l};
use crate::{
    codec::{
        Buffering, Compression, Embedded, EncodeOptions, Format, Metadata, PixelLimits, trimmed,
    },
    error::Result,
    geometry::{ReplySpace, Size},
    pixel::{ColorModel, Raster},
    time_slice::TimeSlice,
};

/// `fmt=webp` and `fmt=webp-alpha` (I9). Greys are stored as colours.
pub static FORMAT: Format = Format {
    name: "WebP",
    names: &["webp"],
    alpha_names: &["webp-alpha", "web-alpha"],
    extension: "webp",
    mime: "image/webp",
    models: &[ColorModel::Rgb, ColorModel::Gray],
    largest_side: 16383,
    pixels: PixelLimits::NONE,
    metadata: &[Metadata::Profile, Metadata::Xmp],
    buffering: Buffering::Whole,
    exact: true,
    one_block: false,
    memory,
    encode: |options, raster, slice| Box::pin(encode(options, raster, slice)),
};

/// Encodes a complete file. A lossy one without alpha and metadata is a single `VP8 ` chunk, as real
/// replies are; an opaque alpha channel is left out.
async fn encode(
    options: &EncodeOptions,
    mut raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let (size, freed) = (Size::new(raster.width, raster.height), raster.data.len());
    let mut file = riff::begin();
    let (Embedded { profile, xmp, paths: _ }, is_opaque) =
        (&options.embedded, alpha::is_opaque(&raster));
    let is_lossless = options.compression == Some(Compression::Lossless);
    let has_alpha = !is_opaque && !is_lossless;
    if has_alpha || !profile.is_empty() || !xmp.is_empty() {
        riff::extended(size, !is_opaque, &options.embedded, &mut file);
    }
    if !profile.is_empty() {
        riff::chunk(b"ICCP", &[profile], &mut file);
    }
    if is_lossless {
        file = lossless(raster, is_opaque, file, slice).await;
    } else {
        if has_alpha {
            file = alpha::write(&raster, file, slice).await;
            alpha::flatten(&mut raster);
            slice.spend(size.pixels()).await;
        }
        let start = riff::begin_chunk(b"VP8 ", &mut file);
        let planes = vp8::convert(&raster, slice).await;
        drop(raster);
        vp8::encode(planes, options.quality, &mut file, slice).await?;
        riff::end_chunk(start, &mut file);
    }
    if !xmp.is_empty() {
        riff::chunk(b"XMP ", &[xmp], &mut file);
    }
    riff::end(&mut file);
    Ok(trimmed(file, freed))
}

/// Appends the chunk of a raster without loss; colours under zero alpha are kept.
async fn lossless(
    raster: Raster,
    is_opaque: bool,
    mut file: Vec<u8>,
    slice: &mut TimeSlice<'_>,
) -> Vec<u8> {
    let (width, height) = (raster.width, raster.height);
    let pixel = |pixel: &[u8]| {
        u32::from_be_bytes(match *pixel {
            [v] => [255, v, v, v],
            [v, alpha] => [alpha, v, v, v],
            [r, g, b] => [255, r, g, b],
            [r, g, b, alpha, ..] => [alpha, r, g, b],
            [] => [0; 4],
        })
    };
    let pixels = raster.data.chunks_exact(raster.pixel.samples()).map(pixel).collect();
    drop(raster);
    let start = riff::begin_chunk(b"VP8L", &mut file);
    // The sides, 14 bits each; whether there is alpha; version 0.
    let head = (width - 1) | (height - 1) << 14 | u32::from(!is_opaque) << 28;
    file.push(0x2f);
    file.extend_from_slice(&head.to_le_bytes());
    let picture = vp8l::Picture { pixels, width: width as usize };
    let mut file = vp8l::encode(picture, file, slice).await;
    riff::end_chunk(start, &mut file);
    file
}

/// Peak memory. Lossy: the raster and the planes; then the planes and the coefficients; then the
/// coefficients and the file. Lossless: four samples per pixel beside the raster, then beside the
/// encoder, and a file that grows.
fn memory(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let (raster, pixels) = (options.raster_bytes(size), size.pixels());
    if options.compression == Some(Compression::Lossless) {
        // A file of noise is a little longer than its samples, and grows to up to twice that.
        return 4 * pixels + (raster.max(vp8l::memory(pixels))) + 2 * raster + (16 << 10);
    }
    let alpha = if options.pixel.alpha { 2 * pixels } else { 0 };
    // Before, alpha is compressed: from four samples per pixel, into a file that grows.
    let compressing = match options.pixel.alpha {
        true => raster + 6 * pixels + vp8l::memory(pixels),
        false => 0,
    };
    let macroblocks = u64::from(size.width.div_ceil(16)) * u64::from(size.height.div_ceil(16));
    let row = u64::from(size.width.div_ceil(16)) * vp8::COEFFICIENT_BYTES;
    let (planes, coefficients) = (384 * macroblocks, vp8::COEFFICIENT_BYTES * macroblocks);
    let file = pixels * if options.quality > 90 { 2 } else { 1 };
    let lossy = (raster + planes).max(planes + coefficients + row).max(coefficients + file);
    compressing.max(lossy + alpha) + 24 * macroblocks + vp8::TABLE_BYTES + riff::OVERHEAD
}
