//! Which directories are levels of the pyramid, and whether they can be decoded.

use super::{
    directory::Directory,
    index::{Compression, Level, Photometric, Span},
};
use crate::{
    error::{Error, Result},
    limits,
};

/// Bit 2 of NewSubfileType: a transparency mask of another directory.
const MASK: u64 = 4;

/// A tile or strip of more pixels fits into no memory that a request may have.
const TILE_PIXELS: u64 = 1 << 28;

/// Rows of a strip that is not compressed, at most.
const STRIP_ROWS: u32 = 64;

/// The levels among the directories, largest first, and the directory of the largest.
pub fn levels(directories: &[Directory], big_endian: bool) -> Result<(Vec<Level>, &Directory)> {
    let pictures = directories.iter().filter(|directory| directory.subfile_type & MASK == 0);
    // Of equals the first counts: the others are pages.
    let mut sorted: Vec<&Directory> = pictures.collect();
    sorted.sort_by_key(|directory| {
        std::cmp::Reverse(directory.width.saturating_mul(directory.height))
    });
    let Some(&full) = sorted.first() else {
        return Err(Error::bad_source("the TIFF holds no image"));
    };
    let mut levels = vec![level(full, big_endian)?];
    let mut last = full;
    for directory in sorted.into_iter().skip(1) {
        if !reduces(full, last, directory) {
            continue;
        }
        // A level that cannot be decoded costs speed, not the picture.
        if let Ok(level) = level(directory, big_endian) {
            levels.push(level);
            last = directory;
        }
    }
    let tiles: u64 = levels.iter().map(|level| level.tiles.len() as u64).sum();
    if tiles > limits::INDEX_TILES {
        return Err(Error::too_large(format!("the pyramid has {tiles} tiles")));
    }
    Ok((levels, full))
}

/// Whether a directory is the full picture at a smaller size: both sides are within a pixel of
/// what the scale makes of them, however the writer rounded.
fn reduces(full: &Directory, last: &Directory, other: &Directory) -> bool {
    let skew =
        (other.width.saturating_mul(full.height)).abs_diff(other.height.saturating_mul(full.width));
    other.width > 0
        && other.height > 0
        && other.width <= last.width
        && other.height <= last.height
        && (other.width, other.height) != (last.width, last.height)
        && skew <= full.width.max(full.height)
        && (other.samples, &other.bits) == (full.samples, &full.bits)
        && same_class(other.photometric, full.photometric)
}

/// RGB and YCbCr are the same colours, stored differently.
fn same_class(one: Option<u64>, other: Option<u64>) -> bool {
    let class =
        |photometric: Option<u64>| if photometric == Some(6) { Some(2) } else { photometric };
    class(one) == class(other)
}

fn level(directory: &Directory, big_endian: bool) -> Result<Level> {
    let side = |len: u64| match u32::try_from(len) {
        Ok(len @ 1..=0x3fff_ffff) => Ok(len),
        _ => Err(Error::bad_source(format!("an image side of {len} pixels"))),
    };
    let (width, height) = (side(directory.width)?, side(directory.height)?);
    let (tile_width, tile_height, strips) = match directory.tile {
        Some((tile_width, tile_height)) => (side(tile_width)?, side(tile_height)?, false),
        None => {
            let rows = directory.rows_per_strip.unwrap_or(u64::from(height));
            (width, side(rows.min(u64::from(height)))?, true)
        }
    };
    let photometric = photometric(directory)?;
    let compression = compression(directory)?;
    let bits = bits(directory)?;
    let samples = match directory.samples {
        samples @ 1..=5 => samples as u8,
        samples => return Err(Error::unsupported(format!("{samples} samples per pixel"))),
    };
    let level = Level {
        width,
        height,
        tile_width,
        tile_height,
        strips,
        compression,
        photometric,
        samples,
        bits,
        big_endian,
        planar: directory.planar == 2 && samples > 1,
        predictor: predictor(directory)?,
        palette: palette(directory, photometric, bits)?,
        alpha: alpha(directory, photometric),
        jpeg_tables: directory.jpeg_tables.clone(),
        tiles: Vec::new(),
    };
    check_samples(&level)?;
    let tiles = tiles(directory, &level)?;
    check_tile(cut(Level { tiles, ..level }))
}

fn check_tile(level: Level) -> Result<Level> {
    let Level { tile_width, tile_height, .. } = level;
    if u64::from(tile_width) * u64::from(tile_height) > TILE_PIXELS {
        let message = format!("a tile of {tile_width} × {tile_height} pixels");
        return Err(Error::too_large(message));
    }
    Ok(level)
}

/// Strips that are not compressed are cut to a few rows each: many writers make one of all.
fn cut(level: Level) -> Level {
    let rows = level.tile_height;
    if !level.strips || level.compression != Compression::None || rows <= STRIP_ROWS {
        return level;
    }
    let part = Level { tile_height: STRIP_ROWS, ..level.clone() };
    let (row, bytes) = (part.row_bytes(), part.tile_bytes());
    let down = level.tiles_down();
    let strips = level.tiles.iter().zip((0..down).cycle()).flat_map(|(strip, nth)| {
        let rows = rows.min(level.height - nth * rows);
        (0..rows.div_ceil(STRIP_ROWS)).map(move |nth| {
            // What is missing at the end of a damaged strip stays missing.
            let at = (u64::from(nth) * bytes).min(strip.len);
            let rows = STRIP_ROWS.min(rows - nth * STRIP_ROWS);
            let len = (u64::from(rows) * row).min(strip.len - at);
            Span { start: strip.start.saturating_add(at), len }
        })
    });
    let tiles: Vec<Span> = strips.collect();
    // Strips of other heights than a multiple would leave rows over at their ends.
    let even = rows.is_multiple_of(STRIP_ROWS) || down == 1;
    if even { Level { tiles, ..part } } else { level }
}

fn photometric(directory: &Directory) -> Result<Photometric> {
    match directory.photometric {
        Some(0) => Ok(Photometric::MinIsWhite),
        Some(1) => Ok(Photometric::MinIsBlack),
        Some(2) => Ok(Photometric::Rgb),
        Some(3) => Ok(Photometric::Palette),
        Some(5) => Ok(Photometric::Cmyk),
        Some(6) if directory.compression == 7 => Ok(Photometric::YCbCr),
        Some(other) => Err(Error::unsupported(format!("TIFF photometric {other}"))),
        None => Err(Error::bad_source("the TIFF does not say what its samples mean (262)")),
    }
}

fn compression(directory: &Directory) -> Result<Compression> {
    if directory.fill_order != 1 {
        return Err(Error::unsupported("TIFF FillOrder 2"));
    }
    match directory.compression {
        1 => Ok(Compression::None),
        5 => Ok(Compression::Lzw),
        7 => Ok(Compression::Jpeg),
        8 | 32946 => Ok(Compression::Deflate),
        32773 => Ok(Compression::PackBits),
        other => Err(Error::unsupported(format!("TIFF compression {other}"))),
    }
}

fn bits(directory: &Directory) -> Result<u8> {
    let first = directory.bits.first().copied().unwrap_or(1);
    let uniform = directory.bits.iter().all(|&bits| bits == first);
    let unsigned = directory.sample_format.iter().all(|&format| format == 1 || format == 4);
    match first {
        1..=16 | 24 | 32 if uniform && unsigned => Ok(first as u8),
        8 | 16 if uniform => Err(Error::unsupported("TIFF samples that are not unsigned integers")),
        _ => Err(Error::unsupported(format!("TIFF with {first} bits per sample"))),
    }
}

fn predictor(directory: &Directory) -> Result<bool> {
    match directory.predictor {
        1 => Ok(false),
        // Only these two compressions use it.
        2 => Ok(matches!(directory.compression, 5 | 8 | 32946)),
        other => Err(Error::unsupported(format!("TIFF predictor {other}"))),
    }
}

/// The first extra sample that is said to be alpha; others are ignored.
fn alpha(directory: &Directory, photometric: Photometric) -> Option<(u8, bool)> {
    let colors = colors(photometric);
    let place = directory.extra_samples.iter().position(|&kind| kind == 1 || kind == 2)?;
    let sample = colors + place as u64;
    let premultiplied = directory.extra_samples.get(place) == Some(&1);
    (sample < directory.samples).then_some((sample as u8, premultiplied))
}

fn colors(photometric: Photometric) -> u64 {
    match photometric {
        Photometric::MinIsWhite | Photometric::MinIsBlack | Photometric::Palette => 1,
        Photometric::Rgb | Photometric::YCbCr => 3,
        Photometric::Cmyk => 4,
    }
}

/// The colours of a palette, one behind the other.
fn palette(directory: &Directory, photometric: Photometric, bits: u8) -> Result<Option<Vec<u8>>> {
    if photometric != Photometric::Palette {
        return Ok(None);
    }
    if bits > 8 {
        return Err(Error::unsupported(format!("TIFF with a palette of {bits} bits")));
    }
    let map = &directory.color_map;
    let colors = 1 << bits;
    if map.len() < 3 * colors {
        return Err(Error::bad_source("the TIFF's palette is too short"));
    }
    // Old writers have colours of 8 bits.
    let shift = if map.iter().all(|&value| value < 256) { 0 } else { 8 };
    let color = |index: usize| [0, 1, 2].map(|nth| (map[nth * colors + index] >> shift) as u8);
    Ok(Some((0..colors).flat_map(color).collect()))
}

fn check_samples(level: &Level) -> Result<()> {
    let samples = u64::from(level.samples);
    if samples < colors(level.photometric) {
        return Err(Error::bad_source(format!("{samples} samples are too few for the colours")));
    }
    if level.predictor && !matches!(level.bits, 8 | 16) {
        let message = format!("TIFF predictor 2 with {} bits per sample", level.bits);
        return Err(Error::unsupported(message));
    }
    let jpeg = level.compression == Compression::Jpeg;
    if jpeg && (level.bits != 8 || level.planar || !matches!(samples, 1 | 3 | 4)) {
        let message = "JPEG in TIFF with 16 bits, planes, or other than 1, 3 or 4 samples";
        return Err(Error::unsupported(message));
    }
    Ok(())
}

fn tiles(directory: &Directory, level: &Level) -> Result<Vec<Span>> {
    let planes = if level.planar { u64::from(level.samples) } else { 1 };
    let count = u64::from(level.tiles_across()) * u64::from(level.tiles_down()) * planes;
    let have = directory.offsets.len() as u64;
    if have < count || count > limits::INDEX_TILES {
        return Err(Error::bad_source(format!("{count} tiles are needed, {have} are listed")));
    }
    let wanted = directory.offsets.iter().take(count as usize);
    // Old writers leave the byte counts out of uncompressed files.
    let stored = level.tile_bytes();
    let spans = wanted.enumerate().map(|(tile, &start)| {
        let len = directory.counts.get(tile).copied().unwrap_or(stored);
        Span { start, len }
    });
    Ok(spans.collect())
}
