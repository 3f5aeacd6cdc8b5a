//! One level being written: rows gather until a row of tiles is full.

use super::{Retouch, Scratch, WriteOptions, compress::Compressor, failed};
use crate::{error::Result, raster::PixelType};

/// A level under construction.
pub struct LevelWriter<S> {
    /// Pixels down.
    pub height: u32,
    width: u32,
    tile: u32,
    compressor: Compressor,
    /// Rows of the present row of tiles, as wide as all its tiles.
    band: Vec<u8>,
    /// Pixels of one tile.
    pixels: Vec<u8>,
    /// One tile, compressed.
    compressed: Vec<u8>,
    /// What is to be done to the level as a whole, and the rows that wait for it.
    held: Option<(Retouch, Vec<u8>)>,
    stored: StoredLevel<S>,
}

/// A level whose tiles are all compressed.
pub struct StoredLevel<S> {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// What a pixel is.
    pub pixel: PixelType,
    /// All tiles, one behind the other.
    pub tiles: S,
    /// Bytes of them.
    pub len: u64,
    /// Length of each tile.
    pub counts: Vec<u32>,
    /// What the JPEG tiles share.
    pub tables: Option<Vec<u8>>,
}

impl<S: Scratch> LevelWriter<S> {
    /// A level that has no row yet.
    pub fn new(
        (width, height): (u32, u32),
        pixel: PixelType,
        options: &WriteOptions,
        tiles: S,
    ) -> Self {
        let compressor = Compressor::new(options.tile, pixel, options.compression);
        let tables = compressor.tables();
        Self {
            height,
            width,
            tile: options.tile,
            compressor,
            band: Vec::new(),
            pixels: Vec::new(),
            compressed: Vec::new(),
            held: None,
            stored: StoredLevel { width, height, pixel, tiles, len: 0, counts: Vec::new(), tables },
        }
    }

    /// Bytes of a row.
    pub fn row_len(&self) -> usize {
        self.width as usize * self.samples()
    }

    /// Holds the level back until it is whole, and changes it then.
    pub fn hold(&mut self, retouch: Retouch) {
        self.held = Some((retouch, Vec::new()));
    }

    /// Takes a row.
    pub fn push_row(&mut self, row: &[u8]) -> Result<()> {
        match &mut self.held {
            Some((_, rows)) => {
                rows.extend_from_slice(row);
                Ok(())
            }
            None => self.store_row(row),
        }
    }

    /// Beyond the right edge the last pixel is repeated, so that no foreign colour bleeds into
    /// the picture through the JPEG blocks.
    fn store_row(&mut self, row: &[u8]) -> Result<()> {
        self.band.extend_from_slice(row);
        let missing = self.stride() - row.len();
        if let Some(last) = row.len().checked_sub(self.samples()).and_then(|at| row.get(at..)) {
            self.band.extend(last.iter().cycle().take(missing));
        }
        if self.band.len() == self.stride() * self.tile as usize {
            self.flush()?;
        }
        Ok(())
    }

    /// The level with its last row of tiles; below the bottom edge the last row is repeated.
    pub fn finish(mut self) -> Result<StoredLevel<S>> {
        if let Some((retouch, mut rows)) = self.held.take() {
            retouch.apply(&mut rows, self.width, self.stored.pixel);
            for row in rows.chunks_exact(self.row_len()) {
                self.store_row(row)?;
            }
        }
        if !self.band.is_empty() {
            let stride = self.stride();
            let last = self.band.len() - stride;
            while self.band.len() < stride * self.tile as usize {
                self.band.extend_from_within(last..last + stride);
            }
            self.flush()?;
        }
        Ok(self.stored)
    }

    fn samples(&self) -> usize {
        self.stored.pixel.samples()
    }

    fn stride(&self) -> usize {
        self.width.next_multiple_of(self.tile) as usize * self.samples()
    }

    fn flush(&mut self) -> Result<()> {
        let (stride, tile_stride) = (self.stride(), self.tile as usize * self.samples());
        for at in (0..stride).step_by(tile_stride) {
            self.pixels.clear();
            for row in self.band.chunks_exact(stride) {
                self.pixels.extend_from_slice(row.get(at..at + tile_stride).unwrap_or_default());
            }
            self.compressed.clear();
            self.compressor.tile(&mut self.pixels, &mut self.compressed)?;
            self.stored.tiles.write_all(&self.compressed).map_err(|error| failed(&error))?;
            self.stored.len += self.compressed.len() as u64;
            self.stored.counts.push(self.compressed.len() as u32);
        }
        self.band.clear();
        Ok(())
    }
}
