//! Encodes replies as WebP: lossy, or lossless.

use image_webp::{ColorType, EncodingError, WebPEncoder};

use super::{alpha, riff, vp8};
use crate::{
    codec::{
        Buffering, Compression, Embedded, EncodeOptions, Format, Metadata, PixelLimits, trimmed,
    },
    error::{Error, Result},
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
    let failed =
        |error: EncodingError| Error::bug("the WebP encoder failed").with_detail(error.to_string());
    let (size, freed) = (Size::new(raster.width, raster.height), raster.data.len());
    if options.compression == Some(Compression::Lossless) {
        let file = lossless(&raster, &options.embedded).map_err(failed)?;
        slice.spend(size.pixels()).await;
        drop(raster);
        return Ok(trimmed(file, freed));
    }
    let mut file = riff::begin();
    let (Embedded { profile, xmp, paths: _ }, is_opaque) =
        (&options.embedded, alpha::is_opaque(&raster));
    if !(is_opaque && profile.is_empty() && xmp.is_empty()) {
        riff::extended(size, !is_opaque, &options.embedded, &mut file);
    }
    if !profile.is_empty() {
        riff::chunk(b"ICCP", &[profile], &mut file);
    }
    if !is_opaque {
        alpha::write(&raster, &mut file).map_err(failed)?;
        alpha::flatten(&mut raster);
        slice.spend(size.pixels()).await;
    }
    let start = riff::begin_chunk(b"VP8 ", &mut file);
    let planes = vp8::convert(&raster, slice).await;
    drop(raster);
    vp8::encode(planes, options.quality, &mut file, slice).await?;
    riff::end_chunk(start, &mut file);
    if !xmp.is_empty() {
        riff::chunk(b"XMP ", &[xmp], &mut file);
    }
    riff::end(&mut file);
    Ok(trimmed(file, freed))
}

/// Encodes a raster without loss; colours under zero alpha are kept.
fn lossless(raster: &Raster, embedded: &Embedded) -> Result<Vec<u8>, EncodingError> {
    let color = match raster.pixel.samples() {
        1 => ColorType::L8,
        2 => ColorType::La8,
        3 => ColorType::Rgb8,
        _ => ColorType::Rgba8,
    };
    let mut file = Vec::new();
    let mut encoder = WebPEncoder::new(&mut file);
    if !embedded.profile.is_empty() {
        encoder.set_icc_profile(embedded.profile.to_vec());
    }
    if !embedded.xmp.is_empty() {
        encoder.set_xmp_metadata(embedded.xmp.to_vec());
    }
    encoder.encode(&raster.data, raster.width, raster.height, color)?;
    Ok(file)
}

/// Peak memory. Lossy: the raster and the planes; then the planes and the coefficients; then the
/// coefficients and the file. Lossless: the raster, four samples per pixel, and a file that grows.
fn memory(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let (raster, pixels) = (options.raster_bytes(size), size.pixels());
    if options.compression == Some(Compression::Lossless) {
        return raster + 4 * pixels + 3 * raster + (16 << 10);
    }
    let alpha = if options.pixel.alpha { 2 * pixels } else { 0 };
    // Before, alpha is compressed in two ways: from four samples per pixel each, into a file that
    // grows.
    let compressing = if options.pixel.alpha { raster + 9 * pixels } else { 0 };
    let macroblocks = u64::from(size.width.div_ceil(16)) * u64::from(size.height.div_ceil(16));
    let row = u64::from(size.width.div_ceil(16)) * vp8::COEFFICIENT_BYTES;
    let (planes, coefficients) = (384 * macroblocks, vp8::COEFFICIENT_BYTES * macroblocks);
    let file = pixels * if options.quality > 90 { 2 } else { 1 };
    let lossy = (raster + planes).max(planes + coefficients + row).max(coefficients + file);
    compressing.max(lossy + alpha) + 24 * macroblocks + vp8::TABLE_BYTES + riff::OVERHEAD
}
