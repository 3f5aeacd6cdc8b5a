//! One tile: decompress it, undo the predictor, and make 8-bit pixels with straight alpha of it.

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
        jpeg::{self, Origin, decode::Transform},
        png,
    },
    error::{Error, Result},
    time_slice::TimeSlice,
};
pub use expand::unpack_bits;

/// What becomes of the samples of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Pixels to be drawn: [`Level::drawn_type`].
    Drawn,
    /// The colours as they are stored, and straight alpha: [`Level::pixel_type`].
    Stored,
}

/// Decodes the tiles of one level; its buffers are used again for each.
pub struct Decoder<'a> {
    level: &'a Level,
    form: Form,
    jpeg: jpeg::TileDecoder,
    /// Samples as stored, after decompression.
    stored: Vec<u8>,
    /// The planes of a planar tile, interleaved.
    joined: Vec<u8>,
    /// Pixels as they are handed out.
    pixels: Vec<u8>,
}

/// Bytes of a decompressor's windows, tables and buffers.
const STATE: u64 = 96 << 10;

impl<'a> Decoder<'a> {
    /// A decoder for the tiles of `level`.
    pub fn new(level: &'a Level, form: Form) -> Self {
        let [stored, joined, pixels] = [const { Vec::new() }; 3];
        Self { level, form, jpeg: level.jpeg_decoder(), stored, joined, pixels }
    }

    /// Samples of a pixel as it is handed out.
    pub fn channels(&self) -> usize {
        match self.form {
            Form::Drawn => self.level.drawn_type().samples(),
            Form::Stored => self.level.pixel_type().samples(),
        }
    }

    /// Bytes that decoding one tile takes at most.
    pub fn memory(level: &Level) -> u64 {
        let pixels = u64::from(level.tile_width) * u64::from(level.tile_height);
        let stored = pixels * u64::from(level.samples) * u64::from(level.bits.div_ceil(8));
        // A JPEG decoder holds the planes and the joined samples, a progressive one all
        // coefficients besides, two bytes each.
        let planes = match level.compression {
            Compression::JpegFile { subsampling: Some([across, down]), buffered } => {
                let chroma = 2 * pixels / u64::from((across * down).max(1));
                (pixels + chroma) * if buffered { 3 } else { 1 }
            }
            Compression::JpegFile { subsampling: None, buffered: false } => stored,
            Compression::Jpeg | Compression::JpegFile { .. } => stored * 3,
            // Of a Zstandard frame, what matches refer to.
            Compression::Zstd => stored * 3,
            Compression::WebP => stored * 4,
            Compression::Lzw | Compression::Deflate => STATE,
            Compression::PngFile => 3 * STATE,
            Compression::None | Compression::Ccitt(_) | Compression::PackBits => 0,
        };
        // Planes are joined, packed samples unpacked, and of 16 bits the high bytes taken.
        let joined = if level.planar { stored } else { 0 };
        let spread = if samples::are_packed(level) { stored } else { 0 };
        let narrowed = if level.bits == 16 { stored / 2 } else { 0 };
        let made = pixels * level.drawn_type().samples() as u64;
        [planes, joined, spread, narrowed, made].into_iter().fold(stored, u64::saturating_add)
    }

    /// Tile `number` in row `tile_row` of tiles: tile width × rows × [`Decoder::channels`] bytes.
    /// A tile that is not stored is black, or transparent.
    pub async fn decode(
        &mut self,
        number: usize,
        tile_row: u32,
        tile: &dyn Fn(usize) -> Option<&'a [u8]>,
        slice: &mut TimeSlice<'_>,
    ) -> Result<&[u8]> {
        let level = self.level;
        // The last strip is stored short; tiles are always whole.
        let rows = if level.strips {
            level.tile_height.min(level.height - tile_row * level.tile_height)
        } else {
            level.tile_height
        };
        let pixels = level.tile_width as usize * rows as usize;
        self.pixels.clear();
        // What grows takes room for twice as much.
        self.pixels.reserve_exact(pixels * self.channels());
        if level.tiles.get(number).is_none_or(|span| span.len == 0) {
            self.pixels.resize(pixels * self.channels(), 0);
            return Ok(&self.pixels);
        }
        let bytes = |number: usize| {
            let missing = || Error::bad_source(format!("tile {number} is not in the file"));
            tile(number).ok_or_else(missing)
        };
        // What of the tile is of the picture.
        let left = (number % level.tiles_across() as usize) as u32 * level.tile_width;
        let top = tile_row * level.tile_height;
        let inside = [level.width.saturating_sub(left), level.height.saturating_sub(top)];
        if !level.planar {
            self.decompress(bytes(number)?, rows, inside, slice).await?;
            samples::undo_premultiplication(level, &mut self.stored);
            samples::to_pixels(level, self.form, &self.stored, &mut self.pixels);
            return Ok(&self.pixels);
        }
        let planes = usize::from(level.samples);
        let sample = usize::from(level.depth() / 8);
        let plane = level.tiles_across() as usize * level.tiles_down() as usize;
        self.joined.resize(pixels * planes * sample, 0);
        for nth in 0..planes {
            self.decompress(bytes(number + nth * plane)?, rows, inside, slice).await?;
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

    /// Fills `stored` with exactly the samples of `rows` rows.
    async fn decompress(
        &mut self,
        bytes: &[u8],
        rows: u32,
        inside: [u32; 2],
        slice: &mut TimeSlice<'_>,
    ) -> Result<()> {
        let level = self.level;
        if level.compression.is_jpeg() {
            return self.jpeg.decode(bytes, rows, inside, &mut self.stored, slice).await;
        }
        if level.compression == Compression::PngFile {
            return png::decode_tile(level.tile_spec(), bytes, &mut self.stored, slice).await;
        }
        slice.spend(u64::from(level.tile_width) * u64::from(rows)).await;
        self.expand(bytes, rows)
    }

    /// The same for what is decompressed at once.
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
    /// What the decoders of image files need of it.
    fn tile_spec(&self) -> TileSpec {
        TileSpec { width: self.tile_width, height: self.tile_height, samples: self.samples }
    }

    /// A decoder of its tiles, where they are JPEG streams.
    pub(super) fn jpeg_decoder(&self) -> jpeg::TileDecoder {
        let origin = match (self.compression, self.photometric) {
            (Compression::JpegFile { .. }, _) => Origin::File,
            (_, Photometric::YCbCr) => Origin::Tiff(Transform::YCbCr),
            _ => Origin::Tiff(Transform::Identity),
        };
        jpeg::TileDecoder::new(self.tile_spec(), origin, self.jpeg_tables.as_deref())
    }
}
