//! TIFF: decodes one row of tiles or strips at a time with the engine's pyramid reader.

use std::{
    io::{self, Read as _, Seek as _, SeekFrom},
    ops::ControlFlow,
};

use azulejo::{
    error::Error,
    geometry::{Size, SourceSpace},
    pyramid::{self, Index, Level, Metadata, Rows as TileRows, Span},
    store::{Block, FetchBuffer, Fetched, Read, Version, keys},
    time_slice::Work,
};

use crate::{
    File, Opened, Unreadable, photoshop,
    picture::Picture,
    rows::{RowSink, RowSource},
};

/// The storage key of the file. The reader needs one, but there is only one object.
const KEY: &str = "original.tif";

/// The most rounds of reads that the directories may take.
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
    let index = run(&mut file, len, &buffer, pyramid::open(KEY, &buffer))?;
    let read = run(&mut file, len, &buffer, Metadata::read(KEY, &buffer))?;
    let photoshop = read.photoshop.clone().unwrap_or_default();
    let mut metadata = Metadata { orientation: Some(index.orientation), photoshop: None, ..read };
    photoshop::read_resources(&photoshop, &mut metadata);
    let level = full_resolution(index)?;
    let size: Size<SourceSpace> = Size::new(level.width, level.height);
    let pixel = level.pixel_type();
    let palette = level.palette.is_some();
    let memory = band_memory(&level).saturating_add(match metadata.orientation {
        // Rotation needs all rows, and a copy of them.
        Some(3..=8) => 2 * size.pixels() * pixel.samples() as u64,
        _ => 0,
    });
    let decode = move || {
        let rows = Box::new(TiffRows { file, len, level });
        Ok(Picture { size, pixel, palette, rows })
    };
    Ok(Opened { size, pixel, memory, metadata, decode: Box::new(decode) })
}

/// The level of full resolution.
fn full_resolution(index: Index) -> Result<Level, Unreadable> {
    index.levels.into_iter().next().ok_or_else(|| Unreadable::new("the TIFF holds no image"))
}

/// Peak memory of one row of tiles, in bytes: compressed tiles, decoded tiles, and pixel rows.
fn band_memory(level: &Level) -> u64 {
    let tiles =
        (0..level.tiles_down()).map(|row| band(level, row).iter().map(|tile| tile.len).sum());
    tiles.max().unwrap_or(0) + 2 * TileRows::memory(level, 0..level.width)
}

/// The pixel rows that row `tile_row` of the tiles covers.
fn rows(level: &Level, tile_row: u32) -> std::ops::Range<u32> {
    let top = tile_row * level.tile_height;
    top..level.height.min(top + level.tile_height)
}

/// A tile to read.
struct Tile {
    /// Its number in the level.
    number: usize,
    /// How many of its compressed bytes to read.
    len: u64,
}

/// The tiles of row `tile_row`. A length in the file that is far longer than the decoded tile is
/// damaged, so it is cut.
fn band(level: &Level, tile_row: u32) -> Vec<Tile> {
    let limit = |number: usize| {
        let mask = level.mask.as_deref().filter(|_| number >= level.tiles.len());
        mask.unwrap_or(level).tile_bytes().saturating_mul(2) + (64 << 10)
    };
    let numbers = level.tiles_in(0..level.width, rows(level, tile_row));
    let len = |number| level.tile(number).map_or(0, |tile| tile.len.min(limit(number)));
    numbers.map(|number| Tile { number, len: len(number) }).collect()
}

/// Runs a stage of the engine's reader, and reads from the file whatever it needs, until it is
/// done.
fn run<T>(
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

/// Reads a span of the file; fewer bytes if the file ends within it.
fn bytes(file: &mut Box<dyn File + '_>, span: Span) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(span.start))?;
    let mut bytes = Vec::new();
    file.take(span.len).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Decodes the tiles of one level of a file.
struct TiffRows<'a> {
    file: Box<dyn File + 'a>,
    len: u64,
    level: Level,
}

impl RowSource for TiffRows<'_> {
    fn for_each_row(mut self: Box<Self>, sink: RowSink<'_>) -> Result<(), Unreadable> {
        for tile_row in 0..self.level.tiles_down() {
            let mut tiles = Vec::new();
            for Tile { number, len } in band(&self.level, tile_row) {
                let start = self.level.tile(number).map_or(0, |tile| tile.start);
                if start.saturating_add(len) > self.len {
                    let message = format!("tile {number} of the TIFF lies after its end");
                    return Err(Unreadable::new(message));
                }
                tiles.push((number, bytes(&mut self.file, Span { start, len })?));
            }
            // With separate planes the tile numbers of a row are not consecutive, but ascending.
            let tile = |number: usize| {
                let at = tiles.binary_search_by_key(&number, |(number, _)| *number).ok()?;
                tiles.get(at).map(|(_, bytes)| bytes.as_slice())
            };
            let level = &self.level;
            let mut pixels = TileRows::stored(level, 0..level.width, rows(level, tile_row), tile)?;
            while let Some(row) = pixels.next_row() {
                sink(row?)?;
            }
        }
        Ok(())
    }
}
