//! Opens JPEG and PNG files as a pyramid of one level, whose only tile is the file. They are
//! remote images; ingest stores images as TIFF.

mod jpeg;
mod png;
mod svg;

pub use svg::open as open_svg;

use super::{
    directory::entries,
    header::{File, Gap, Parsed},
    index::{Compression, Index, Level, Photometric, Span},
    open::Step,
};
use crate::{
    error::{Error, Result},
    limits,
    store::{ByteRange, Fetched, Object, Read, Version},
};

/// Minimum bytes of each further read of a header. Profiles and previews take up to 64 KiB per
/// segment.
const HEADER_PART: u64 = 512 << 10;

/// The format of a file, according to its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// TIFF 6.0 or BigTIFF
    Tiff,
    /// ITU-T T.81
    Jpeg,
    /// ISO/IEC 15948
    Png,
    /// Recognised but unsupported; its name.
    Other(&'static str),
    /// Not recognised.
    Unknown,
}

impl FileFormat {
    /// Detects the format by the first bytes of a file, at most 64.
    pub fn of(head: &[u8]) -> Self {
        let head = head.get(..64).unwrap_or(head);
        match head {
            [b'I', b'I', ..] | [b'M', b'M', ..] => Self::Tiff,
            [0xff, 0xd8, ..] => Self::Jpeg,
            [0x89, b'P', b'N', b'G', ..] => Self::Png,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Self::Other("WebP"),
            [b'G', b'I', b'F', b'8', ..] => Self::Other("GIF"),
            [b'B', b'M', ..] => Self::Other("BMP"),
            [b'8', b'B', b'P', b'S', ..] => Self::Other("Photoshop"),
            [b'%', b'P', b'D', b'F', ..] => Self::Other("PDF"),
            [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => Self::Other("AVIF"),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Self::Other("HEIF"),
            [0, 0, 0, 12, b'j', b'P', ..] | [0xff, 0x4f, 0xff, 0x51, ..] => {
                Self::Other("JPEG 2000")
            }
            [0, 0, 0, 12, b'J', b'X', b'L', ..] | [0xff, 0x0a, ..] => Self::Other("JPEG XL"),
            _ => Self::of_text(head),
        }
    }

    fn of_text(head: &[u8]) -> Self {
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        let begins = |with: &[u8]| {
            text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
        };
        if begins(b"<svg") || begins(b"<?xml") {
            Self::Other("SVG")
        } else if begins(b"<!doctype") || begins(b"<html") {
            Self::Other("HTML")
        } else {
            Self::Unknown
        }
    }
}

/// The error of a format that is recognised but unsupported.
fn not_read(name: &str) -> Error {
    Error::unsupported(format!(
        "the source image has the format {name}, which is unsupported; convert it to JPEG, \
         PNG or TIFF, or ingest it"
    ))
}

/// The contents of the header of an image file.
struct Picture {
    level: Level,
    orientation: u8,
    resolution: Option<f32>,
    icc: Option<Span>,
    xmp: Option<Span>,
    photoshop: Option<Span>,
}

/// Opens a JPEG or PNG file with the bytes read so far, or returns the read it needs next. Other
/// formats are an error.
pub fn open(key: &str, object: &Object, kind: FileFormat) -> Result<Step> {
    let read = match kind {
        FileFormat::Jpeg => jpeg::read(object),
        FileFormat::Png => png::read(object),
        FileFormat::Tiff => Err(Error::bug("a TIFF is walked along its directories").into()),
        FileFormat::Other(name) => Err(not_read(name).into()),
        FileFormat::Unknown => {
            Err(Error::bad_source("the source image is not a TIFF, JPEG or PNG file").into())
        }
    };
    let picture = match read {
        Ok(picture) => picture,
        Err(Gap::Bad(error)) => return Err(error),
        Err(Gap::Unread(gap)) if gap.len > limits::REMOTE_BYTES => {
            // Only a JPEG whose height follows its data is read whole before it is opened.
            let (mib, limit) = (gap.len.div_ceil(1 << 20), limits::REMOTE_BYTES >> 20);
            return Err(Error::too_large(format!(
                "all {mib} MiB of the source image must be read to find its height, the limit \
                 is {limit} MiB; ingest it"
            )));
        }
        Err(Gap::Unread(gap)) => {
            let rest = object.len.saturating_sub(gap.start);
            let range = ByteRange::new(gap.start, gap.len.max(HEADER_PART).min(rest));
            let version = Some(object.version.clone());
            return Ok(Step::Continue(vec![Read { key: key.to_owned(), range, version }]));
        }
    };
    let Picture { level, orientation, resolution, icc, xmp, photoshop } = picture;
    Ok(Step::Break(Index {
        version: object.version.clone(),
        len: object.len,
        modified: object.modified,
        levels: vec![level],
        orientation,
        resolution: resolution.filter(|ppi| ppi.is_finite() && *ppi > 0.0),
        icc,
        xmp,
        photoshop,
    }))
}

/// The samples of a pixel. If there is alpha, it is the last one.
struct SampleFormat {
    photometric: Photometric,
    samples: u8,
    alpha: bool,
}

/// The level whose only tile is the whole file.
fn level(
    object: &Object,
    [width, height]: [u32; 2],
    compression: Compression,
    SampleFormat { photometric, samples, alpha }: SampleFormat,
) -> Result<Level> {
    if [width, height].iter().any(|side| !(1..=0x3fff_ffff).contains(side)) {
        return Err(Error::bad_source(format!(
            "the source image has {width} × {height} pixels: expected sides of 1 to 1073741823"
        )));
    }
    // JPEG stores whole MCUs of up to 16 pixels. With a tile of whole MCUs its planes need no
    // special case.
    let whole = |side: u32| if compression.is_jpeg() { side.next_multiple_of(16) } else { side };
    Ok(Level {
        width,
        height,
        tile_width: whole(width),
        tile_height: whole(height),
        strips: false,
        compression,
        photometric,
        samples,
        bits: 8,
        big_endian: false,
        planar: false,
        predictor: false,
        palette: None,
        alpha: alpha.then(|| (samples.saturating_sub(1), false)),
        lsb_first: false,
        mask: None,
        halvings: None,
        jpeg_tables: None,
        tiles: vec![Span { start: 0, len: object.len }],
    })
}

/// `len` bytes from `start`. Bytes after the end of the file are an error.
fn bytes(object: &Object, start: u64, len: u64) -> Parsed<&[u8]> {
    let range = ByteRange::new(start, len);
    if range.end() > object.len {
        return Err(Error::bad_source("the source image ends in its header").into());
    }
    object.get(range).ok_or(Gap::Unread(range))
}

/// The `Orientation` (274) of an EXIF block, which is a small TIFF; 1 if it is missing, out of
/// range or damaged.
fn orientation(exif: &[u8]) -> u8 {
    let mut fetched = Fetched::default();
    fetched.insert_whole("", Version(String::new()), exif.to_vec());
    let found = fetched.object("").and_then(|object| {
        let file = File::new(object).ok()?;
        let entries = entries(&file, file.first).ok()?;
        file.one(entries.iter().find(|entry| entry.tag == 274)?).ok()
    });
    found.and_then(|value| u8::try_from(value).ok()).filter(|n| (1..=8).contains(n)).unwrap_or(1)
}

#[cfg(test)]
mod tests;
