//! Encodes replies as PNG with a palette: `fmt=png8` and `fmt=png8-alpha`.

use std::io::{self, Write};

use flate2::{Compression, write::ZlibEncoder};

use super::{
    chunks::{CHUNKS, begin, chunk, end, head},
    encode,
};
use crate::{
    codec::{
        Buffering, EncodeOptions, Format,
        palette::{self, Alpha, Indexed},
        trimmed,
    },
    error::{Error, Result},
    geometry::{ReplySpace, Size},
    pixel::Raster,
    time_slice::TimeSlice,
};

/// PNG with a palette of up to 256 colours.
pub static PALETTE: Format = Format {
    name: "PNG with a palette",
    names: &["png8"],
    alpha_names: &["png8-alpha"],
    buffering: Buffering::Whole,
    memory,
    encode: |options, raster, slice| Box::pin(encode(options, raster, slice)),
    ..encode::FORMAT
};

/// Bytes of PLTE and tRNS with 256 colours.
const COLORS: usize = 12 + 3 * 256 + 12 + 256;

/// The colour type of images with a palette.
const INDEXED: u8 = 3;

/// Bytes of memory that the compressor takes (measured).
const COMPRESSOR: u64 = 320 << 10;

async fn encode(
    options: &EncodeOptions,
    raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let failed =
        |error: io::Error| Error::bug("the PNG encoder failed").with_detail(error.to_string());
    let image = palette::indexed(options, raster, Alpha::Full, slice).await;
    let Indexed { width, height, colors, indices } = &image;
    let depth = match colors.len() {
        0..=2 => 1,
        3..=4 => 2,
        5..=16 => 4,
        _ => 8,
    };
    let row = (*width as usize * depth).div_ceil(8);
    let profile = options.profile().len() * 3 / 2 + 64;
    let mut file = Vec::with_capacity(CHUNKS + COLORS + longest(row, *height) + profile);
    head(options, [*width, *height], depth as u8, INDEXED, &mut file);
    let opaque: Vec<u8> = colors.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    chunk(b"PLTE", &opaque, &mut file);
    let alpha: Vec<u8> = colors.iter().map(|color| color[3]).filter(|&alpha| alpha < 255).collect();
    if !alpha.is_empty() {
        chunk(b"tRNS", &alpha, &mut file);
    }
    let start = begin(b"IDAT", &mut file);
    let mut compressor = ZlibEncoder::new(file, Compression::default());
    let mut packed = vec![0; row + 1];
    for indices in indices.chunks_exact(*width as usize) {
        pack(indices, depth, packed.get_mut(1..).unwrap_or_default());
        compressor.write_all(&packed).map_err(failed)?;
        // Compressing an index takes as long as drawing this many pixels.
        slice.spend(16 * u64::from(*width)).await;
    }
    let mut file = compressor.finish().map_err(failed)?;
    end(start, &mut file);
    chunk(b"IEND", &[], &mut file);
    let freed = image.indices.len();
    drop(image);
    Ok(trimmed(file, freed))
}

/// Packs indices of a few bits; the first one takes the highest bits of its byte.
fn pack(indices: &[u8], depth: usize, packed: &mut [u8]) {
    let per_byte = 8 / depth;
    for (byte, indices) in packed.iter_mut().zip(indices.chunks(per_byte)) {
        let mut bits = 0;
        for (nth, &index) in indices.iter().enumerate() {
            bits |= index << (8 - depth * (nth + 1));
        }
        *byte = bits;
    }
}

/// Bytes of the longest possible zlib stream of rows of this length, each with its filter byte. The
/// rows are stored unfiltered, since indices of similar colours need not be similar.
fn longest(row: usize, rows: u32) -> usize {
    let raw = (row + 1) * rows as usize;
    // A block that does not compress is stored, with a header of five bytes.
    raw + raw / 4096 + 256
}

/// The raster; besides it the palette, or the file and the compressor once the raster has shrunk to
/// indices.
fn memory(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let (raster, indices) = (options.raster_bytes(size), size.pixels());
    let quantizing = raster + palette::memory(options, size);
    let longest = longest(size.width as usize, size.height) + CHUNKS + COLORS;
    quantizing.max(indices + longest as u64 + COMPRESSOR + u64::from(size.width))
}
