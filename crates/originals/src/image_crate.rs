//! Decodes PNG, WebP and BMP with the `image` crate. No other module sees that crate's types.

use azulejo::{
    geometry::Size,
    pixel::{ColorModel, PixelFormat},
    pyramid::Metadata,
};
use image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use crate::{File, Opened, Unreadable, exif, picture::Picture};

/// Opens a file of this format. `palette` tells whether its pixels are palette indexes. The decoder
/// fills the empty fields of `metadata`, and may use `limit` bytes of memory.
pub(crate) fn open<'a>(
    file: Box<dyn File + 'a>,
    len: u64,
    limit: u64,
    format: ImageFormat,
    palette: bool,
    metadata: Metadata,
) -> Result<Opened<'a>, Unreadable> {
    let mut decoder = Box::new(ImageReader::with_format(file, format).into_decoder()?);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(limit);
    decoder.set_limits(limits)?;
    let (width, height) = decoder.dimensions();
    let size = Size::new(width, height);
    // The decoded samples, the same as 8 bits, the same rotated, and the compressed file. A damaged
    // header may claim more pixels than fit into the sum.
    let memory = decoder
        .total_bytes()
        .saturating_add(size.pixels().saturating_mul(2 * 4))
        .saturating_add(len);
    let pixel = pixel(decoder.color_type());
    let metadata = with_decoder_metadata(&mut *decoder, metadata);
    let decode = move || {
        let image = DynamicImage::from_decoder(decoder)?;
        Ok(Picture { palette, ..Picture::decoded(size, pixel, samples(image, pixel)) })
    };
    Ok(Opened { size, pixel, memory, metadata, decode: Box::new(decode) })
}

/// `before`, with the decoder's metadata in the fields that are empty. Unreadable metadata is
/// ignored.
fn with_decoder_metadata(decoder: &mut impl ImageDecoder, before: Metadata) -> Metadata {
    let exif = decoder.exif_metadata().ok().flatten();
    let read = exif.as_deref().map(exif::read).unwrap_or_default();
    Metadata {
        orientation: before.orientation.or(read.orientation),
        resolution: before.resolution.or(read.resolution),
        icc: before.icc.or_else(|| decoder.icc_profile().ok().flatten()),
        xmp: before.xmp.or_else(|| decoder.xmp_metadata().ok().flatten()),
        // What the decoder calls IPTC are all of Photoshop's resources.
        iptc: before.iptc,
        about: if before.about.is_empty() { read.about } else { before.about },
        exif: if before.exif.is_empty() { read.exif } else { before.exif },
        gps: if before.gps.is_empty() { read.gps } else { before.gps },
        photoshop: before.photoshop,
    }
}

/// The pixel type of 8-bit samples of these colours.
fn pixel(color: ColorType) -> PixelFormat {
    let model = if color.has_color() { ColorModel::Rgb } else { ColorModel::Gray };
    PixelFormat { model, alpha: color.has_alpha() }
}

/// Converts to 8-bit samples of this pixel type.
fn samples(image: DynamicImage, pixel: PixelFormat) -> Vec<u8> {
    match (pixel.model, pixel.alpha) {
        (ColorModel::Gray, false) => image.into_luma8().into_raw(),
        (ColorModel::Gray, true) => image.into_luma_alpha8().into_raw(),
        (ColorModel::Rgb | ColorModel::Cmyk, false) => image.into_rgb8().into_raw(),
        (ColorModel::Rgb | ColorModel::Cmyk, true) => image.into_rgba8().into_raw(),
    }
}
