//! One level being written: rows gather until a row of tiles is full.

use super::{
    LevelFilter, Scratch, TileCompression, WriteOptions, compress::Compressor, contest, failed,
};
use crate::{error::Result, pixel::PixelFormat};

/// A level under construction.
pub struct LevelWriter<S> {
    /// Pixels across.
    width: u32,
    /// Pixels down.
    pub height: u32,
    pixel: PixelFormat,
    tile: u32,
    /// Rows of the present row of tiles, as wide as all its tiles.
    band: Vec<u8>,
    /// Pixels of one tile.
    pixels: Vec<u8>,
    /// One tile, compressed.
    compressed: Vec<u8>,
    /// The filter of the complete level, and the rows that wait for it.
    unfiltered: Option<(LevelFilter, Vec<u8>)>,
    main: Lane<S>,
    /// The same tiles without loss, until they are clearly longer.
    lossless: Option<Lane<S>>,
}

/// The tiles in one compression.
struct Lane<S> {
    compressor: Compressor,
    stored: StoredLevel<S>,
}

/// A level whose tiles are all compressed.
pub struct StoredLevel<S> {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// What a pixel is.
    pub pixel: PixelFormat,
    /// How its tiles are compressed.
    pub compression: TileCompression,
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
    /// A level that has no row yet; its tiles wait in `main`, without loss besides in `lossless`.
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

    /// Whether its tiles are made without loss besides.
    pub fn is_contested(&self) -> bool {
        self.lossless.is_some()
    }

    /// Makes them no longer, and forgets them.
    pub fn settle(&mut self) {
        self.lossless = None;
    }

    /// Bytes of a row.
    pub fn row_len(&self) -> usize {
        self.width as usize * self.samples()
    }

    /// Buffers all rows and filters the complete level before it is stored.
    pub fn filter_with(&mut self, level_filter: LevelFilter) {
        self.unfiltered = Some((level_filter, Vec::new()));
    }

    /// Takes a row.
    pub fn push_row(&mut self, row: &[u8], few_colors: bool) -> Result<()> {
        match &mut self.unfiltered {
            Some((_, rows)) => {
                rows.extend_from_slice(row);
                Ok(())
            }
            None => self.store_row(row, few_colors),
        }
    }

    /// Beyond the right edge the last pixel is repeated, so that no other colour bleeds into
    /// the picture through the JPEG blocks.
    fn store_row(&mut self, row: &[u8], few_colors: bool) -> Result<()> {
        // At once, and no more: growing would take twice as much.
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

    /// The level with its last row of tiles, and the same without loss where that is not
    /// settled; below the bottom edge the last row is repeated.
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
            // Lossless last: it uses the pixels up.
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
    /// Compresses a tile into `compressed`, and stores it.
    fn tile(&mut self, pixels: &mut [u8], compressed: &mut Vec<u8>) -> Result<()> {
        compressed.clear();
        self.compressor.tile(pixels, compressed)?;
        self.stored.tiles.write_all(compressed).map_err(|error| failed(&error))?;
        self.stored.len += compressed.len() as u64;
        self.stored.counts.push(compressed.len() as u32);
        Ok(())
    }
}
