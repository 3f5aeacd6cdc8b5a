//! A dropped JPEG or PNG becomes a pyramid in memory, as ingest would make it.

use std::{fmt, io::Cursor};

use azulejo::pyramid::write::{TileCompression, WriteOptions, Writer};
use image::{DynamicImage, ImageDecoder, ImageReader, metadata::Orientation};

/// Bytes of the pixels, all in memory at once; a phone's page has hardly more.
const MOST: u64 = 512 << 20;

/// What kept a picture from becoming a pyramid.
#[derive(Debug)]
pub struct NotAPicture(String);

impl fmt::Display for NotAPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotAPicture {}

impl From<image::ImageError> for NotAPicture {
    fn from(error: image::ImageError) -> Self {
        Self(error.to_string())
    }
}

impl From<azulejo::error::Error> for NotAPicture {
    fn from(error: azulejo::error::Error) -> Self {
        Self(error.message)
    }
}

/// Whether a file begins like a JPEG or a PNG.
pub fn is_one(head: &[u8]) -> bool {
    head.starts_with(&[0xff, 0xd8, 0xff]) || head.starts_with(b"\x89PNG\r\n\x1a\n")
}

/// The pyramid of an upright picture: JPEG tiles, or lossless ones where there is alpha.
pub fn pyramid(bytes: &[u8]) -> Result<Vec<u8>, NotAPicture> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut decoder = reader.map_err(|error| NotAPicture(error.to_string()))?.into_decoder()?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    if decoder.total_bytes() > MOST {
        let (width, height) = decoder.dimensions();
        let message = format!(
            "{width} × {height} pixels are too many to make a pyramid of in a page; use azulejo ingest"
        );
        return Err(NotAPicture(message));
    }
    let icc = decoder.icc_profile()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    let (width, height) = (image.width(), image.height());
    let color = image.color();
    let (channels, data) = if color.has_alpha() {
        (4, image.into_rgba8().into_raw())
    } else if color.has_color() {
        (3, image.into_rgb8().into_raw())
    } else {
        (1, image.into_luma8().into_raw())
    };
    let compression = match channels {
        4 => TileCompression::Deflate,
        _ => TileCompression::Jpeg { quality: 90 },
    };
    let options = WriteOptions { compression, icc, ..WriteOptions::default() };
    let mut writer = Writer::new(width, height, channels, options)?;
    for row in data.chunks_exact(width as usize * channels) {
        writer.push_row(row)?;
    }
    Ok(writer.finish()?)
}
