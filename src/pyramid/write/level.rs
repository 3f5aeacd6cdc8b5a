//! Writes one level: buffers rows until a row of tiles is complete, then compresses its tiles.

use super::{
    LevelFilter, Scratch, TileCompression, WriteOptions, compress::Compressor, contest, failed,
};
use crate::{error::Result, pixel::PixelFormat};

/// A level under construction.
pub struct LevelWriter<S> {
    /// Width in pixels.
    width: u32,
    /// Height in pixels.
    pub height: u32,
    pixel: PixelFormat,
    tile: u32,
    /// The pixel rows of the current row of tiles, padded to whole tiles.
    band: Vec<u8>,
    /// The pixels of one tile.
    pixels: Vec<u8>,
    /// One tile, compressed.
    compressed: Vec<u8>,
    /// The filter, and all rows so far, which it changes when the level is complete.
    unfiltered: Option<(LevelFilter, Vec<u8>)>,
    main: Lane<S>,
    /// The same tiles without loss; `None` once they are clearly longer, or if not wanted.
    lossless: Option<Lane<S>>,
}

/// The tiles of a level in one compression.
struct Lane<S> {
    compressor: Compressor,
    stored: StoredLevel<S>,
}

/// A level whose tiles are all compressed.
pub struct StoredLevel<S> {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The pixel format.
    pub pixel: PixelFormat,
    /// The compression of its tiles.
    pub compression: TileCompression,
    /// All compressed tiles, in row-major order.
    pub tiles: S,
    /// Length of all tiles in bytes.
    pub len: u64,
    /// Length of each tile in bytes.
    pub counts: Vec<u32>,
    /// The tables that all JPEG tiles share; `None` for Deflate.
    pub tables: Option<Vec<u8>>,
}

impl<S: Scratch> LevelWriter<S> {
    /// A level without rows yet. Its compressed tiles wait in `main`. If there is `lossless`, they
    /// are also compressed without loss, and wait there.
    pub fn new(
        (width, height): (u32, u32),
        pixel: PixelFormat,
        options: &WriteOptions,
        main: S,
        lossless: Option<S>,
    ) -> Self {
        let lane = |tiles, compression| {
            let compressor = Compressor::new(options.tile, pixel, compression);
            let (counts, tables) = (Vec::new(), compressor.tables());
            let stored =
                StoredLevel { width, height, pixel, compression, tiles, len: 0, counts, tables };
            Lane { compressor, stored }
        };
        Self {
            width,
            height,
            pixel,
            tile: options.tile,
            band: Vec::new(),
            pixels: Vec::new(),
            compressed: Vec::new(),
            unfiltered: None,
            main: lane(main, options.compression),
            lossless: lossless.map(|tiles| lane(tiles, TileCompression::Deflate)),
        }
    }

    /// Whether its tiles are still compressed in both ways.
    pub fn is_contested(&self) -> bool {
        self.lossless.is_some()
    }

    /// Drops the lossless tiles, and makes no more of them.
    pub fn settle(&mut self) {
        self.lossless = None;
    }

    /// Length of a pixel row in bytes.
    pub fn row_len(&self) -> usize {
        self.width as usize * self.samples()
    }

    /// Buffers all rows and filters the complete level before it is stored.
    pub fn filter_with(&mut self, level_filter: LevelFilter) {
        self.unfiltered = Some((level_filter, Vec::new()));
    }

    /// Adds a row. `few_colors`: whether the image has few colours so far.
    pub fn push_row(&mut self, row: &[u8], few_colors: bool) -> Result<()> {
        match &mut self.unfiltered {
            Some((_, rows)) => {
                rows.extend_from_slice(row);
                Ok(())
            }
            None => self.store_row(row, few_colors),
        }
    }

    /// Adds a row to the row of tiles. The last pixel is repeated beyond the right edge, so that
    /// padding of another colour does not bleed into the image through the JPEG blocks.
    fn store_row(&mut self, row: &[u8], few_colors: bool) -> Result<()> {
        // Growing step by step may allocate twice as much.
        self.band.reserve_exact(self.stride() * self.tile as usize - self.band.len());
        self.band.extend_from_slice(row);
        let missing = self.stride() - row.len();
        if let Some(last) = row.len().checked_sub(self.samples()).and_then(|at| row.get(at..)) {
            self.band.extend(last.iter().cycle().take(missing));
        }
        if self.band.len() == self.stride() * self.tile as usize {
            self.flush(few_colors)?;
        }
        Ok(())
    }

    /// Completes the level, and returns it, together with its lossless tiles if it still has
    /// them. The last row is repeated below the bottom edge.
    pub fn finish(mut self, few_colors: bool) -> Result<(StoredLevel<S>, Option<StoredLevel<S>>)> {
        if let Some((level_filter, mut rows)) = self.unfiltered.take() {
            level_filter.apply(&mut rows, self.width, self.pixel);
            for row in rows.chunks_exact(self.row_len()) {
                self.store_row(row, few_colors)?;
            }
        }
        if !self.band.is_empty() {
            let stride = self.stride();
            let last = self.band.len() - stride;
            while self.band.len() < stride * self.tile as usize {
                self.band.extend_from_within(last..last + stride);
            }
            self.flush(few_colors)?;
        }
        Ok((self.main.stored, self.lossless.map(|lane| lane.stored)))
    }

    fn samples(&self) -> usize {
        self.pixel.samples()
    }

    fn stride(&self) -> usize {
        self.width.next_multiple_of(self.tile) as usize * self.samples()
    }

    fn flush(&mut self, few_colors: bool) -> Result<()> {
        let (stride, tile_stride) = (self.stride(), self.tile as usize * self.samples());
        for at in (0..stride).step_by(tile_stride) {
            self.pixels.clear();
            for row in self.band.chunks_exact(stride) {
                self.pixels.extend_from_slice(row.get(at..at + tile_stride).unwrap_or_default());
            }
            // Lossless comes last, since Deflate overwrites the pixels.
            for lane in [Some(&mut self.main), self.lossless.as_mut()].into_iter().flatten() {
                lane.tile(&mut self.pixels, &mut self.compressed)?;
            }
            let lossless = self.lossless.as_ref().map(|lane| lane.stored.len);
            if lossless.is_some_and(|len| contest::is_lost(len, self.main.stored.len, few_colors)) {
                self.lossless = None;
            }
        }
        self.band.clear();
        Ok(())
    }
}

impl<S: Scratch> Lane<S> {
    /// Compresses a tile, with `compressed` as buffer, and stores it.
    fn tile(&mut self, pixels: &mut [u8], compressed: &mut Vec<u8>) -> Result<()> {
        compressed.clear();
        self.compressor.tile(pixels, compressed)?;
        self.stored.tiles.write_all(compressed).map_err(|error| failed(&error))?;
        self.stored.len += compressed.len() as u64;
        self.stored.counts.push(compressed.len() as u32);
        Ok(())
    }
}
