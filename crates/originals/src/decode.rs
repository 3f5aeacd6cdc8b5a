//! Originals to upright 8-bit pixels, with what is known of them.

use std::io::{BufRead, Seek};

use image::{
    ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, metadata::Orientation,
};

use crate::Unreadable;

/// A decoded original.
pub(crate) struct Pixels {
    /// Pixels across, upright.
    pub width: u32,
    /// Pixels down, upright.
    pub height: u32,
    /// 1 grey, 3 RGB, 4 RGB with straight alpha.
    pub channels: usize,
    /// The samples, row by row.
    pub data: Vec<u8>,
    /// The embedded ICC profile.
    pub icc: Option<Vec<u8>>,
}

/// An original whose header is read.
pub struct Original<'a> {
    decoder: Box<dyn ImageDecoder + 'a>,
    /// Bytes that decoding and making the pyramid take at most.
    pub memory: u64,
}

/// Opens an original of `len` bytes by what is in it, whatever it is called. The decoder may
/// take `limit` bytes.
pub fn open<'a>(
    mut file: impl BufRead + Seek + 'a,
    len: u64,
    limit: u64,
) -> Result<Original<'a>, Unreadable> {
    // The decoder reads BigTIFF, only the guess does not know its signature.
    let start = file.fill_buf()?;
    let big_tiff = start.starts_with(b"II+\0") || start.starts_with(b"MM\0+");
    let mut reader = ImageReader::new(file).with_guessed_format()?;
    if big_tiff {
        reader.set_format(ImageFormat::Tiff);
    }
    if reader.format().is_none() {
        return Err(Unreadable("not a JPEG, PNG or TIFF file".to_owned()));
    }
    let mut decoder = Box::new(reader.into_decoder()?);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(limit);
    decoder.set_limits(limits)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    // As decoded, as 8 bits, turned upright; and the compressed original and pyramid. A header
    // may tell of more pixels than a sum of bytes can hold.
    let memory = decoder
        .total_bytes()
        .saturating_add(pixels.saturating_mul(2 * 4))
        .saturating_add(len.saturating_mul(2));
    Ok(Original { decoder, memory })
}

impl Original<'_> {
    /// Pixels across and down, as stored.
    pub fn dimensions(&self) -> (u32, u32) {
        self.decoder.dimensions()
    }

    /// Decodes; EXIF orientation is applied, 16 bits become 8, an opaque alpha is dropped.
    pub(crate) fn decode(mut self) -> Result<Pixels, Unreadable> {
        let icc = self.decoder.icc_profile()?;
        let orientation = self.decoder.orientation().unwrap_or(Orientation::NoTransforms);
        // A profile of other colours than the pixels' would be applied wrongly (CMYK was
        // converted by the decoder).
        let icc = icc.filter(|icc| fits(icc, self.decoder.color_type()));
        let mut image = DynamicImage::from_decoder(self.decoder)?;
        image.apply_orientation(orientation);
        let (width, height) = (image.width(), image.height());
        let color = image.color();
        let (channels, data) = if color.has_alpha() {
            let rgba = image.into_rgba8().into_raw();
            if rgba.chunks_exact(4).all(|pixel| pixel[3] == 255) {
                (3, rgba.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect())
            } else {
                (4, rgba)
            }
        } else if color.has_color() {
            (3, image.into_rgb8().into_raw())
        } else {
            (1, image.into_luma8().into_raw())
        };
        Ok(Pixels { width, height, channels, data, icc })
    }
}

/// Whether the profile's colour space (ICC.1:2022, 7.2.6) is that of the pixels.
fn fits(icc: &[u8], color: ColorType) -> bool {
    let space = icc.get(16..20);
    if color.has_color() { space == Some(b"RGB ") } else { space == Some(b"GRAY") }
}
