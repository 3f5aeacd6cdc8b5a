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
#[cfg(feature = "shift-jis")]
mod path_names;
pub mod photoshop;
mod picture;
mod png;
mod psd;
#[cfg(test)]
#[cfg(all(feature = "jpeg-2000", feature = "jpeg-xl"))]
mod reference_tests;
mod rows;
mod tiff;
mod unsharp;
mod xmp;

use std::{
    cell::OnceCell,
    fmt,
    io::{self, BufRead, Read as _, Seek},
    rc::Rc,
};

use azulejo::{
    geometry::{Size, SourceSpace},
    pixel::{ColorModel, PixelFormat},
    pyramid::write::{Scratch, WriteOptions, Writer},
};
pub use crop::Crop;
pub use decoded::{Decoded, Profile};
pub use formats::{Format, formats, unsupported_formats};
pub use options::{Compression, Options};
use picture::Picture;
pub use unsharp::Unsharp;

/// Pictures of up to this many bytes (about 11 million RGB pixels) are analysed before they are
/// stored. Larger ones are analysed only if their decoder holds all rows in memory anyway.
const ANALYSED_BYTES: u64 = 32 << 20;

/// A seekable source of an original's bytes.
pub(crate) trait File: BufRead + Seek {}

impl<F: BufRead + Seek> File for F {}

/// An original whose header has been read.
pub struct Original<'a> {
    /// Its file format.
    pub format: &'static Format,
    opened: Opened<'a>,
}

/// What a format's reader returns before it decodes.
pub(crate) struct Opened<'a> {
    /// Size as stored, before the orientation is applied.
    pub size: Size<SourceSpace>,
    /// Whether the picture may have an alpha channel.
    pub alpha: bool,
    /// Peak memory of decoding, in bytes.
    pub memory: u64,
    /// Decodes the picture.
    pub decode: Box<dyn FnOnce() -> Result<Picture<'a>, Unreadable> + 'a>,
}

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

impl Original<'_> {
    /// Size as stored, before the orientation is applied.
    pub fn size(&self) -> Size<SourceSpace> {
        self.opened.size
    }

    /// An upper estimate of the pyramid's size in bytes. Photographs in JPEG take a third of it,
    /// drawings less.
    pub fn pyramid_bytes(&self) -> u64 {
        let pixels = self.opened.size.pixels();
        if self.opened.alpha { pixels.saturating_mul(4) } else { pixels.saturating_mul(3) / 2 }
    }

    /// Peak memory of decoding the original and writing the pyramid, in bytes, without the pyramid
    /// itself.
    pub fn memory(&self, options: Options) -> u64 {
        /// Working memory of a Deflate compressor.
        const DEFLATE: u64 = 512 << 10;
        let tile = u64::from(options.tile);
        let width = u64::from(self.opened.size.width).next_multiple_of(tile);
        // One level holds a row of tiles and the rows under the resampler's kernel. All levels
        // together hold twice as much.
        let rows = 2 * width * (tile * 4 + 20 * 4 * 4);
        // One tile, raw and compressed.
        let rows = rows + DEFLATE + 2 * tile * tile * 4;
        let filtered = options.unsharp.map_or(0, |_| Unsharp::memory(self.opened.size));
        // The analysis may need all rows in memory.
        let rgb = PixelFormat { model: ColorModel::Rgb, alpha: false };
        let analysed =
            Some(rows::bytes(self.opened.size, rgb)).filter(|&len| len <= ANALYSED_BYTES);
        let whole = filtered.saturating_add(analysed.unwrap_or(0));
        self.opened.memory.saturating_add(rows).saturating_add(whole)
    }

    /// Decodes the original to its last row, without writing a pyramid.
    ///
    /// Fails if the original would make [`Original::pyramid`] fail.
    pub fn check(self, options: Options) -> Result<Decoded, Unreadable> {
        let damage = Rc::new(OnceCell::new());
        let Picture { size, pixel, metadata, rows, .. } = self.decoded(options, &damage)?;
        let profile = Profile::of(metadata.icc.as_deref(), pixel.model);
        options.crop.apply(size)?;
        rows.for_each_row(&mut |_| Ok(()))?;
        Ok(Decoded { size, pixel, profile, damage: damage.get().cloned() })
    }

    /// Decodes the original and returns its pyramid as the bytes of a TIFF file.
    pub fn pyramid(self, options: Options) -> Result<Vec<u8>, Unreadable> {
        let mut file = Vec::new();
        self.pyramid_into(options, &mut file, || Ok(Vec::new()))?;
        Ok(file)
    }

    /// Decodes the original and writes its pyramid to `out`. Each level is buffered in a `scratch`
    /// of its own until all levels are complete.
    pub fn pyramid_into<S: Scratch>(
        self,
        options: Options,
        out: &mut dyn io::Write,
        scratch: impl FnMut() -> io::Result<S>,
    ) -> Result<Decoded, Unreadable> {
        let damage = Rc::new(OnceCell::new());
        let Picture { size, pixel, palette, mut metadata, rows } =
            self.decoded(options, &damage)?;
        let profile = Profile::of(metadata.icc.as_deref(), pixel.model);
        // A profile for another colour space would be applied wrongly.
        if matches!(profile, Profile::OtherModel(_)) {
            metadata.icc = None;
        }
        let cropped = options.crop.apply(size)?;
        if options.crop != Crop::default() {
            let crop = |blocks: Vec<u8>| photoshop::apply_crop(&blocks, options.crop, size);
            metadata.photoshop = metadata.photoshop.map(crop);
        }
        let analyse = options.needs_analysis(pixel, palette);
        let rows = if analyse && rows::bytes(size, pixel) <= ANALYSED_BYTES {
            rows::into_memory(rows, size, pixel)?
        } else {
            rows
        };
        let write = options.write_options(pixel, palette, size.width, &*rows)?;
        let write = WriteOptions { metadata, ..write };
        let mut writer =
            Writer::with_scratch((cropped.width, cropped.height), pixel, write, scratch)?;
        let mut crop = options.crop.rows(size.height, pixel.samples());
        rows.for_each_row(&mut |row| Ok(crop(row).map_or(Ok(()), |row| writer.push_row(row))?))?;
        writer.finish_into(out)?;
        Ok(Decoded { size, pixel, profile, damage: damage.get().cloned() })
    }
}

impl<'a> Original<'a> {
    /// Decodes the picture and applies its orientation. Stores tolerated damage in `damage`.
    fn decoded(
        self,
        options: Options,
        damage: &Rc<OnceCell<String>>,
    ) -> Result<Picture<'a>, Unreadable> {
        let mut picture = (self.opened.decode)()?;
        if options.allow_damaged {
            picture.rows.allow_damage(Rc::clone(damage));
        }
        picture.upright()
    }
}

/// Why no pyramid can be made of an original.
#[derive(Debug)]
pub struct Unreadable {
    message: String,
    damaged: bool,
}

impl Unreadable {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), damaged: false }
    }

    /// Marks an error that [`Options::allow_damaged`] would tolerate.
    pub(crate) fn damaged(self) -> Self {
        Self { damaged: true, ..self }
    }

    /// Whether [`Options::allow_damaged`] would tolerate this error.
    pub fn is_damaged(&self) -> bool {
        self.damaged
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unreadable {}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return Self::new("the file ends too early");
        }
        Self::new(error.to_string())
    }
}

impl From<image::ImageError> for Unreadable {
    fn from(error: image::ImageError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<azulejo::error::Error> for Unreadable {
    fn from(error: azulejo::error::Error) -> Self {
        Self::new(error.message)
    }
}

#[cfg(test)]
mod tests;
