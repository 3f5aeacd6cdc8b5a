//! The table of image formats that a reply can have. Each codec's file defines its own rows.

use std::fmt;

use super::{EncodeOptions, avif, eps, gif, jpeg, pdf, png, tiff, webp};
use crate::{
    error::Result,
    geometry::{ReplySpace, Size},
    pixel::{ColorModel, Raster},
    time_slice::{TimeSlice, Work},
};

/// All supported formats. The first is the default (I1).
pub static FORMATS: [&Format; 10] = [
    &jpeg::BASELINE,
    &jpeg::PROGRESSIVE,
    &png::FORMAT,
    &png::PALETTE,
    &gif::FORMAT,
    &tiff::FORMAT,
    &webp::FORMAT,
    &avif::FORMAT,
    &pdf::FORMAT,
    &eps::FORMAT,
];

/// Unsupported formats of the protocol and of its clients: what each is, its names in `fmt=`, and what to request instead.
pub const UNSUPPORTED: &[(&str, &[&str], &str)] = &[
    ("HEIC", &["heic"], "fmt=webp or fmt=jpeg"),
    ("JPEG 2000", &["jpeg2000", "jpeg2000-alpha"], "fmt=webp, fmt=jpeg or fmt=png-alpha"),
    ("JPEG XL", &["jxl", "jxl-alpha"], "fmt=avif, fmt=webp or fmt=png-alpha"),
    ("JPEG XR", &["jpegxr", "jpegxr-alpha"], "fmt=webp, fmt=jpeg or fmt=png-alpha"),
    ("SWF", &["swf", "swf-alpha", "swf3", "swf3-alpha"], "fmt=jpeg or fmt=png-alpha"),
];

/// An image format of replies, and its built-in encoder.
pub struct Format {
    /// The name in messages and documentation, such as `JPEG`; unique.
    pub name: &'static str,
    /// The names in `fmt=` without alpha, in lower case; all but the first are aliases.
    pub names: &'static [&'static str],
    /// The same for the names that request an alpha channel; empty if the format has no alpha.
    pub alpha_names: &'static [&'static str],
    /// The file name extension, without the dot.
    pub extension: &'static str,
    /// The MIME type.
    pub mime: &'static str,
    /// The colour models that the format can store.
    pub models: &'static [ColorModel],
    /// The maximum width and height, in pixels.
    pub largest_side: u32,
    /// The maximum number of pixels.
    pub pixels: PixelLimits,
    /// The metadata that the encoder writes.
    pub metadata: &'static [Metadata],
    /// Whether the encoder consumes the pixels row by row or as a whole.
    pub buffering: Buffering,
    /// Whether the encoder writes the same bytes on every machine.
    pub exact: bool,
    /// Whether the encoder writes the file into one allocation about as large as the raster. The
    /// plan assumes that such a block does not fit into memory that was freed before.
    pub one_block: bool,
    /// Peak memory of encoding a raster of this size, in bytes, including the raster and the file.
    pub memory: fn(&EncodeOptions, Size<ReplySpace>) -> u64,
    /// Encodes a raster whose pixel format is [`EncodeOptions::pixel`].
    pub encode: Encode,
}

/// The type of [`Format::encode`].
pub type Encode =
    for<'f> fn(&'f EncodeOptions, Raster, &'f mut TimeSlice<'_>) -> Work<'f, Result<Vec<u8>>>;

/// Metadata that a file stores besides the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metadata {
    /// The print resolution, in pixels per inch.
    Resolution,
    /// The ICC profile.
    Profile,
    /// The XMP packet.
    Xmp,
    /// Photoshop's paths.
    Paths,
}

/// The maximum number of pixels that an encoder accepts.
#[derive(Debug, Clone, Copy)]
pub struct PixelLimits {
    /// Where the request names the format.
    pub requested: u64,
    /// Where the format is tried besides the requested one.
    pub tried: u64,
}

impl PixelLimits {
    /// No limits.
    pub const NONE: Self = Self { requested: u64::MAX, tried: u64::MAX };
}

/// How an encoder consumes the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Buffering {
    /// Row by row, from the top.
    Rows,
    /// As a whole: it needs all rows at once.
    Whole,
}

impl Format {
    /// Looks up a name of `fmt=`, in lower case. Returns the format, and whether the name requests
    /// alpha; `None` if no supported format has the name.
    pub fn named(name: &str) -> Option<(&'static Self, bool)> {
        FORMATS.into_iter().find_map(|format| {
            let alpha = format.alpha_names.contains(&name);
            (alpha || format.names.contains(&name)).then_some((format, alpha))
        })
    }

    /// Whether the format may be tried besides the requested one for an image of this size.
    pub fn is_tried(&self, size: Size<ReplySpace>) -> bool {
        size.width.max(size.height) <= self.largest_side && size.pixels() <= self.pixels.tried
    }

    /// Whether a file has a place for this metadata.
    pub fn stores(&self, metadata: Metadata) -> bool {
        self.metadata.contains(&metadata)
    }

    /// The main names of all formats in `fmt=`, with and without alpha; no aliases.
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

/// Compares names, which are unique.
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
