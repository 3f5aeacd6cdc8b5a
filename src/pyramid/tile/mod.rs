//! Decodes a tile: decompresses it, undoes the predictor, and converts it to 8-bit pixels with
//! straight alpha.

mod expand;
mod fax;
mod samples;
#[cfg(feature = "zstd")]
mod zstd;

use super::index::{Compression, Level, Photometric};
#[cfg(feature = "webp")]
use crate::codec::webp;
use crate::{
    codec::{
        TileSpec,
        jpeg::{
            self, Origin,
            decode::{Seen, Transform},
        },
        png,
    },
    error::{Error, Result},
    time_slice::TimeSlice,
};
pub use expand::unpack_bits;

/// The pixel format that tiles are decoded to, 8 bits per sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Pixels for rendering: [`Level::drawn_type`].
    Drawn,
    /// Pixels of [`Level::pixel_type`]: grey with alpha stays grey. Alpha is straight.
    Stored,
}

/// Decodes the tiles of one level, and reuses its buffers.
pub struct Decoder<'a> {
    level: &'a Level,
    form: Form,
    jpeg: jpeg::TileDecoder,
    /// Samples as stored, after decompression.
    stored: Vec<u8>,
    /// The planes of a planar tile, interleaved.
    joined: Vec<u8>,
    /// The decoded pixels of the current tile.
    pixels: Vec<u8>,
}

/// Memory of a decompressor's window, tables and buffers, in bytes.
const STATE: u64 = 96 << 10;

impl<'a> Decoder<'a> {
    /// A decoder for the tiles of `level`.
    pub fn new(level: &'a Level, form: Form) -> Self {
        let [stored, joined, pixels] = [const { Vec::new() }; 3];
        Self { level, form, jpeg: level.jpeg_decoder(), stored, joined, pixels }
    }

    /// Samples per pixel of the decoded tiles.
    pub fn channels(&self) -> usize {
        match self.form {
            Form::Drawn => self.level.drawn_type().samples(),
            Form::Stored => self.level.pixel_type().samples(),
        }
    }

    /// Peak memory of decoding one tile, in bytes.
    pub fn memory(level: &Level) -> u64 {
        let pixels = u64::from(level.tile_width) * u64::from(level.tile_height);
        let stored = pixels * u64::from(level.samples) * u64::from(level.bits.div_ceil(8));
        // A JPEG decoder has the planes and the interleaved samples in memory. If it buffers
        // the coefficients (of a progressive tile, for example), each takes two bytes.
        let planes = match level.compression {
            Compression::JpegFile { subsampling: Some([across, down]), buffered } => {
                let chroma = 2 * pixels / u64::from((across * down).max(1));
                (pixels + chroma) * if buffered { 3 } else { 1 }
            }
            Compression::JpegFile { subsampling: None, buffered: false } => stored,
            Compression::Jpeg | Compression::JpegFile { .. } => stored * 3,
            // The window of a Zstandard frame, and its buffers.
            Compression::Zstd => stored * 3,
            Compression::WebP => stored * 4,
            Compression::Lzw | Compression::Deflate => STATE,
            Compression::PngFile => 3 * STATE,
            Compression::None
            | Compression::Ccitt(_)
            | Compression::PackBits
            | Compression::Svg { .. } => 0,
        };
        // Planes are interleaved, packed samples are unpacked, and the high bytes of 16-bit samples
        // are copied.
        let joined = if level.planar { stored } else { 0 };
        let spread = if samples::are_packed(level) { stored } else { 0 };
        let narrowed = if level.bits == 16 { stored / 2 } else { 0 };
        let made = pixels * level.drawn_type().samples() as u64;
        [planes, joined, spread, narrowed, made].into_iter().fold(stored, u64::saturating_add)
    }

    /// Decodes tile `number`, which is in row `tile_row` of the tiles, to tile width × rows ×
    /// [`Decoder::channels`] bytes. If it is not stored, all samples are 0: black (white in CMYK),
    /// and transparent if there is alpha. `tile` returns the compressed bytes of a tile. Pixels of the
    /// level that are not `seen` may be arbitrary.
    pub async fn decode(
        &mut self,
        number: usize,
        tile_row: u32,
        seen: &Seen,
        tile: &dyn Fn(usize) -> Option<&'a [u8]>,
        slice: &mut TimeSlice<'_>,
    ) -> Result<&[u8]> {
        let level = self.level;
        // The last strip has only the rows of the image; tiles are always whole.
        let rows = if level.strips {
            level.tile_height.min(level.height - tile_row * level.tile_height)
        } else {
            level.tile_height
        };
        let pixels = level.tile_width as usize * rows as usize;
        self.pixels.clear();
        // Growing step by step may allocate twice as much.
        self.pixels.reserve_exact(pixels * self.channels());
        if level.tiles.get(number).is_none_or(|span| span.len == 0) {
            self.pixels.resize(pixels * self.channels(), 0);
            return Ok(&self.pixels);
        }
        let bytes = |number: usize| {
            let missing = || Error::bad_source(format!("tile {number} is not in the file"));
            tile(number).ok_or_else(missing)
        };
        // Width and height of the image within the tile; the rest is padding.
        let left = (number % level.tiles_across() as usize) as u32 * level.tile_width;
        let top = tile_row * level.tile_height;
        let inside = [level.width.saturating_sub(left), level.height.saturating_sub(top)];
        let part = (inside, &seen.within(left, top));
        if !level.planar {
            self.decompress(bytes(number)?, rows, part, slice).await?;
            samples::undo_premultiplication(level, &mut self.stored);
            samples::to_pixels(level, self.form, &self.stored, &mut self.pixels);
            return Ok(&self.pixels);
        }
        let planes = usize::from(level.samples);
        let sample = usize::from(level.depth() / 8);
        let plane = level.tiles_across() as usize * level.tiles_down() as usize;
        self.joined.resize(pixels * planes * sample, 0);
        for nth in 0..planes {
            self.decompress(bytes(number + nth * plane)?, rows, part, slice).await?;
            let targets = self.joined.chunks_exact_mut(planes * sample);
            for (target, source) in targets.zip(self.stored.chunks_exact(sample)) {
                if let Some(target) = target.get_mut(nth * sample..(nth + 1) * sample) {
                    target.copy_from_slice(source);
                }
            }
        }
        samples::undo_premultiplication(level, &mut self.joined);
        samples::to_pixels(level, self.form, &self.joined, &mut self.pixels);
        Ok(&self.pixels)
    }

    /// Decompresses a tile, or a plane of it, into `stored`: exactly the samples of `rows` rows.
    async fn decompress(
        &mut self,
        bytes: &[u8],
        rows: u32,
        part: ([u32; 2], &Seen),
        slice: &mut TimeSlice<'_>,
    ) -> Result<()> {
        let level = self.level;
        if level.compression.is_jpeg() {
            return self.jpeg.decode(bytes, rows, part, &mut self.stored, slice).await;
        }
        if level.compression == Compression::PngFile {
            return png::decode_tile(level.tile_spec(), bytes, &mut self.stored, slice).await;
        }
        slice.spend(u64::from(level.tile_width) * u64::from(rows)).await;
        self.expand(bytes, rows)
    }

    /// Does the same for compressions that are decompressed without a pause.
    fn expand(&mut self, bytes: &[u8], rows: u32) -> Result<()> {
        let level = self.level;
        let samples = if level.planar { 1 } else { usize::from(level.samples) };
        let row = level.row_bytes() as usize;
        let want = row * rows as usize;
        let mut reversed = Vec::new();
        let mut bytes = bytes;
        if level.lsb_first && level.compression != Compression::WebP {
            reversed.extend(bytes.iter().map(|byte| byte.reverse_bits()));
            bytes = &reversed;
        }
        match level.compression {
            #[cfg(feature = "webp")]
            Compression::WebP => {
                return webp::decode_tile(level.tile_spec(), bytes, rows, &mut self.stored);
            }
            Compression::Ccitt(fax) => {
                fax::decode(fax, bytes, [level.tile_width, rows], &mut self.stored)?;
            }
            compression => expand::expand(compression, bytes, want, &mut self.stored)?,
        }
        if level.predictor {
            samples::undo_predictor(level, samples, row, &mut self.stored);
        }
        if samples::are_packed(level) {
            let width = level.tile_width as usize * samples;
            self.stored = samples::unpack(level, width, row, &self.stored);
        }
        Ok(())
    }
}

impl Level {
    /// The shape of its tiles, which the decoders in `codec` need.
    fn tile_spec(&self) -> TileSpec {
        TileSpec { width: self.tile_width, height: self.tile_height, samples: self.samples }
    }

    /// A decoder for its tiles, which are JPEG streams. The `PhotometricInterpretation` gives the
    /// colours of TIFF tiles, the markers those of a JPEG file.
    pub(super) fn jpeg_decoder(&self) -> jpeg::TileDecoder {
        let origin = match (self.compression, self.photometric) {
            (Compression::JpegFile { .. }, _) => Origin::File,
            (_, Photometric::YCbCr) => Origin::Tiff(Transform::YCbCr),
            _ => Origin::Tiff(Transform::Identity),
        };
        jpeg::TileDecoder::new(self.tile_spec(), origin, self.jpeg_tables.as_deref())
    }
}
