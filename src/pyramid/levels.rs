//! Converts directories to the levels of the pyramid, and checks that they can be decoded.

use super::{
    directory::Directory,
    header::{Entry, File, Gap},
    index::{Compression, Fax, Level, Photometric, Span},
    pages, refused,
};
use crate::{
    error::{Error, Result},
    limits,
};

/// Maximum pixels of a tile or strip. A larger one exceeds the memory of any request.
const TILE_PIXELS: u64 = 1 << 28;

/// Rows of the parts that uncompressed strips are cut into.
const STRIP_ROWS: u32 = 64;

/// The levels of the first image of a file, largest first, and the directory of the largest. Fails
/// if the largest cannot be decoded, or if the levels list more tiles than an index may.
pub fn levels<'d>(
    directories: &'d [Directory],
    file: &File,
) -> Result<(Vec<Level>, &'d Directory)> {
    let Some(picture) = pages::first(directories) else {
        return Err(Error::bad_source("the TIFF holds no image"));
    };
    let full = picture.full;
    let mut levels = vec![masked(full, &picture.masks, file)?];
    check_tiles(&levels)?;
    let mut last = full;
    let mut exact = !file.is_of_gdal();
    for directory in picture.reduced {
        let [width, height] = [directory.width, directory.height];
        if width > last.width
            || height > last.height
            || (width, height) == (last.width, last.height)
        {
            continue;
        }
        // Levels that cannot be decoded are left out: larger ones replace them, which is slower.
        // So are levels with a mask where the full image has none, or the other way round.
        let level = masked(directory, &picture.masks, file);
        if let (Ok(level), Some(full)) = (level, levels.first())
            && level.mask.is_some() == full.mask.is_some()
        {
            levels.push(level);
            exact &= is_half(last, directory);
            last = directory;
            check_tiles(&levels)?;
        }
    }
    if exact {
        (0..).zip(&mut levels).for_each(|(by, level)| level.halvings = Some(by));
    }
    Ok((levels, full))
}

/// Refuses more tiles than an index may list, those of masks included.
fn check_tiles(levels: &[Level]) -> Result<()> {
    let tiles: u64 = levels.iter().map(|level| level.all_tiles() as u64).sum();
    if tiles > limits::INDEX_TILES { Err(too_many_tiles(tiles)) } else { Ok(()) }
}

/// The error of a file that lists more tiles than an index may.
fn too_many_tiles(tiles: u64) -> Error {
    let most = limits::INDEX_TILES;
    let message = format!(
        "the source image lists {tiles} tiles or strips, the limit is {most}; store it in \
         larger tiles, or ingest it"
    );
    Error::too_large(message)
}

/// Whether a level is half the `last` one as libvips makes it: each pixel covers 2 × 2 pixels, and
/// an odd row or column at the end is dropped. ImageMagick also rounds sizes down, but scales the
/// whole image; it is recognised by the `PageNumber` of its levels.
fn is_half(last: &Directory, directory: &Directory) -> bool {
    let sides = [(last.width, directory.width), (last.height, directory.height)];
    !directory.numbered && sides.iter().all(|&(last, len)| (last / 2).max(1) == len)
}

/// A level with the first mask of its size. A level that has an alpha sample gets no mask.
fn masked(directory: &Directory, masks: &[&Directory], file: &File) -> Result<Level> {
    let picture = level(directory, file)?;
    let same =
        |mask: &&&Directory| (mask.width, mask.height) == (directory.width, directory.height);
    let Some(mask) = masks.iter().find(same).filter(|_| picture.alpha.is_none()) else {
        return Ok(picture);
    };
    let mask = level(mask, file)
        .map_err(|error| Error { message: format!("{} in a mask", error.message), ..error })?;
    if !mask.is_mask() {
        return Err(refused::other("a TIFF mask of more than one sample"));
    }
    Ok(Level { mask: Some(Box::new(mask)), ..picture })
}

fn level(directory: &Directory, file: &File) -> Result<Level> {
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
    let compression = compression(directory)?;
    let photometric = photometric(directory)?;
    let bits = bits(directory)?;
    let samples = match directory.samples {
        samples @ 1..=limits::SAMPLES => samples as u8,
        samples => {
            let most = limits::SAMPLES;
            let message = format!("{samples} samples per pixel; 1 to {most} are read");
            return Err(refused::other(message));
        }
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
        big_endian: file.big_endian,
        planar: directory.planar == 2 && samples > 1,
        predictor: predictor(directory)?,
        palette: palette(directory, photometric, bits)?,
        alpha: alpha(directory, photometric),
        lsb_first: directory.fill_order == 2,
        mask: None,
        halvings: None,
        jpeg_tables: directory.jpeg_tables.clone(),
        tiles: Vec::new(),
    };
    check_samples(&level)?;
    let tiles = tiles(directory, &level, file)?;
    let level = cut(Level { tiles, ..level }, file.len());
    let Level { tile_width, tile_height, .. } = level;
    if u64::from(tile_width) * u64::from(tile_height) > TILE_PIXELS {
        let message = format!("a tile of {tile_width} × {tile_height} pixels");
        return Err(Error::too_large(message));
    }
    Ok(level)
}

/// Cuts uncompressed strips into parts of [`STRIP_ROWS`] rows, because many writers store the whole
/// image as one strip. A level stays as it is if it would have too many parts for an index, or if a
/// file of `len` bytes cannot contain even half of its samples, since most parts would be missing.
fn cut(level: Level, len: u64) -> Level {
    let rows = level.tile_height;
    if !level.strips || level.compression != Compression::None || rows <= STRIP_ROWS {
        return level;
    }
    let part = Level { tile_height: STRIP_ROWS, ..level.clone() };
    let (row, bytes) = (part.row_bytes(), part.tile_bytes());
    let down = level.tiles_down();
    let parts = level.tiles.len() as u64 * u64::from(rows.div_ceil(STRIP_ROWS));
    let there: u64 = level.tiles.iter().map(|strip| strip.len.min(len)).sum();
    let all = level.tile_bytes().saturating_mul(down.into());
    if parts > limits::INDEX_TILES || there < all / 2 {
        return level;
    }
    let strips = level.tiles.iter().zip((0..down).cycle()).flat_map(|(strip, nth)| {
        let rows = rows.min(level.height - nth * rows);
        (0..rows.div_ceil(STRIP_ROWS)).map(move |nth| {
            // Parts after the end of a damaged, short strip get fewer bytes or none.
            let at = (u64::from(nth) * bytes).min(strip.len);
            let rows = STRIP_ROWS.min(rows - nth * STRIP_ROWS);
            let len = (u64::from(rows) * row).min(strip.len - at);
            Span { start: strip.start.saturating_add(at), len }
        })
    });
    let tiles: Vec<Span> = strips.collect();
    // If the height of several strips is no multiple, each strip ends with a shorter part, which a
    // level cannot express.
    let even = rows.is_multiple_of(STRIP_ROWS) || down == 1;
    if even { Level { tiles, ..part } } else { level }
}

fn photometric(directory: &Directory) -> Result<Photometric> {
    match directory.photometric {
        Some(0) => Ok(Photometric::MinIsWhite),
        // 4 is a mask: 1 where the image is opaque, so that its samples are alpha.
        Some(1 | 4) => Ok(Photometric::MinIsBlack),
        Some(2) => Ok(Photometric::Rgb),
        Some(3) => Ok(Photometric::Palette),
        Some(5) => Ok(Photometric::Cmyk),
        Some(6) if directory.compression == 7 => Ok(Photometric::YCbCr),
        Some(other) => Err(refused::photometric(other)),
        None => Err(Error::bad_source("the TIFF does not say what its samples mean (262)")),
    }
}

fn compression(directory: &Directory) -> Result<Compression> {
    match directory.compression {
        1 => Ok(Compression::None),
        2 => Ok(Compression::Ccitt(Fax::Rle)),
        3 if directory.t4_options & 1 == 1 => Ok(Compression::Ccitt(Fax::Group3Lines)),
        3 => Ok(Compression::Ccitt(Fax::Group3)),
        4 => Ok(Compression::Ccitt(Fax::Group4)),
        5 => Ok(Compression::Lzw),
        7 => Ok(Compression::Jpeg),
        8 | 32946 => Ok(Compression::Deflate),
        32773 => Ok(Compression::PackBits),
        50000 if cfg!(feature = "zstd") => Ok(Compression::Zstd),
        50001 if cfg!(feature = "webp") => Ok(Compression::WebP),
        other => Err(refused::compression(other)),
    }
}

/// TIFF `SampleFormat` (339) of IEEE floating point.
const FLOATING_POINT: u64 = 3;

fn bits(directory: &Directory) -> Result<u8> {
    let first = directory.bits.first().copied().unwrap_or(1);
    let uniform = directory.bits.iter().all(|&bits| bits == first);
    let unsigned = directory.sample_format.iter().all(|&format| format == 1 || format == 4);
    match first {
        1..=16 | 24 | 32 if uniform && unsigned => Ok(first as u8),
        _ if directory.sample_format.contains(&FLOATING_POINT) => {
            Err(refused::samples(format!("TIFF samples in floating point of {first} bits")))
        }
        _ if uniform && !unsigned => {
            Err(refused::samples("TIFF samples that are not unsigned integers".into()))
        }
        _ => Err(refused::samples(format!("TIFF with {first} bits per sample"))),
    }
}

fn predictor(directory: &Directory) -> Result<bool> {
    match directory.predictor {
        1 => Ok(false),
        // Other compressions than LZW, Deflate and Zstandard ignore the predictor.
        2 => Ok(matches!(directory.compression, 5 | 8 | 32946 | 50000)),
        other => Err(refused::other(format!("TIFF predictor {other}"))),
    }
}

/// The number of the first extra sample that `ExtraSamples` (338) declares as alpha, and whether
/// the colours are premultiplied by it. Other extra samples are ignored.
fn alpha(directory: &Directory, photometric: Photometric) -> Option<(u8, bool)> {
    let colors = colors(photometric);
    // OpenCV and others write RGBA without ExtraSamples. Other readers take the sample for alpha.
    if directory.extra_samples.is_empty()
        && photometric == Photometric::Rgb
        && directory.samples == 4
    {
        return Some((3, false));
    }
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

/// The palette as RGB, 3 bytes for each index; `None` if the samples are no indices.
fn palette(directory: &Directory, photometric: Photometric, bits: u8) -> Result<Option<Vec<u8>>> {
    if photometric != Photometric::Palette {
        return Ok(None);
    }
    if bits > 8 {
        return Err(refused::other(format!("TIFF with a palette of {bits} bits")));
    }
    let map = &directory.color_map;
    let colors = 1 << bits;
    if map.len() < 3 * colors {
        return Err(Error::bad_source("the TIFF's palette is too short"));
    }
    // Some old writers store palettes with 8 bits per value instead of 16.
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
        return Err(refused::other(message));
    }
    let bytes = level.bits == 8 && !level.planar;
    let (read, what) = match level.compression {
        Compression::Jpeg => {
            (bytes && samples <= 4, "JPEG in TIFF with 16 bits, planes, or more than 4 samples")
        }
        Compression::WebP => {
            let rgb = level.photometric == Photometric::Rgb && matches!(samples, 3 | 4);
            (bytes && rgb, "WebP in TIFF that is not RGB or RGBA of 8 bits")
        }
        Compression::Ccitt(_) => {
            (level.bits == 1 && samples == 1, "CCITT in TIFF of other than 1 sample of 1 bit")
        }
        Compression::None
        | Compression::Lzw
        | Compression::Deflate
        | Compression::PackBits
        | Compression::Zstd
        | Compression::JpegFile { .. }
        | Compression::PngFile
        | Compression::Svg { .. } => (true, ""),
    };
    if read { Ok(()) } else { Err(refused::other(what)) }
}

fn tiles(directory: &Directory, level: &Level, file: &File) -> Result<Vec<Span>> {
    let planes = if level.planar { u64::from(level.samples) } else { 1 };
    let count = u64::from(level.tiles_across()) * u64::from(level.tiles_down()) * planes;
    let have = directory.offsets.map_or(0, |offsets| offsets.count);
    if count > limits::INDEX_TILES {
        return Err(too_many_tiles(count));
    }
    if have < count {
        return Err(Error::bad_source(format!("{count} tiles are needed, {have} are listed")));
    }
    let list = |entry: Option<Entry>| {
        let entry = entry.unwrap_or(Entry { tag: 0, kind: 1, count: 0, at: 0 });
        file.each_number(&entry).map_err(|gap| match gap {
            Gap::Bad(error) => error,
            Gap::Unread(_) => Error::bug("a list of tiles is not read"),
        })
    };
    // Old writers omit the byte counts of uncompressed files, whose tiles have a fixed size.
    let stored = level.tile_bytes();
    let lens = list(directory.counts)?.chain(std::iter::repeat(stored));
    let spans = list(directory.offsets)?.take(count as usize).zip(lens);
    Ok(spans.map(|(start, len)| Span { start, len }).collect())
}
