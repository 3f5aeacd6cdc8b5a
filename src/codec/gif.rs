//! GIF (Graphics Interchange Format, version 89a): `fmt=gif` and `fmt=gif-alpha`.

use weezl::{BitOrder, encode::Encoder};

use super::{
    Buffering, EncodeOptions, Format, PixelLimits, lzw,
    palette::{self, Alpha, Indexed},
    trimmed,
};
use crate::{
    error::Result,
    geometry::{ReplySpace, Size},
    pixel::{ColorModel, Raster},
    time_slice::TimeSlice,
};

/// GIF with up to 256 colours, of which one may be transparent.
pub static FORMAT: Format = Format {
    name: "GIF",
    names: &["gif"],
    alpha_names: &["gif-alpha"],
    extension: "gif",
    mime: "image/gif",
    models: &[ColorModel::Rgb, ColorModel::Gray],
    largest_side: 65535,
    pixels: PixelLimits::NONE,
    metadata: &[],
    buffering: Buffering::Whole,
    exact: true,
    one_block: true,
    memory,
    encode: |options, raster, slice| Box::pin(encode(options, raster, slice)),
};

/// Bytes besides the image data: header, screen, colours, control extension, image, trailer.
const FRAME: usize = 6 + 7 + 3 * 256 + 8 + 10 + 1 + 1 + 1;

/// Bytes of memory that the compressor takes (measured).
const COMPRESSOR: u64 = 64 << 10;

/// The longest block of image data.
const BLOCK: usize = 255;

async fn encode(
    options: &EncodeOptions,
    raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let image = palette::indexed(options, raster, Alpha::Key, slice).await;
    let Indexed { width, height, colors, indices } = &image;
    // The colour table has a power of two entries.
    let bits = usize::BITS - colors.len().saturating_sub(1).max(1).leading_zeros();
    let mut file = Vec::with_capacity(longest(indices.len()));
    file.extend_from_slice(b"GIF89a");
    let size = [*width as u16, *height as u16].map(u16::to_le_bytes);
    file.extend_from_slice(size.as_flattened());
    // A global colour table, 8 bits per channel; background colour 0; pixels are square.
    file.extend_from_slice(&[0xf0 | (bits as u8 - 1), 0, 0]);
    colors.iter().for_each(|[r, g, b, _]| file.extend_from_slice(&[*r, *g, *b]));
    file.resize(13 + (3 << bits), 0);
    if let Some(key) = colors.iter().position(|color| color[3] == 0) {
        // The graphic control extension: the index of the transparent colour.
        file.extend_from_slice(&[0x21, 0xf9, 4, 1, 0, 0, key as u8, 0]);
    }
    file.extend_from_slice(&[0x2c, 0, 0, 0, 0]);
    file.extend_from_slice(size.as_flattened());
    // No local colour table, not interlaced. The codes begin with at least two bits per index.
    let code_size = bits.max(2) as u8;
    file.extend_from_slice(&[0, code_size]);
    let mut blocks = Blocks { file, start: 0 };
    let mut encoder = Encoder::new(BitOrder::Lsb, code_size);
    let last = height.saturating_sub(1) as usize;
    for (y, row) in indices.chunks_exact(*width as usize).enumerate() {
        lzw::compress(&mut encoder, row, y == last, &mut |bytes| blocks.push(bytes))?;
        slice.spend(u64::from(*width)).await;
    }
    let Blocks { mut file, .. } = blocks;
    // A block without data, and the trailer.
    file.extend_from_slice(&[0, 0x3b]);
    let freed = image.indices.len();
    drop(image);
    Ok(trimmed(file, freed))
}

/// Appends compressed data in blocks, each after its length. Length 0 ends them.
struct Blocks {
    file: Vec<u8>,
    /// The offset of the length of the block that is being filled; 0 before the first.
    start: usize,
}

impl Blocks {
    fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.start == 0 || self.file.len() == self.start + 1 + BLOCK {
                self.start = self.file.len();
                self.file.push(0);
            }
            let room = self.start + 1 + BLOCK - self.file.len();
            let (first, rest) = bytes.split_at(room.min(bytes.len()));
            self.file.extend_from_slice(first);
            if let Some(length) = self.file.get_mut(self.start) {
                *length += first.len() as u8;
            }
            bytes = rest;
        }
    }
}

/// Bytes of the longest possible file: each index takes a code of twelve bits, each table of 4,096
/// codes a clear code.
fn longest(indices: usize) -> usize {
    let data = indices * 3 / 2 + indices / 2048 + 16;
    FRAME + data + data.div_ceil(BLOCK)
}

/// The raster; besides it the palette, or the file and the compressor once the raster has shrunk to
/// indices.
fn memory(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let (raster, indices) = (options.raster_bytes(size), size.pixels());
    let quantizing = raster + palette::memory(options, size);
    quantizing.max(indices + longest(indices as usize) as u64 + COMPRESSOR)
}
