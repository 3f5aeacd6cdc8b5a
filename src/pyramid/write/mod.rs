//! Writes our own pyramids: rows in, a tiled TIFF out.
//!
//! The file begins with all directories and tile arrays, then come the levels, smallest first,
//! each with its tiles in row order; profile and metadata end it. So the first read opens the
//! file and holds the small levels too, and a band of tiles is one range. Each level is
//! resampled from the one above as its rows appear: only a row of tiles a level is in memory.
//! What is compressed waits in memory, or wherever the caller wants it.

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
    /// Pixels across and down a tile: a multiple of 16.
    pub tile: u32,
    /// How tiles are compressed.
    pub compression: TileCompression,
    /// Whether they are all lossless instead where that makes a shorter file, or, of a picture
    /// of at most 64 colours, one that is no more than twice as long.
    pub lossless_if_shorter: bool,
    /// How long a file may be whose offsets have 32 bits; a longer one is a BigTIFF.
    pub classic: u64,
    /// Profile, resolution and whatever else is known of the picture.
    pub metadata: Metadata,
    /// A filter for the levels that are reduced by more than half. They stay in memory until they are
    /// complete.
    pub level_filter: Option<LevelFilter>,
}

/// The compressions that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileCompression {
    /// Grey, RGB as YCbCr, CMYK as it is; there is no alpha.
    Jpeg {
        /// 1 to 100.
        quality: u8,
        /// How often chroma is stored.
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

/// Where the compressed tiles of a level wait for their place in the file.
pub trait Scratch: io::Write {
    /// Copies everything that was written, in order.
    fn copy_to(self, out: &mut dyn io::Write) -> io::Result<()>;
}

impl Scratch for Vec<u8> {
    fn copy_to(self, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(&self)
    }
}

/// Takes the rows of a picture and makes its pyramid.
pub struct Writer<S = Vec<u8>> {
    options: WriteOptions,
    levels: Vec<LevelWriter<S>>,
    /// Makes the rows of level n + 1 from those of level n.
    reducers: Vec<Reducer>,
    colors: Colors,
    rows: u32,
}

impl Writer {
    /// A pyramid of `width` × `height` pixels, compressed in memory.
    pub fn new(width: u32, height: u32, pixel: PixelFormat, options: WriteOptions) -> Result<Self> {
        Self::with_scratch((width, height), pixel, options, || Ok(Vec::new()))
    }

    /// The finished file.
    pub fn finish(self) -> Result<Vec<u8>> {
        let mut file = Vec::new();
        self.finish_into(&mut file)?;
        Ok(file)
    }
}

impl<S: Scratch> Writer<S> {
    /// A pyramid of a size in pixels whose levels each wait in a `scratch` of their own, or two.
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

    /// Takes the next row, width × samples bytes.
    pub fn push_row(&mut self, row: &[u8]) -> Result<()> {
        if self.levels.first().is_some_and(|level| level.row_len() != row.len()) {
            return Err(Error::bug(format!("a row of {} bytes", row.len())));
        }
        self.rows += 1;
        if self.levels.first().is_some_and(LevelWriter::is_contested) {
            self.colors.push_row(row);
        }
        push(&mut self.levels, &mut self.reducers, row, self.colors.are_few())?;
        // What one level gives up, all do.
        if !self.levels.iter().all(LevelWriter::is_contested) {
            self.levels.iter_mut().for_each(LevelWriter::settle);
        }
        Ok(())
    }

    /// Writes the finished file, from its first byte to its last.
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

/// The levels as they are stored: without loss, if each of them is there so and all together
/// are short enough.
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

/// Gives a row to the first level, and what it completes in the next to that, and so on.
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

/// The place that the pyramid is written to failed.
fn failed(error: &io::Error) -> Error {
    Error::new(ErrorKind::Storage, format!("the pyramid could not be written: {error}"))
}

#[cfg(test)]
mod tests;
