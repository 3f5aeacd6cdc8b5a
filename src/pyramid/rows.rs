//! Decodes the pixel rows of a region of a level, one row of tiles at a time.

use std::{ops::Range, rc::Rc};

use super::{
    index::Level,
    tile::{Decoder, Form},
};
use crate::{
    codec::jpeg::decode::Seen,
    error::{Error, Result},
    time_slice::{TimeSlice, Work, at_once},
};

/// Returns the pixel rows of a region, top to bottom. Only the columns of the region stay in
/// memory.
pub struct Rows<'a> {
    level: &'a Level,
    columns: Range<u32>,
    next: u32,
    end: u32,
    tile: Rc<dyn Fn(usize) -> Option<&'a [u8]> + 'a>,
    decoder: Decoder<'a>,
    /// The decoded pixel rows of the current row of tiles, from row `band_start` on.
    band: Vec<u8>,
    band_start: u32,
    band_rows: u32,
    /// The same region of the mask, which may have tiles of another size.
    mask: Option<Box<Rows<'a>>>,
}

impl<'a> Rows<'a> {
    /// Rows of a region for rendering: pixels of [`Level::drawn_type`], 8 bits per sample. `tile`
    /// returns the compressed bytes of a tile by its number; `None` if they were not read. A region
    /// beyond the level is an error.
    pub fn new(
        level: &'a Level,
        columns: Range<u32>,
        rows: Range<u32>,
        tile: impl Fn(usize) -> Option<&'a [u8]> + 'a,
    ) -> Result<Self> {
        Self::in_form(level, Form::Drawn, columns, rows, Rc::new(tile))
    }

    /// Like [`Rows::new`], but with pixels of [`Level::pixel_type`]: grey with alpha stays grey.
    pub fn stored(
        level: &'a Level,
        columns: Range<u32>,
        rows: Range<u32>,
        tile: impl Fn(usize) -> Option<&'a [u8]> + 'a,
    ) -> Result<Self> {
        Self::in_form(level, Form::Stored, columns, rows, Rc::new(tile))
    }

    fn in_form(
        level: &'a Level,
        form: Form,
        columns: Range<u32>,
        rows: Range<u32>,
        tile: Rc<dyn Fn(usize) -> Option<&'a [u8]> + 'a>,
    ) -> Result<Self> {
        if columns.end > level.width || rows.end > level.height {
            return Err(Error::bug("rows are requested outside their level"));
        }
        let mask = level.mask.as_deref().map(|mask| {
            let (tile, own) = (Rc::clone(&tile), level.tiles.len());
            let tile = Rc::new(move |number| tile(own + number));
            Self::in_form(mask, Form::Stored, columns.clone(), rows.clone(), tile).map(Box::new)
        });
        Ok(Self {
            level,
            columns,
            next: rows.start,
            end: rows.end,
            tile,
            decoder: Decoder::new(level, form),
            band: Vec::new(),
            band_start: 0,
            band_rows: 0,
            mask: mask.transpose()?,
        })
    }

    /// The next row, columns × channels bytes. If its row of tiles is not decoded yet, decodes it
    /// without a pause. `None` after the last row, and after an error.
    pub fn next_row(&mut self) -> Option<Result<&[u8]>> {
        if self.is_at_end() {
            return None;
        }
        if self.wants_band()
            && let Err(error) = at_once(async |slice| self.decode_band(slice).await)
        {
            self.next = self.end;
            return Some(Err(error));
        }
        let (stride, channels) = (self.stride(), self.decoder.channels());
        let row = (self.next - self.band_start) as usize * stride;
        self.next += 1;
        let Some(row) = self.band.get_mut(row..row + stride) else {
            return Some(Err(Error::bug("a row is missing")));
        };
        match self.mask.as_mut().and_then(|mask| mask.next_row()) {
            Some(Ok(mask)) => {
                let alpha = row.iter_mut().skip(channels - 1).step_by(channels);
                alpha.zip(mask).for_each(|(alpha, mask)| *alpha = *mask);
            }
            Some(Err(error)) => {
                self.next = self.end;
                return Some(Err(error));
            }
            None => {}
        }
        Some(Ok(row))
    }

    /// Decodes the row of tiles with the next row, unless that is done already. Then
    /// [`Rows::next_row`] need not decode.
    pub async fn decode(&mut self, slice: &mut TimeSlice<'_>) -> Result<()> {
        if self.is_at_end() {
            return Ok(());
        }
        if let Some(mask) = &mut self.mask {
            Box::pin(mask.decode(slice)).await?;
        }
        if self.wants_band() { self.decode_band(slice).await } else { Ok(()) }
    }

    fn is_at_end(&self) -> bool {
        self.next >= self.end || self.columns.is_empty()
    }

    fn wants_band(&self) -> bool {
        self.next >= self.band_start + self.band_rows
    }

    /// Peak memory in bytes: a row of tiles, what decoding one tile takes, and both for the mask.
    pub fn memory(level: &Level, columns: Range<u32>) -> u64 {
        let width = u64::from(columns.end.saturating_sub(columns.start));
        let height = u64::from(level.tile_height.min(level.height));
        let band = width * height * level.drawn_type().samples() as u64;
        let mask = level.mask.as_ref().map_or(0, |mask| Self::memory(mask, columns));
        band.saturating_add(Decoder::memory(level)).saturating_add(mask)
    }

    fn stride(&self) -> usize {
        (self.columns.end - self.columns.start) as usize * self.decoder.channels()
    }

    /// Boxes the future, so that the module has one copy of its code and of all decoders.
    fn decode_band<'f>(&'f mut self, slice: &'f mut TimeSlice<'_>) -> Work<'f, Result<()>> {
        Box::pin(self.decode_band_of_tiles(slice))
    }

    async fn decode_band_of_tiles(&mut self, slice: &mut TimeSlice<'_>) -> Result<()> {
        let level = self.level;
        let tile_row = self.next / level.tile_height;
        self.band_start = self.next;
        let band_end = ((tile_row + 1) * level.tile_height).min(self.end);
        self.band_rows = band_end - self.band_start;
        let stride = self.stride();
        // The first band may have fewer rows than later ones. Reserve for the tallest, so that the
        // buffer never grows.
        if self.band.capacity() == 0 {
            let tallest = level.tile_height.min(self.end - self.next);
            self.band.reserve_exact(tallest as usize * stride);
        }
        // All rows are overwritten below, so the old ones are not cleared.
        self.band.resize(self.band_rows as usize * stride, 0);
        let channels = self.decoder.channels();
        let skip = (self.band_start - tile_row * level.tile_height) as usize;
        let tiles_across = level.tiles_across();
        let first = self.columns.start / level.tile_width;
        let last = (self.columns.end - 1) / level.tile_width;
        let seen = Seen { columns: self.columns.clone(), rows: self.band_start..band_end };
        for tile_column in first..=last.min(tiles_across - 1) {
            let number = tile_row as usize * tiles_across as usize + tile_column as usize;
            let pixels = self.decoder.decode(number, tile_row, &seen, &*self.tile, slice).await?;
            let left = tile_column * level.tile_width;
            let from = self.columns.start.max(left);
            let to = self.columns.end.min(left + level.tile_width);
            let bytes = (to - from) as usize * channels;
            let source_stride = level.tile_width as usize * channels;
            let source = pixels.chunks_exact(source_stride).skip(skip);
            let target_at = (from - self.columns.start) as usize * channels;
            let source_at = (from - left) as usize * channels;
            for (target, source) in self.band.chunks_exact_mut(stride).zip(source) {
                let (Some(target), Some(source)) = (
                    target.get_mut(target_at..target_at + bytes),
                    source.get(source_at..source_at + bytes),
                ) else {
                    continue;
                };
                target.copy_from_slice(source);
            }
        }
        Ok(())
    }
}
