//! An original whose header has been read, and the pyramid of it.

use std::{cell::OnceCell, io, rc::Rc};

use azulejo::{
    geometry::{Size, SourceSpace},
    pixel::{ColorModel, PixelFormat},
    pyramid::{
        Metadata,
        write::{Scratch, WriteOptions, Writer},
    },
};

use crate::{
    Crop, Decoded, Format, Options, Profile, Progress, Unreadable, Unsharp, photoshop,
    picture::Picture, progress::Meter, rows,
};

/// Pictures of up to this many bytes (about 11 million RGB pixels) are analysed before they are
/// stored. Larger ones are analysed only if their decoder holds all rows in memory anyway.
const ANALYSED_BYTES: u64 = 32 << 20;

/// An original whose header has been read.
pub struct Original<'a> {
    /// Its file format.
    pub format: &'static Format,
    pub(crate) opened: Opened<'a>,
}

/// What a format's reader returns before it decodes.
pub(crate) struct Opened<'a> {
    /// Size as stored, before the orientation is applied.
    pub size: Size<SourceSpace>,
    /// The pixel type. A picture with alpha may turn out to be opaque.
    pub pixel: PixelFormat,
    /// Peak memory of decoding, in bytes.
    pub memory: u64,
    /// The metadata. Its orientation is the one that still has to be applied.
    pub metadata: Metadata,
    /// Decodes the picture.
    pub decode: Box<dyn FnOnce() -> Result<Picture<'a>, Unreadable> + 'a>,
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
        if self.opened.pixel.alpha {
            pixels.saturating_mul(4)
        } else {
            pixels.saturating_mul(3) / 2
        }
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
        let (Picture { size, pixel, rows, .. }, metadata) = self.decoded(options, &damage)?;
        let profile = Profile::of(metadata.icc.as_deref(), pixel.model);
        options.crop.apply(size)?;
        rows.for_each_row(&mut |_| Ok(()))?;
        Ok(Decoded { size, pixel, profile, damage: damage.get().cloned() })
    }

    /// Decodes the original and returns its pyramid as the bytes of a TIFF file.
    pub fn pyramid(self, options: Options) -> Result<Vec<u8>, Unreadable> {
        let mut file = Vec::new();
        self.pyramid_into(options, &mut file, || Ok(Vec::new()), &mut |_| {})?;
        Ok(file)
    }

    /// Decodes the original and returns its pyramid, in a page. Fails if that may take more than
    /// `limit` bytes of memory besides the file.
    pub fn pyramid_in_page(
        self,
        options: Options,
        limit: u64,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<u8>, Unreadable> {
        if self.memory(options).saturating_add(self.pyramid_bytes()) > limit {
            let Size { width, height, .. } = self.size();
            return Err(Unreadable::new(format!(
                "{width} × {height} pixels are too many to make a pyramid of in a page; use azulejo \
                 ingest"
            )));
        }
        let mut file = Vec::new();
        self.pyramid_into(options, &mut file, || Ok(Vec::new()), progress)?;
        Ok(file)
    }

    /// Decodes the original and writes its pyramid to `out`. Each level is buffered in a `scratch`
    /// of its own until all levels are complete. `progress` is called for each row.
    pub fn pyramid_into<S: Scratch>(
        self,
        options: Options,
        out: &mut dyn io::Write,
        scratch: impl FnMut() -> io::Result<S>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Decoded, Unreadable> {
        let damage = Rc::new(OnceCell::new());
        let (picture, mut metadata) = self.decoded(options, &damage)?;
        let Picture { size, pixel, palette, rows } = picture;
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
        let into_memory = analyse && rows::bytes(size, pixel) <= ANALYSED_BYTES;
        let first_decoded = into_memory || rows.in_memory().is_some();
        let mut meter = Meter::new(size.height, first_decoded, progress);
        let rows = match into_memory {
            true => rows::into_memory(rows, size, pixel, &mut || meter.decoded_row())?,
            false => rows,
        };
        meter.decoded();
        let write = options.write_options(pixel, palette, size.width, &*rows)?;
        let write = WriteOptions { metadata, ..write };
        let mut writer =
            Writer::with_scratch((cropped.width, cropped.height), pixel, write, scratch)?;
        let mut crop = options.crop.rows(size.height, pixel.samples());
        rows.for_each_row(&mut |row| {
            crop(row).map_or(Ok(()), |row| writer.push_row(row))?;
            meter.written_row();
            Ok(())
        })?;
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
    ) -> Result<(Picture<'a>, Metadata), Unreadable> {
        let mut metadata = self.opened.metadata;
        let mut picture = (self.opened.decode)()?;
        if options.allow_damaged {
            picture.rows.allow_damage(Rc::clone(damage));
        }
        Ok((picture.upright(&mut metadata)?, metadata))
    }
}
