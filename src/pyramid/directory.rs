//! One image file directory (TIFF 6.0, section 2; BigTIFF), as far as pyramids need it.

use super::{
    header::{Entry, File, Parsed},
    index::Span,
};
use crate::{error::Error, limits};

/// The tags of one directory, not validated yet. A missing number has its TIFF 6.0 default, or 0 if
/// there is none; a missing list is empty.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// `NewSubfileType` (254): bit 0 is a reduced image, bit 2 a mask.
    pub subfile_type: u64,
    /// `ImageWidth` (256), in pixels.
    pub width: u64,
    /// `ImageLength` (257): the height in pixels.
    pub height: u64,
    /// `BitsPerSample` (258).
    pub bits: Vec<u64>,
    /// `Compression` (259).
    pub compression: u64,
    /// `PhotometricInterpretation` (262).
    pub photometric: Option<u64>,
    /// `FillOrder` (266): 2 is least significant bit first.
    pub fill_order: u64,
    /// `Orientation` (274).
    pub orientation: u64,
    /// `SamplesPerPixel` (277).
    pub samples: u64,
    /// `RowsPerStrip` (278).
    pub rows_per_strip: Option<u64>,
    /// `T4Options` (292): if bit 0 is set, rows may refer to the row above.
    pub t4_options: u64,
    /// Whether 297 (`PageNumber`) is present.
    pub numbered: bool,
    /// `PlanarConfiguration` (284): 2 is one plane per sample.
    pub planar: u64,
    /// `Predictor` (317).
    pub predictor: u64,
    /// `ColorMap` (320): red of all indices, then green, then blue, 16 bits each.
    pub color_map: Vec<u64>,
    /// `TileWidth` and `TileLength` (322 and 323); `None` if the image has strips.
    pub tile: Option<(u64, u64)>,
    /// `StripOffsets` (273) or `TileOffsets` (324). Only levels read the list, since many
    /// directories may share a long one.
    pub offsets: Option<Entry>,
    /// `StripByteCounts` (279) or `TileByteCounts` (325).
    pub counts: Option<Entry>,
    /// `ExtraSamples` (338).
    pub extra_samples: Vec<u64>,
    /// `SampleFormat` (339).
    pub sample_format: Vec<u64>,
    /// `JPEGTables` (347).
    pub jpeg_tables: Option<Vec<u8>>,
    /// `SubIFDs` (330): offsets of further directories.
    pub children: Vec<u64>,
    /// `XResolution` and `ResolutionUnit` (282 and 296), in pixels per inch; `None` without a unit.
    pub resolution: Option<f32>,
    /// The ICC profile (34675).
    pub icc: Option<Span>,
    /// The XMP packet (700).
    pub xmp: Option<Span>,
    /// Photoshop's image resources (34377).
    pub photoshop: Option<Span>,
    /// Offset of the next directory in the chain; 0 is the end.
    pub next: u64,
}

/// Values of the longest supported palette: three for each 8-bit index.
const COLOR_MAP: u64 = 3 << 8;

/// Maximum bytes of `JPEGTables`; all tables of a JPEG stream fit.
const JPEG_TABLES: u64 = 64 << 10;

/// Maximum entries of a directory.
const ENTRIES: u64 = 4096;

impl Directory {
    /// Reads the directory at `offset`.
    pub fn read(file: &File<'_>, offset: u64) -> Parsed<Self> {
        let (entries, next) = list(file, offset)?;
        let mut directory = Self {
            compression: 1,
            fill_order: 1,
            orientation: 1,
            samples: 1,
            planar: 1,
            predictor: 1,
            next,
            ..Self::default()
        };
        let mut unit = 2;
        let mut per_unit = None;
        for entry in entries {
            match entry.tag {
                282 => per_unit = rational(file, &entry)?,
                296 => unit = file.one(&entry)?,
                _ => directory.set(file, &entry)?,
            }
        }
        directory.resolution = per_unit.and_then(|per_unit| match unit {
            2 => Some(per_unit),
            3 => Some(per_unit * 2.54),
            // Without a unit, the values only give the aspect of a pixel.
            _ => None,
        });
        Ok(directory)
    }

    fn set(&mut self, file: &File<'_>, entry: &Entry) -> Parsed<()> {
        match entry.tag {
            254 => self.subfile_type = file.one(entry)?,
            256 => self.width = file.one(entry)?,
            257 => self.height = file.one(entry)?,
            258 => self.bits = file.first_numbers(entry, limits::SAMPLES)?,
            259 => self.compression = file.one(entry)?,
            262 => self.photometric = Some(file.one(entry)?),
            266 => self.fill_order = file.one(entry)?,
            273 | 324 => self.offsets = Some(file.listed(entry)?),
            274 => self.orientation = file.one(entry)?,
            277 => self.samples = file.one(entry)?,
            278 => self.rows_per_strip = Some(file.one(entry)?),
            279 | 325 => self.counts = Some(file.listed(entry)?),
            292 => self.t4_options = file.one(entry)?,
            297 => self.numbered = true,
            284 => self.planar = file.one(entry)?,
            317 => self.predictor = file.one(entry)?,
            320 => self.color_map = file.first_numbers(entry, COLOR_MAP)?,
            322 => self.tile = Some((file.one(entry)?, self.tile.map_or(0, |tile| tile.1))),
            323 => self.tile = Some((self.tile.map_or(0, |tile| tile.0), file.one(entry)?)),
            330 => self.children = file.first_numbers(entry, limits::DIRECTORIES)?,
            338 => self.extra_samples = file.first_numbers(entry, limits::SAMPLES)?,
            339 => self.sample_format = file.first_numbers(entry, limits::SAMPLES)?,
            347 if entry.count > JPEG_TABLES => {
                let message = format!("JPEGTables of {} bytes", entry.count);
                return Err(Error::bad_source(message).into());
            }
            347 => self.jpeg_tables = Some(file.bytes(entry.at, entry.count)?.to_vec()),
            700 => self.xmp = Some(span(entry)),
            34377 => self.photoshop = Some(span(entry)),
            34675 => self.icc = Some(span(entry)),
            _ => {}
        }
        Ok(())
    }
}

/// The entries of the directory at `offset`.
pub fn entries(file: &File<'_>, offset: u64) -> Parsed<Vec<Entry>> {
    list(file, offset).map(|(entries, _)| entries)
}

/// Entries, and the offset of the next directory.
fn list(file: &File<'_>, offset: u64) -> Parsed<(Vec<Entry>, u64)> {
    let (count_len, entry_len, offset_len) = if file.big { (8, 20, 8) } else { (2, 12, 4) };
    let count = file.number(offset, count_len)?;
    if count > ENTRIES {
        let message = format!("the directory at byte {offset} has {count} entries");
        return Err(Error::bad_source(message).into());
    }
    let first = offset.saturating_add(count_len);
    let next = file.number(first.saturating_add(count * entry_len), offset_len)?;
    let entry = |nth| read_entry(file, first + nth * entry_len, offset_len);
    Ok(((0..count).map(entry).collect::<Parsed<_>>()?, next))
}

fn read_entry(file: &File<'_>, at: u64, offset_len: u64) -> Parsed<Entry> {
    let tag = file.number(at, 2)? as u16;
    let kind = file.number(at + 2, 2)? as u16;
    let count = file.number(at + 4, offset_len)?;
    let value = at + 4 + offset_len;
    let inside = Entry::len(kind, count) <= offset_len;
    let at = if inside { value } else { file.number(value, offset_len)? };
    Ok(Entry { tag, kind, count, at })
}

/// The first value of an entry of type RATIONAL. `None` if the type is another, there is no value,
/// or the denominator is 0.
pub fn rational(file: &File<'_>, entry: &Entry) -> Parsed<Option<f32>> {
    if entry.kind != 5 || entry.count == 0 {
        return Ok(None);
    }
    let (numerator, denominator) = (file.number(entry.at, 4)?, file.number(entry.at + 4, 4)?);
    Ok((denominator > 0).then(|| numerator as f32 / denominator as f32))
}

fn span(entry: &Entry) -> Span {
    Span { start: entry.at, len: entry.count }
}
