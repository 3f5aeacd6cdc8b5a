//! TIFF, by the reader that serves pyramids: a row of tiles or strips at a time.

use std::{
    io::{self, Read as _, Seek as _, SeekFrom},
    ops::ControlFlow,
};

use azulejo::{
    error::Error,
    pyramid::{self, Index, Level, Metadata, Rows as TileRows, Span},
    store::{Block, FetchBuffer, Fetched, Read, Version, keys},
    time_slice::Work,
};

use crate::{
    File, Opened, Unreadable, photoshop,
    picture::Picture,
    rows::{Rows, Take},
};

/// Any name will do: there is one object.
const KEY: &str = "original.tif";

/// Reading directories may take this many rounds.
const ROUNDS: usize = 200;

/// Opens a TIFF or BigTIFF.
pub(crate) fn open<'a>(
    mut file: Box<dyn File + 'a>,
    len: u64,
    _limit: u64,
) -> Result<Opened<'a>, Unreadable> {
    let mut fetched = Fetched::default();
    fetched.insert_missing(&keys::index_of(KEY));
    let buffer = FetchBuffer::new(fetched);
    let index = answer(&mut file, len, &buffer, pyramid::open(KEY, &buffer))?;
    let read = answer(&mut file, len, &buffer, Metadata::read(KEY, &buffer))?;
    let photoshop = read.photoshop.clone().unwrap_or_default();
    let mut metadata = Metadata { orientation: Some(index.orientation), photoshop: None, ..read };
    photoshop::sort(&photoshop, &mut metadata);
    let level = full(index)?;
    let size = (level.width, level.height);
    let pixel = level.pixel_type();
    let palette = level.palette.is_some();
    let memory = band_memory(&level).saturating_add(match metadata.orientation {
        // All rows are gathered, and turned.
        Some(3..=8) => 2 * u64::from(size.0) * u64::from(size.1) * pixel.samples() as u64,
        _ => 0,
    });
    let decode = move || {
        let rows = Box::new(Tiles { file, len, level });
        Ok(Picture { size, pixel, palette, metadata, rows })
    };
    Ok(Opened { size, alpha: pixel.alpha, memory, decode: Box::new(decode) })
}

/// The picture itself, not its reductions.
fn full(index: Index) -> Result<Level, Unreadable> {
    index.levels.into_iter().next().ok_or_else(|| Unreadable::new("the TIFF holds no image"))
}

/// Bytes that a row of tiles takes: compressed, decompressed, and joined to rows.
fn band_memory(level: &Level) -> u64 {
    let tiles =
        (0..level.tiles_down()).map(|row| band(level, row).iter().map(|(_, len)| len).sum());
    tiles.max().unwrap_or(0) + 2 * TileRows::memory(level, 0..level.width)
}

/// The rows of pixels in row `tile_row` of tiles.
fn rows(level: &Level, tile_row: u32) -> std::ops::Range<u32> {
    let top = tile_row * level.tile_height;
    top..level.height.min(top + level.tile_height)
}

/// The tiles of a row of tiles, and how many bytes of each are worth reading: a compressed tile
/// is hardly longer than what it holds.
fn band(level: &Level, tile_row: u32) -> Vec<(usize, u64)> {
    let most = |number: usize| {
        let mask = level.mask.as_deref().filter(|_| number >= level.tiles.len());
        mask.unwrap_or(level).tile_bytes().saturating_mul(2) + (64 << 10)
    };
    let numbers = level.tiles_in(0..level.width, rows(level, tile_row));
    let tile = |number| (number, level.tile(number).map_or(0, |tile| tile.len.min(most(number))));
    numbers.map(tile).collect()
}

/// Runs a stage of the reader until it has read all it needs.
fn answer<T>(
    file: &mut Box<dyn File + '_>,
    len: u64,
    buffer: &FetchBuffer,
    mut stage: Work<'_, Result<T, Error>>,
) -> Result<T, Unreadable> {
    for _ in 0..ROUNDS {
        match buffer.poll(&mut stage) {
            ControlFlow::Break(done) => return Ok(done?),
            ControlFlow::Continue(reads) => {
                for Read { key, range, .. } in reads {
                    let bytes = bytes(file, Span { start: range.start, len: range.len })?;
                    let version = Version(String::new());
                    let start = range.start;
                    buffer.fetched_mut().insert(
                        &key,
                        Block { start, bytes, version, object_len: len, modified: None },
                    );
                }
            }
        }
    }
    Err(Unreadable::new("the TIFF's directories do not end"))
}

/// Bytes of the file, fewer where it ends.
fn bytes(file: &mut Box<dyn File + '_>, span: Span) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(span.start))?;
    let mut bytes = Vec::new();
    file.take(span.len).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The tiles of a picture, still in their file.
struct Tiles<'a> {
    file: Box<dyn File + 'a>,
    len: u64,
    level: Level,
}

impl Rows for Tiles<'_> {
    fn each(mut self: Box<Self>, take: Take<'_>) -> Result<(), Unreadable> {
        for tile_row in 0..self.level.tiles_down() {
            let mut tiles = Vec::new();
            for (number, len) in band(&self.level, tile_row) {
                let start = self.level.tile(number).map_or(0, |tile| tile.start);
                if start.saturating_add(len) > self.len {
                    let message = format!("tile {number} of the TIFF lies behind its end");
                    return Err(Unreadable::new(message));
                }
                tiles.push((number, bytes(&mut self.file, Span { start, len })?));
            }
            // Planes put the numbers of a row far apart, but in order.
            let tile = |number: usize| {
                let at = tiles.binary_search_by_key(&number, |(number, _)| *number).ok()?;
                tiles.get(at).map(|(_, bytes)| bytes.as_slice())
            };
            let level = &self.level;
            let mut pixels = TileRows::stored(level, 0..level.width, rows(level, tile_row), tile)?;
            while let Some(row) = pixels.next_row() {
                take(row?)?;
            }
        }
        Ok(())
    }
}
