//! One level being written: rows gather until a row of tiles is full.

use super::{TileCompression, WriteOptions, compress};
use crate::error::Result;

/// A level under construction.
pub struct LevelWriter {
    /// Pixels down.
    pub height: u32,
    width: u32,
    channels: usize,
    tile: u32,
    compression: TileCompression,
    /// Rows of the present row of tiles, as wide as all its tiles.
    band: Vec<u8>,
    /// Pixels of one tile.
    pixels: Vec<u8>,
    stored: StoredLevel,
}

/// A level whose tiles are all compressed.
#[derive(Debug, Default)]
pub struct StoredLevel {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Samples per pixel.
    pub channels: usize,
    /// All tiles, one behind the other.
    pub bytes: Vec<u8>,
    /// Length of each tile.
    pub counts: Vec<u32>,
    /// What the JPEG tiles share.
    pub tables: Option<Vec<u8>>,
}

impl LevelWriter {
    /// A level that has no row yet.
    pub fn new(width: u32, height: u32, channels: usize, options: &WriteOptions) -> Self {
        Self {
            height,
            width,
            channels,
            tile: options.tile,
            compression: options.compression,
            band: Vec::new(),
            pixels: Vec::new(),
            stored: StoredLevel { width, height, channels, ..StoredLevel::default() },
        }
    }

    /// Bytes of a row.
    pub fn row_len(&self) -> usize {
        self.width as usize * self.channels
    }

    /// Takes a row. Beyond the right edge the last pixel is repeated, so that no foreign colour
    /// bleeds into the picture through the JPEG blocks.
    pub fn push_row(&mut self, row: &[u8]) -> Result<()> {
        self.band.extend_from_slice(row);
        let missing = self.stride() - row.len();
        if let Some(last) = row.len().checked_sub(self.channels).and_then(|at| row.get(at..)) {
            self.band.extend(last.iter().cycle().take(missing));
        }
        if self.band.len() == self.stride() * self.tile as usize {
            self.flush()?;
        }
        Ok(())
    }

    /// The level with its last row of tiles; below the bottom edge the last row is repeated.
    pub fn finish(mut self) -> Result<StoredLevel> {
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

    fn stride(&self) -> usize {
        self.width.next_multiple_of(self.tile) as usize * self.channels
    }

    fn flush(&mut self) -> Result<()> {
        let (stride, tile_stride) = (self.stride(), self.tile as usize * self.channels);
        for at in (0..stride).step_by(tile_stride) {
            self.pixels.clear();
            for row in self.band.chunks_exact(stride) {
                self.pixels.extend_from_slice(row.get(at..at + tile_stride).unwrap_or_default());
            }
            let before = self.stored.bytes.len();
            match self.compression {
                TileCompression::Jpeg { quality } => {
                    let tables = compress::jpeg(
                        &self.pixels,
                        self.tile,
                        self.channels,
                        quality,
                        &mut self.stored.bytes,
                    )?;
                    self.stored.tables.get_or_insert(tables);
                }
                TileCompression::Deflate => {
                    compress::deflate(
                        &mut self.pixels,
                        tile_stride,
                        self.channels,
                        &mut self.stored.bytes,
                    )?;
                }
            }
            self.stored.counts.push((self.stored.bytes.len() - before) as u32);
        }
        self.band.clear();
        Ok(())
    }
}
