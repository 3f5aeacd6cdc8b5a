//! Originals to pyramids: what ingest stores, and what a page makes of a dropped file, by the same code
//! and so the same to the bit.

mod adjust;
#[cfg(any(feature = "jpeg-2000", feature = "jpeg-xl"))]
mod alpha;
#[cfg(any(feature = "jpeg-2000", feature = "jpeg-xl"))]
mod boxes;
#[cfg(feature = "bmp")]
mod bmp;
mod chroma;
mod coded;
#[cfg(test)]
#[cfg(all(feature = "jpeg-2000", feature = "jpeg-xl"))]
mod compared;
mod exif;
mod formats;
#[cfg(feature = "gif")]
mod gif;
pub mod iptc;
mod jpeg;
#[cfg(feature = "jpeg-2000")]
mod jpeg_2000;
#[cfg(feature = "jpeg-xl")]
mod jpeg_xl;
#[cfg(feature = "shift-jis")]
mod names;
mod options;
pub mod photoshop;
mod picture;
mod png;
mod psd;
mod rows;
mod tiff;
mod turn;
mod xmp;

use std::{
    cell::OnceCell,
    fmt,
    io::{self, BufRead, Read as _, Seek},
    rc::Rc,
};

pub use adjust::{Sides, Unsharp};
use azulejo::{
    pyramid::write::{Scratch, WriteOptions, Writer},
    raster::{ColorModel, PixelType},
};
pub use formats::{Format, formats, refused};
pub use options::{Chroma, Compression, Options};
use picture::Picture;

/// Rows of up to so many bytes, of some 11 million pixels, are looked at before they are stored;
/// of a longer picture only if they are in memory anyway.
const LOOKED_AT: u64 = 32 << 20;

/// Where an original is read from.
pub(crate) trait File: BufRead + Seek {}

impl<F: BufRead + Seek> File for F {}

/// An original whose header is read.
pub struct Original<'a> {
    /// The format it is in.
    pub format: &'static Format,
    opened: Opened<'a>,
}

/// What a format's reader knows before it decodes.
pub(crate) struct Opened<'a> {
    /// Pixels across and down, as stored.
    pub size: (u32, u32),
    /// Whether there may be an alpha.
    pub alpha: bool,
    /// Bytes that decoding takes at most.
    pub memory: u64,
    /// Decodes.
    pub decode: Box<dyn FnOnce() -> Result<Picture<'a>, Unreadable> + 'a>,
}

/// Opens an original of `len` bytes by what is in it, whatever it is called. The decoder may
/// take `limit` bytes.
pub fn open<'a>(
    mut file: impl BufRead + Seek + 'a,
    len: u64,
    limit: u64,
) -> Result<Original<'a>, Unreadable> {
    let mut head = Vec::new();
    (&mut file).take(formats::HEAD as u64).read_to_end(&mut head)?;
    file.rewind()?;
    let (format, open) = formats::of(&head)?;
    let opened = open(Box::new(file), len, limit)?;
    Ok(Original { format, opened })
}

impl Original<'_> {
    /// Pixels across and down, as stored.
    pub fn dimensions(&self) -> (u32, u32) {
        self.opened.size
    }

    /// Bytes that its pyramid takes while it is made, about: photographs in JPEG a third of this,
    /// drawings a fraction.
    pub fn pyramid_bytes(&self) -> u64 {
        let (width, height) = self.opened.size;
        let pixels = u64::from(width).saturating_mul(u64::from(height));
        if self.opened.alpha { pixels.saturating_mul(4) } else { pixels.saturating_mul(3) / 2 }
    }

    /// Bytes that decoding and making the pyramid take at most, besides the pyramid itself.
    pub fn memory(&self, options: Options) -> u64 {
        /// What Deflate takes to compress.
        const DEFLATE: u64 = 512 << 10;
        let tile = u64::from(options.tile);
        let width = u64::from(self.opened.size.0).next_multiple_of(tile);
        // A row of tiles and the rows under the resampler's kernel; of all levels twice that.
        let rows = 2 * width * (tile * 4 + 20 * 4 * 4);
        // A tile, and the same compressed.
        let rows = rows + DEFLATE + 2 * tile * tile * 4;
        let held = options.unsharp.map_or(0, |_| Unsharp::memory(self.opened.size));
        // They may be gathered to be looked at.
        let rgb = PixelType { model: ColorModel::Rgb, alpha: false };
        let looked_at = Some(rows::bytes(self.opened.size, rgb)).filter(|&len| len <= LOOKED_AT);
        let held = held.saturating_add(looked_at.unwrap_or(0));
        self.opened.memory.saturating_add(rows).saturating_add(held)
    }

    /// An error where making its pyramid would be one: it is decoded to the last row. What is
    /// wrong with it, where [`Options::allow_damaged`] lets it pass.
    pub fn check(self, options: Options) -> Result<Option<String>, Unreadable> {
        let damage = Rc::new(OnceCell::new());
        let Picture { size, rows, .. } = self.decoded(options, &damage)?;
        options.crop.of(size)?;
        rows.each(&mut |_| Ok(()))?;
        Ok(damage.get().cloned())
    }

    /// Decodes the original and makes its pyramid in memory, a whole file.
    pub fn pyramid(self, options: Options) -> Result<Vec<u8>, Unreadable> {
        let mut file = Vec::new();
        self.pyramid_into(options, &mut file, || Ok(Vec::new()))?;
        Ok(file)
    }

    /// Writes it to `out`, while each level waits in a `scratch` of its own until all are made.
    /// What was wrong with the original, where [`Options::allow_damaged`] let it pass.
    pub fn pyramid_into<S: Scratch>(
        self,
        options: Options,
        out: &mut dyn io::Write,
        scratch: impl FnMut() -> io::Result<S>,
    ) -> Result<Option<String>, Unreadable> {
        let damage = Rc::new(OnceCell::new());
        let Picture { size, pixel, palette, mut metadata, rows } =
            self.decoded(options, &damage)?;
        // A profile of other colours than the pixels' would be applied wrongly.
        metadata.icc = metadata.icc.filter(|icc| fits(icc, pixel.model));
        if options.crop != Sides::default() {
            // Paths are told in parts of the whole picture: of a part of it they would be wrong.
            metadata.photoshop = None;
        }
        let rows = if options.looks_at(pixel, palette) && rows::bytes(size, pixel) <= LOOKED_AT {
            rows::whole(rows, size, pixel)?
        } else {
            rows
        };
        let write = options.write(pixel, palette, (size.0, &*rows))?;
        let write = WriteOptions { metadata, ..write };
        let mut writer = Writer::with_scratch(options.crop.of(size)?, pixel, write, scratch)?;
        let mut left = options.crop.rows(size.1, pixel.samples());
        rows.each(&mut |row| Ok(left(row).map_or(Ok(()), |row| writer.push_row(row))?))?;
        writer.finish_into(out)?;
        Ok(damage.get().cloned())
    }
}

impl<'a> Original<'a> {
    /// The picture, upright. Damage that is let pass is noted.
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

/// Whether the profile's colour space (ICC.1:2022, 7.2.6) is that of the pixels.
fn fits(icc: &[u8], model: ColorModel) -> bool {
    let space = match model {
        ColorModel::Grey => b"GRAY",
        ColorModel::Rgb => b"RGB ",
        ColorModel::Cmyk => b"CMYK",
    };
    icc.get(16..20) == Some(space)
}

/// What kept an original from becoming a pyramid.
#[derive(Debug)]
pub struct Unreadable {
    message: String,
    damaged: bool,
}

impl Unreadable {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), damaged: false }
    }

    /// Of an original that [`Options::allow_damaged`] would have taken.
    pub(crate) fn damaged(self) -> Self {
        Self { damaged: true, ..self }
    }

    /// Whether [`Options::allow_damaged`] would have taken the original.
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
