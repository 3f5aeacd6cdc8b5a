//! Decodes a region of a YCbCr level to planes: luma, and two of chroma, which may be subsampled
//! by 2. Resampling each plane from its own grid is faster, and interpolates chroma only once.

use std::ops::Range;

use super::index::{Compression, Level, Photometric};
use crate::{
    codec::jpeg::{
        TileDecoder,
        decode::{Plane, Seen},
    },
    error::{Error, Result},
    time_slice::{TimeSlice, Work},
};

/// Decodes the planes of a region, one row of tiles at a time.
pub struct Planes<'a> {
    level: &'a Level,
    /// The columns of tiles in the region, and the rows of tiles that are not decoded yet.
    columns: Range<u32>,
    rows: Range<u32>,
    /// The pixels of the level that are needed.
    seen: Seen,
    tile: Box<dyn Fn(usize) -> Option<&'a [u8]> + 'a>,
    jpeg: TileDecoder,
    /// Y, Cb and Cr of the current row of tiles.
    bands: [Band; 3],
}

/// One component of a row of tiles.
#[derive(Debug, Default)]
pub struct Band {
    /// Its subsampling factors, across and down: 1 or 2 each.
    pub subsampling: [u32; 2],
    /// The component's column and row of the first stored sample, in samples of the component.
    left: u32,
    top: u32,
    stride: usize,
    samples: Vec<u8>,
}

impl<'a> Planes<'a> {
    /// Whether a level may have planes: its tiles are JPEG streams of YCbCr, without mask. Only
    /// [`Planes::new`], which reads a tile, can tell whether their subsampling is supported.
    pub fn are_in(level: &Level) -> bool {
        matches!(
            level.compression,
            Compression::Jpeg | Compression::JpegFile { subsampling: Some(_), .. }
        ) && level.photometric == Photometric::YCbCr
            && level.samples == 3
            && !level.planar
            && level.mask.is_none()
    }

    /// Peak memory in bytes: the decoder's planes of a tile, its coefficients if it buffers them,
    /// and the planes of a row of tiles. `None` unless the level is a JPEG file, because the
    /// subsampling of other tiles is unknown until they are read.
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

    /// The planes of the tiles that a region touches. `tile` returns the compressed bytes of a
    /// tile; the first stored tile determines the subsampling. `None` if [`Planes::are_in`] is
    /// false, if the subsampling is unsupported or does not divide the tile size, or if the region
    /// is empty or has no stored tiles. Then the caller uses [`Rows`](super::Rows).
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
        // Tiles that were not read are skipped here; decoding them returns the error.
        let first = stored.find_map(|number| tile(number).filter(|bytes| !bytes.is_empty()))?;
        let subsampling = jpeg.subsampling(first)?;
        let (width, height) = (level.tile_width, level.tile_height);
        if !(level.strips || width.is_multiple_of(subsampling[0]))
            || !height.is_multiple_of(subsampling[1])
        {
            return None;
        }
        let seen = Seen { columns: columns.clone(), rows: rows.clone() };
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
        Some(Self { level, columns, rows, seen, tile: Box::new(tile), jpeg, bands })
    }

    /// The subsampling factors of Y, Cb and Cr, across and down: 1 or 2 each.
    pub fn subsamplings(&self) -> [[u32; 2]; 3] {
        self.bands.each_ref().map(|band| band.subsampling)
    }

    /// Decodes the next row of tiles; `None` after the last, and after an error.
    pub async fn next_bands(&mut self, slice: &mut TimeSlice<'_>) -> Option<Result<&[Band; 3]>> {
        let row = self.rows.next()?;
        if let Err(error) = self.decode_boxed(row, slice).await {
            self.rows = 0..0;
            return Some(Err(error));
        }
        Some(Ok(&self.bands))
    }

    /// Boxes the future, so that the module has one copy of its code and of the decoder.
    fn decode_boxed<'f>(
        &'f mut self,
        row: u32,
        slice: &'f mut TimeSlice<'_>,
    ) -> Work<'f, Result<()>> {
        Box::pin(self.decode(row, slice))
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
            // Tiles that are not stored are black, and so is the rest of a tile that is too small.
            const BLACK: [u8; 3] = [0, 128, 128];
            if level.tiles.get(number).is_none_or(|span| span.len == 0) {
                for (band, black) in self.bands.iter_mut().zip(BLACK) {
                    band.rows_of_tile(level, left).for_each(|row| row.fill(black));
                }
                continue;
            }
            let missing = || Error::bad_source(format!("tile {number} is not in the file"));
            let bytes = (self.tile)(number).ok_or_else(missing)?;
            let inside = [level.width - column * level.tile_width, level.height - top];
            let subsampling = self.bands[1].subsampling;
            let seen = self.seen.within(column * level.tile_width, top);
            let planes = self.jpeg.planes(bytes, subsampling, inside, &seen, slice).await?;
            let planes = planes.iter().zip(BLACK);
            for (band, (Plane { samples, stride, .. }, black)) in self.bands.iter_mut().zip(planes)
            {
                let mut sources = samples.chunks_exact(*stride);
                for target in band.rows_of_tile(level, left) {
                    let source = sources.next().unwrap_or_default();
                    let (copied, rest) = target.split_at_mut(target.len().min(source.len()));
                    copied.copy_from_slice(&source[..copied.len()]);
                    rest.fill(black);
                }
            }
        }
        Ok(())
    }
}

impl Band {
    /// Row `y` of the component, cut to `columns`, both in samples of the component. Empty if this
    /// row of tiles does not contain it.
    pub fn row(&self, y: u32, columns: Range<u32>) -> &[u8] {
        let at = |column: u32| {
            let row = y.checked_sub(self.top)? as usize * self.stride;
            Some(row + column.checked_sub(self.left)? as usize)
        };
        let range = at(columns.start).zip(at(columns.end));
        range.and_then(|(start, end)| self.samples.get(start..end)).unwrap_or_default()
    }

    /// The component's row after the last stored one.
    pub fn bottom(&self) -> u32 {
        self.top + (self.samples.len() / self.stride.max(1)) as u32
    }

    /// The part of each row that a tile covers. `left` is its left edge in pixels, from the first
    /// tile of the region.
    fn rows_of_tile(&mut self, level: &Level, left: u32) -> impl Iterator<Item = &mut [u8]> {
        let start = (left / self.subsampling[0]) as usize;
        let end =
            (start + level.tile_width.div_ceil(self.subsampling[0]) as usize).min(self.stride);
        self.samples.chunks_exact_mut(self.stride).map(move |row| &mut row[start..end])
    }
}

#[cfg(test)]
mod tests;
