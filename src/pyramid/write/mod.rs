//! Writes our own pyramids: rows in, a tiled TIFF out.
//!
//! The file begins with all directories and tile arrays, then come the levels, smallest first,
//! each with its tiles in row order; profile and metadata end it. So the first read opens the
//! file and holds the small levels too, and a band of tiles is one range. Each level is
//! resampled from the one above as its rows appear: only a row of tiles a level is in memory,
//! besides what is compressed.

mod compress;
mod layout;
mod level;

use level::LevelWriter;

use crate::{
    error::{Error, ErrorKind, Result},
    resample::{Axis, Kernel, Resampler},
};

/// How a pyramid is stored.
#[derive(Debug, Clone)]
pub struct WriteOptions {
    /// Pixels across and down a tile: a multiple of 16.
    pub tile: u32,
    /// How tiles are compressed.
    pub compression: TileCompression,
    /// The ICC profile of the pixels.
    pub icc: Option<Vec<u8>>,
    /// The XMP packet.
    pub xmp: Option<Vec<u8>>,
    /// Pixels per inch.
    pub resolution: Option<f32>,
}

/// The compressions that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileCompression {
    /// Colours in YCbCr 4:2:0 at this quality, 1 to 100; there is no alpha.
    Jpeg {
        /// 1 to 100.
        quality: u8,
    },
    /// Lossless, with horizontal differencing.
    Deflate,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self {
            tile: 256,
            compression: TileCompression::Jpeg { quality: 90 },
            icc: None,
            xmp: None,
            resolution: None,
        }
    }
}

/// The kernel that makes a level of the one above it: the best of those that do not ring.
const KERNEL: Kernel = Kernel::Bicub;

/// Takes the rows of a picture and makes its pyramid.
pub struct Writer {
    options: WriteOptions,
    levels: Vec<LevelWriter>,
    /// Makes the rows of level n + 1 from those of level n.
    reducers: Vec<Resampler>,
    rows: u32,
}

impl Writer {
    /// A pyramid of `width` × `height` pixels of 1 (grey), 3 (RGB) or 4 (straight alpha) channels.
    pub fn new(width: u32, height: u32, channels: usize, options: WriteOptions) -> Result<Self> {
        if width == 0 || height == 0 || !matches!(channels, 1 | 3 | 4) {
            return Err(Error::bug(format!("a pyramid of {width} × {height} × {channels}")));
        }
        if options.tile == 0 || !options.tile.is_multiple_of(16) || options.tile > 4096 {
            let message = format!("a tile of {} pixels: expected a multiple of 16", options.tile);
            return Err(Error::new(ErrorKind::Value, message));
        }
        if channels == 4 && options.compression != TileCompression::Deflate {
            return Err(Error::bug("alpha is stored with Deflate only"));
        }
        let (mut width, mut height) = (width, height);
        let mut levels = vec![LevelWriter::new(width, height, channels, &options)];
        let mut reducers = Vec::new();
        while width.max(height) > options.tile {
            let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
            reducers.push(Resampler::new(
                channels,
                &axis(width, half_width),
                &axis(height, half_height),
            ));
            levels.push(LevelWriter::new(half_width, half_height, channels, &options));
            (width, height) = (half_width, half_height);
        }
        Ok(Self { options, levels, reducers, rows: 0 })
    }

    /// Takes the next row, width × channels bytes.
    pub fn push_row(&mut self, row: &[u8]) -> Result<()> {
        if self.levels.first().is_some_and(|level| level.row_len() != row.len()) {
            return Err(Error::bug(format!("a row of {} bytes", row.len())));
        }
        self.rows += 1;
        push(&mut self.levels, &mut self.reducers, row)
    }

    /// The finished file.
    pub fn finish(self) -> Result<Vec<u8>> {
        let height = self.levels.first().map_or(0, |level| level.height);
        if self.rows != height {
            return Err(Error::bug(format!("{} of {height} rows were written", self.rows)));
        }
        let levels = self.levels.into_iter().map(LevelWriter::finish).collect::<Result<_>>()?;
        Ok(layout::file(levels, &self.options))
    }
}

fn axis(len: u32, outputs: u32) -> Axis {
    Axis {
        kernel: KERNEL,
        start: 0.0,
        step: f64::from(len) / f64::from(outputs),
        outputs: 0..i64::from(outputs),
        bounds: 0..len,
    }
}

/// Gives a row to the first level, and what it completes in the next to that, and so on.
fn push(levels: &mut [LevelWriter], reducers: &mut [Resampler], row: &[u8]) -> Result<()> {
    let Some((level, smaller)) = levels.split_first_mut() else { return Ok(()) };
    level.push_row(row)?;
    let Some((reducer, reducers)) = reducers.split_first_mut() else { return Ok(()) };
    let mut result = Ok(());
    reducer.push(row, |_, row| {
        if result.is_ok() {
            result = push(smaller, reducers, row);
        }
    });
    result
}

#[cfg(test)]
mod tests;
