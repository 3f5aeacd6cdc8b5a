//! The formats of replies: a row each, in the file of its codec.

use std::fmt;

use super::{EncodeOptions, jpeg, png};
use crate::{
    error::Result,
    geometry::{ReplySpace, Size},
    pixel::{ColorModel, Raster},
    time_slice::{TimeSlice, Work},
};

/// All that are encoded. The first is the default (I1).
pub static FORMATS: [&Format; 3] = [&jpeg::BASELINE, &jpeg::PROGRESSIVE, &png::FORMAT];

/// Those of the protocol that have no encoder yet: what they are, and their names in `fmt=`.
pub const UNSUPPORTED: &[(&str, &[&str])] = &[
    ("AVIF", &["avif", "avif-alpha"]),
    ("EPS", &["eps"]),
    ("GIF", &["gif", "gif-alpha"]),
    ("HEIC", &["heic"]),
    ("JPEG 2000", &["jpeg2000", "jpeg2000-alpha"]),
    ("JPEG XR", &["jpegxr", "jpegxr-alpha"]),
    ("PDF", &["pdf"]),
    ("PNG with a palette", &["png8", "png8-alpha"]),
    ("SWF", &["swf", "swf-alpha", "swf3", "swf3-alpha"]),
    ("TIFF", &["tif", "tiff", "tif-alpha", "tiff-alpha"]),
    ("WebP", &["webp", "webp-alpha", "web-alpha"]),
];

/// A format of replies.
pub struct Format {
    /// What it is.
    pub name: &'static str,
    /// Its names in `fmt=`, in lower case; all but the first are aliases.
    pub names: &'static [&'static str],
    /// Its names with an alpha channel, likewise; none where it has no alpha.
    pub alpha_names: &'static [&'static str],
    /// How names of its files end.
    pub extension: &'static str,
    /// Its MIME type.
    pub mime: &'static str,
    /// The colours that it can have.
    pub models: &'static [ColorModel],
    /// The longest side, in pixels.
    pub largest_side: u32,
    /// What it tells besides the pixels.
    pub metadata: &'static [Metadata],
    /// How it takes the pixels.
    pub flow: Flow,
    /// Whether its files are the same, to the byte, on every machine.
    pub exact: bool,
    /// Whether a file as long as the raster is written into one block of memory, which finds no
    /// room among what was freed before.
    pub one_block: bool,
    /// Bytes held at most while a raster of a size is encoded, it and the file included.
    pub memory: fn(&EncodeOptions, Size<ReplySpace>) -> u64,
    /// Encodes a raster of [`EncodeOptions::pixel`].
    pub encode: Encode,
}

/// See [`Format::encode`].
pub type Encode =
    for<'f> fn(&'f EncodeOptions, Raster, &'f mut TimeSlice<'_>) -> Work<'f, Result<Vec<u8>>>;

/// What a file tells besides the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metadata {
    /// Pixels per inch.
    Resolution,
}

/// How an encoder takes the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Row by row, from the top.
    Rows,
    /// As a whole.
    Whole,
}

impl Format {
    /// The row of a name in `fmt=`, in lower case, and whether the name asks for alpha.
    pub fn named(name: &str) -> Option<(&'static Self, bool)> {
        FORMATS.into_iter().find_map(|format| {
            let alpha = format.alpha_names.contains(&name);
            (alpha || format.names.contains(&name)).then_some((format, alpha))
        })
    }

    /// What they are called, without aliases.
    pub fn all_names() -> impl Iterator<Item = &'static str> {
        let both = FORMATS.into_iter().flat_map(|format| [format.names, format.alpha_names]);
        both.filter_map(|names| names.first().copied())
    }
}

impl Default for &'static Format {
    fn default() -> Self {
        let [first, ..] = FORMATS;
        first
    }
}

/// By their names, which no two share.
impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
