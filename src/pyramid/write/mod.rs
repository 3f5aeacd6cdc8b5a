//! Writes our own pyramids: takes the rows of an image, and writes a tiled TIFF.
//!
//! The file begins with all directories and tile arrays. The levels follow, smallest first, each
//! with its tiles in row order; profile and metadata come last. So the first read opens the file
//! and contains the small levels, unless the image is very large, and a row of tiles is one byte
//! range. Each level is resampled from the next larger one as its rows arrive, so that only one row
//! of tiles per level is in memory. Compressed tiles wait in a [`Scratch`], in memory or elsewhere.

mod compress;
mod contest;
mod layout;
mod level;
mod level_filter;
mod reduce;

use std::io;

use contest::Colors;
use level::{LevelWriter, StoredLevel};
pub use level_filter::LevelFilter;
use reduce::Reducer;

use crate::{
    codec::Subsampling,
    error::{Error, ErrorKind, Result},
    pixel::PixelFormat,
    pyramid::Metadata,
};

/// How a pyramid is stored.
#[derive(Debug, Clone)]
pub struct WriteOptions {
    /// Width and height of a tile in pixels: a multiple of 16, at most 4096.
    pub tile: u32,
    /// How tiles are compressed.
    pub compression: TileCompression,
    /// Whether all tiles are lossless instead if they take no more bytes than JPEG tiles, or, for
    /// an image of at most 64 colours, at most twice as many.
    pub lossless_if_shorter: bool,
    /// Maximum length of a file with 32-bit offsets, in bytes; a longer file is a BigTIFF.
    pub classic: u64,
    /// Profile, resolution and other metadata of the image.
    pub metadata: Metadata,
    /// A filter for the levels that are reduced by more than half. They stay in memory until they
    /// are complete.
    pub level_filter: Option<LevelFilter>,
}

/// The compressions of the tiles we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileCompression {
    /// JPEG, for pixels without alpha. RGB is converted to YCbCr; grey and CMYK are not converted.
    Jpeg {
        /// 1 to 100.
        quality: u8,
        /// The chroma subsampling of YCbCr.
        subsampling: Subsampling,
    },
    /// Lossless, with horizontal differencing.
    Deflate,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self {
            tile: 256,
            compression: TileCompression::Jpeg { quality: 90, subsampling: Subsampling::Yuv420 },
            lossless_if_shorter: false,
            classic: u64::from(u32::MAX),
            metadata: Metadata::default(),
            level_filter: None,
        }
    }
}

/// A buffer for the compressed tiles of a level, until the file is written.
pub trait Scratch: io::Write {
    /// Copies all bytes that were written to the buffer to `out`, in order.
    fn copy_to(self, out: &mut dyn io::Write) -> io::Result<()>;
}

impl Scratch for Vec<u8> {
    fn copy_to(self, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(&self)
    }
}

/// Builds a pyramid from the rows of an image.
pub struct Writer<S = Vec<u8>> {
    options: WriteOptions,
    levels: Vec<LevelWriter<S>>,
    /// Makes the rows of level n + 1 from those of level n.
    reducers: Vec<Reducer>,
    colors: Colors,
    rows: u32,
}

impl Writer {
    /// A writer for an image of `width` × `height` pixels, whose compressed tiles wait in memory.
    pub fn new(width: u32, height: u32, pixel: PixelFormat, options: WriteOptions) -> Result<Self> {
        Self::with_scratch((width, height), pixel, options, || Ok(Vec::new()))
    }

    /// Returns the file. Fails unless exactly `height` rows were added.
    pub fn finish(self) -> Result<Vec<u8>> {
        let mut file = Vec::new();
        self.finish_into(&mut file)?;
        Ok(file)
    }
}

impl<S: Scratch> Writer<S> {
    /// A writer for an image of this width and height in pixels. Each level gets a buffer from
    /// `scratch`, or two if it is compressed in two ways. A wrong tile size is an error of
    /// [`ErrorKind::Value`].
    pub fn with_scratch(
        (width, height): (u32, u32),
        pixel: PixelFormat,
        options: WriteOptions,
        mut scratch: impl FnMut() -> io::Result<S>,
    ) -> Result<Self> {
        if width == 0 || height == 0 {
            return Err(Error::bug(format!("a pyramid of {width} × {height}")));
        }
        if options.tile == 0 || !options.tile.is_multiple_of(16) || options.tile > 4096 {
            let message = format!("a tile of {} pixels: expected a multiple of 16", options.tile);
            return Err(Error::new(ErrorKind::Value, message));
        }
        if pixel.alpha && options.compression != TileCompression::Deflate {
            return Err(Error::bug("alpha is stored with Deflate only"));
        }
        let contested =
            options.lossless_if_shorter && options.compression != TileCompression::Deflate;
        let mut scratch = || scratch().map_err(|error| failed(&error));
        let mut level = |size| {
            let lossless = contested.then(&mut scratch).transpose()?;
            Ok(LevelWriter::new(size, pixel, &options, scratch()?, lossless))
        };
        let mut size = (width, height);
        let mut levels = vec![level(size)?];
        let mut reducers = Vec::new();
        while size.0.max(size.1) > options.tile {
            let half = (size.0.div_ceil(2), size.1.div_ceil(2));
            reducers.push(Reducer::new(pixel, size, half));
            levels.push(level(half)?);
            size = half;
        }
        if let Some(level_filter) = &options.level_filter {
            levels.iter_mut().skip(2).for_each(|level| level.filter_with(level_filter.clone()));
        }
        Ok(Self { options, levels, reducers, colors: Colors::new(pixel), rows: 0 })
    }

    /// Adds the next row, width × samples bytes.
    pub fn push_row(&mut self, row: &[u8]) -> Result<()> {
        if self.levels.first().is_some_and(|level| level.row_len() != row.len()) {
            return Err(Error::bug(format!("a row of {} bytes", row.len())));
        }
        self.rows += 1;
        if self.levels.first().is_some_and(LevelWriter::is_contested) {
            self.colors.push_row(row);
        }
        push(&mut self.levels, &mut self.reducers, row, self.colors.are_few())?;
        // If one level has dropped its lossless tiles, all levels drop theirs.
        if !self.levels.iter().all(LevelWriter::is_contested) {
            self.levels.iter_mut().for_each(LevelWriter::settle);
        }
        Ok(())
    }

    /// Writes the file to `out`, from the first byte to the last. Fails unless exactly `height`
    /// rows were added.
    pub fn finish_into(self, out: &mut dyn io::Write) -> Result<()> {
        let height = self.levels.first().map_or(0, |level| level.height);
        if self.rows != height {
            return Err(Error::bug(format!("{} of {height} rows were written", self.rows)));
        }
        let few = self.colors.are_few();
        let levels = self.levels.into_iter().map(|level| level.finish(few));
        let levels = shorter(levels.collect::<Result<_>>()?, few);
        layout::file(levels, &self.options, out).map_err(|error| failed(&error))
    }
}

/// Selects the levels to store: the lossless ones, if all levels have them and their total length
/// is short enough.
fn shorter<S>(
    levels: Vec<(StoredLevel<S>, Option<StoredLevel<S>>)>,
    few_colors: bool,
) -> Vec<StoredLevel<S>> {
    let (main, lossless): (Vec<_>, Vec<_>) = levels.into_iter().unzip();
    let Some(lossless) = lossless.into_iter().collect::<Option<Vec<_>>>() else { return main };
    let len = |levels: &[StoredLevel<S>]| levels.iter().map(|level| level.len).sum();
    let is_lossless = contest::is_lossless(len(&lossless), len(&main), few_colors);
    if is_lossless { lossless } else { main }
}

/// Adds a row to the first level, and each row that it completes of the next level to that, and so
/// on.
fn push<S: Scratch>(
    levels: &mut [LevelWriter<S>],
    reducers: &mut [Reducer],
    row: &[u8],
    few_colors: bool,
) -> Result<()> {
    let Some((level, smaller)) = levels.split_first_mut() else { return Ok(()) };
    level.push_row(row, few_colors)?;
    let Some((reducer, reducers)) = reducers.split_first_mut() else { return Ok(()) };
    reducer.push(row, |row| push(smaller, reducers, row, few_colors))
}

/// The error of a write that failed.
fn failed(error: &io::Error) -> Error {
    Error::new(ErrorKind::Storage, format!("the pyramid could not be written: {error}"))
}

#[cfg(test)]
mod tests;
