//! AVIF replies, encoded by the crate `avif-encoder`.
//!
//! The encoder takes the whole picture in one call, so it cannot pause after a time slice. It is
//! too large for the module of the engine in a Worker. A build without the feature `avif` refuses
//! the format, unless the platform's [`Codecs`](super::Codecs) hand out an encoder.

use super::{Buffering, EncodeOptions, Format, PixelLimits, Subsampling};
use crate::{
    error::{Error, Result},
    geometry::{ReplySpace, Size},
    limits,
    pixel::{ColorModel, Raster},
    time_slice::TimeSlice,
};

/// Bytes of the module before it encodes anything, and of its tables.
const MODULE: u64 = 3 << 20;
/// Bytes of the symbols of one tile of the stream, at most. The encoder frees them after each tile.
const SYMBOLS: u64 = 16 << 20;

/// `fmt=avif` and `fmt=avif-alpha`.
pub static FORMAT: Format = Format {
    name: "AVIF",
    names: &["avif"],
    alpha_names: &["avif-alpha"],
    extension: "avif",
    mime: "image/avif",
    models: &[ColorModel::Rgb, ColorModel::Gray],
    largest_side: 65535,
    pixels: PixelLimits { requested: limits::AVIF_PIXELS, tried: limits::AVIF_TRIED_PIXELS },
    metadata: &[],
    buffering: Buffering::Whole,
    exact: true,
    one_block: false,
    memory,
    encode: |options, raster, slice| Box::pin(encode(options, raster, slice)),
};

/// Encodes a complete file.
#[cfg(feature = "avif")]
async fn encode(
    options: &EncodeOptions,
    raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let Raster { data: pixels, width, height, pixel } = raster;
    let channels = pixel.samples() as u8;
    let picture = avif_encoder::Picture { pixels, width, height, channels };
    let full_chroma = options.subsampling == Subsampling::Yuv444;
    let file = avif_encoder::encode(picture, options.quality, full_chroma);
    slice.spend(Size::<ReplySpace>::new(width, height).pixels()).await;
    file.map_err(|error| Error::bug("the AVIF encoder failed").with_detail(error.to_string()))
}

/// Refuses the format.
#[cfg(not(feature = "avif"))]
async fn encode(_: &EncodeOptions, _: Raster, _: &mut TimeSlice<'_>) -> Result<Vec<u8>> {
    Err(Error::unsupported("fmt=avif: AVIF is not available here; use fmt=jpeg or fmt=png"))
}

/// Peak memory of the encoder, measured in its wasm module. It frees the raster before it allocates
/// most of this. The symbols are those of noise; a photograph has a quarter as many.
fn memory(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let Size { width, height, .. } = size;
    // Per two pixels.
    let samples = match (options.pixel.model, options.subsampling) {
        (ColorModel::Gray, _) => 2,
        (_, Subsampling::Yuv420) => 3,
        (_, Subsampling::Yuv444) => 6,
    };
    let alpha = if options.pixel.alpha { 2 } else { 0 };
    let padded = (u64::from(width) + 96) * (u64::from(height) + 96);
    let blocks = u64::from(width).next_multiple_of(16) * u64::from(height).next_multiple_of(16);
    let of_symbols = if options.quality > 95 { 34 } else { 18 };
    let symbols = blocks * samples * of_symbols;
    MODULE + padded * (8 + 2 * samples + alpha) + symbols.min(SYMBOLS)
}
