//! A region of a YCbCr level as it is stored: brightness, and two planes of colour that may be
//! half as large. It is resampled so: less is touched, and no colour is interpolated twice.

use std::ops::Range;

use super::index::{Compression, Level, Photometric};
use crate::{
    codec::jpeg::{TileDecoder, decode::Plane},
    error::{Error, Result},
    time_slice::TimeSlice,
};

/// Hands out the planes of one row of tiles after the other.
pub struct Planes<'a> {
    level: &'a Level,
    /// Tiles across, and rows of tiles not yet handed out.
    columns: Range<u32>,
    rows: Range<u32>,
    tile: Box<dyn Fn(usize) -> Option<&'a [u8]> + 'a>,
    jpeg: TileDecoder,
    /// Of Y, Cb and Cr.
    bands: [Band; 3],
}

/// One component of a row of tiles.
#[derive(Debug, Default)]
pub struct Band {
    /// How much smaller it is than the level, across and down: 1 or 2.
    pub subsampling: [u32; 2],
    /// Its first column and row, in samples of the component.
    left: u32,
    top: u32,
    stride: usize,
    samples: Vec<u8>,
}

impl<'a> Planes<'a> {
    /// Whether a level may be drawn by planes: which they are, only its tiles tell.
    pub fn are_in(level: &Level) -> bool {
        matches!(
            level.compression,
            Compression::Jpeg | Compression::JpegFile { subsampling: Some(_), .. }
        ) && level.photometric == Photometric::YCbCr
            && level.samples == 3
            && !level.planar
            && level.mask.is_none()
    }

    /// Bytes held at most, of a tile and of a row of tiles; `None` where only the tiles tell how
    /// large their planes are.
    pub fn memory(level: &Level) -> Option<u64> {
        let Compression::JpegFile { subsampling: Some([across, down]), buffered } =
            level.compression
        else {
            return None;
        };
        let pixels = u64::from(level.tile_width) * u64::from(level.tile_height);
        let chroma = 2 * pixels / u64::from((across * down).max(1));
        // Coefficients are two bytes each.
        Some((if buffered { 4 } else { 2 }) * (pixels + chroma))
    }

    /// Planes of the tiles that a region touches; `None` where the tiles are none of planes, or
    /// of such as do not fit together.
    pub fn new(
        level: &'a Level,
        columns: Range<u32>,
        rows: Range<u32>,
        tile: impl Fn(usize) -> Option<&'a [u8]> + 'a,
    ) -> Option<Self> {
        if !Self::are_in(level) || columns.is_empty() || rows.is_empty() {
            return None;
        }
        let jpeg = level.jpeg_decoder();
        let mut stored = level.tiles_in(columns.clone(), rows.clone());
        // A tile that is missing is told of when it is decoded.
        let first = stored.find_map(|number| tile(number).filter(|bytes| !bytes.is_empty()))?;
        let subsampling = jpeg.subsampling(first)?;
        let (width, height) = (level.tile_width, level.tile_height);
        if !(level.strips || width.is_multiple_of(subsampling[0]))
            || !height.is_multiple_of(subsampling[1])
        {
            return None;
        }
        let columns = columns.start / width..columns.end.div_ceil(width);
        let rows = rows.start / height..rows.end.div_ceil(height);
        let tall = height.min(level.height);
        let bands = [[1, 1], subsampling, subsampling].map(|subsampling| {
            let stride = (columns.len() as u32 * width).div_ceil(subsampling[0]) as usize;
            let samples = vec![0; stride * tall.div_ceil(subsampling[1]) as usize];
            Band {
                subsampling,
                left: columns.start * width / subsampling[0],
                top: 0,
                stride,
                samples,
            }
        });
        Some(Self { level, columns, rows, tile: Box::new(tile), jpeg, bands })
    }

    /// Of Y, Cb and Cr, how much smaller they are than the level, across and down.
    pub fn subsamplings(&self) -> [[u32; 2]; 3] {
        self.bands.each_ref().map(|band| band.subsampling)
    }

    /// The next row of tiles; `None` behind the last.
    pub async fn next_bands(&mut self, slice: &mut TimeSlice<'_>) -> Option<Result<&[Band; 3]>> {
        let row = self.rows.next()?;
        if let Err(error) = self.decode(row, slice).await {
            self.rows = 0..0;
            return Some(Err(error));
        }
        Some(Ok(&self.bands))
    }

    async fn decode(&mut self, row: u32, slice: &mut TimeSlice<'_>) -> Result<()> {
        let level = self.level;
        let top = row * level.tile_height;
        for band in &mut self.bands {
            band.top = top / band.subsampling[1];
        }
        for column in self.columns.clone() {
            let number = row as usize * level.tiles_across() as usize + column as usize;
            let left = (column - self.columns.start) * level.tile_width;
            // What is not stored is black: a tile, or what a tile is smaller than its place.
            for (band, value) in self.bands.iter_mut().zip([0, 128, 128]) {
                band.rows_of_tile(level, left).for_each(|row| row.fill(value));
            }
            if level.tiles.get(number).is_none_or(|span| span.len == 0) {
                continue;
            }
            let missing = || Error::bad_source(format!("tile {number} is not in the file"));
            let bytes = (self.tile)(number).ok_or_else(missing)?;
            let inside = [level.width - column * level.tile_width, level.height - top];
            let subsampling = self.bands[1].subsampling;
            let planes = self.jpeg.planes(bytes, subsampling, inside, slice).await?;
            for (band, Plane { samples, stride, .. }) in self.bands.iter_mut().zip(planes) {
                let rows = band.rows_of_tile(level, left);
                for (target, source) in rows.zip(samples.chunks_exact(*stride)) {
                    let shared = target.len().min(source.len());
                    target[..shared].copy_from_slice(&source[..shared]);
                }
            }
        }
        Ok(())
    }
}

impl Band {
    /// Row `y` of the component, of which some columns are wanted; empty where it is not here.
    pub fn row(&self, y: u32, columns: Range<u32>) -> &[u8] {
        let at = |column: u32| {
            let row = y.checked_sub(self.top)? as usize * self.stride;
            Some(row + column.checked_sub(self.left)? as usize)
        };
        let range = at(columns.start).zip(at(columns.end));
        range.and_then(|(start, end)| self.samples.get(start..end)).unwrap_or_default()
    }

    /// One past its last row.
    pub fn bottom(&self) -> u32 {
        self.top + (self.samples.len() / self.stride.max(1)) as u32
    }

    /// The part of each row that the tile at `left`, in pixels of the level, covers.
    fn rows_of_tile(&mut self, level: &Level, left: u32) -> impl Iterator<Item = &mut [u8]> {
        let start = (left / self.subsampling[0]) as usize;
        let end =
            (start + level.tile_width.div_ceil(self.subsampling[0]) as usize).min(self.stride);
        self.samples.chunks_exact_mut(self.stride).map(move |row| &mut row[start..end])
    }
}

#[cfg(test)]
mod tests;
