//! Reads originals (JPEG, PNG, TIFF, PSD …) and makes pyramids of them.
//!
//! Ingest and the preview page both use this crate, so both make the same bytes of a file.

#[cfg(any(feature = "jpeg-2000", feature = "jpeg-xl"))]
mod alpha;
#[cfg(feature = "bmp")]
mod bmp;
mod chroma;
mod crop;
mod decoded;
mod exif;
mod formats;
#[cfg(feature = "gif")]
mod gif;
mod image_crate;
pub mod inspect;
pub mod iptc;
#[cfg(any(feature = "jpeg-2000", feature = "jpeg-xl"))]
mod isobmff;
mod jpeg;
#[cfg(feature = "jpeg-2000")]
mod jpeg_2000;
#[cfg(feature = "jpeg-xl")]
mod jpeg_xl;
mod options;
mod orientation;
mod original;
#[cfg(feature = "shift-jis")]
mod path_names;
pub mod photoshop;
mod picture;
mod png;
mod progress;
mod psd;
#[cfg(test)]
#[cfg(all(feature = "jpeg-2000", feature = "jpeg-xl"))]
mod reference_tests;
mod rows;
mod tiff;
mod unreadable;
mod unsharp;
mod xmp;

use std::io::{BufRead, Read as _, Seek};

pub use crop::Crop;
pub use decoded::{Decoded, Profile};
pub use formats::{Format, format_of, formats, is_tiff, is_xml, unsupported_formats};
pub use options::{Compression, Options};
use original::Opened;
pub use original::Original;
pub use progress::{Progress, Stage};
pub use unreadable::Unreadable;
pub use unsharp::Unsharp;

/// A seekable source of an original's bytes.
pub(crate) trait File: BufRead + Seek {}

impl<F: BufRead + Seek> File for F {}

/// Opens an original of `len` bytes. The first bytes determine the format; the file name does not
/// matter. The decoder may use `limit` bytes of memory.
///
/// Fails if the format is unknown or unsupported, or if the header is damaged.
pub fn open<'a>(
    mut file: impl BufRead + Seek + 'a,
    len: u64,
    limit: u64,
) -> Result<Original<'a>, Unreadable> {
    let mut head = Vec::new();
    (&mut file).take(formats::PROBE_BYTES as u64).read_to_end(&mut head)?;
    file.rewind()?;
    let (format, open) = formats::detect(&head)?;
    let opened = open(Box::new(file), len, limit)?;
    Ok(Original { format, opened })
}

#[cfg(test)]
mod tests;
