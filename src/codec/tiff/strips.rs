//! Compresses strips of rows, and tiles.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use weezl::{BitOrder, encode::Encoder as LzwEncoder};

use crate::{
    codec::{EncodeOptions, jpeg::encode::Encoder as JpegEncoder, lzw},
    error::{Error, Result},
    pixel::Raster,
    time_slice::TimeSlice,
};

/// How strips are stored.
pub enum Stored {
    /// As they are.
    Raw,
    /// With LZW, and horizontal differences.
    Lzw,
    /// With Deflate, and horizontal differences.
    Zip,
    /// As JPEG streams with shared tables.
    Jpeg(Box<JpegEncoder>),
}

/// The strips of a file: the byte count of each.
pub struct Strips {
    /// Rows of each strip but the last.
    pub rows: usize,
    /// Bytes of each strip.
    pub counts: Vec<u32>,
}

/// Bytes of a strip before compression, about. A strip has at least 16 rows, those of a row of JPEG
/// units.
const STRIP: usize = 64 << 10;

/// Rows of a strip.
pub fn rows_per_strip(raster: &Raster) -> usize {
    let rows = (STRIP / raster.stride().max(1)).max(16) / 16 * 16;
    rows.min((raster.height as usize).max(1))
}

/// Appends all strips. `None` if that takes more than `most` bytes.
pub async fn write(
    options: &EncodeOptions,
    raster: &Raster,
    stored: &Stored,
    most: usize,
    file: &mut Vec<u8>,
    slice: &mut TimeSlice<'_>,
) -> Result<Option<Strips>> {
    let (rows, stride, samples) =
        (rows_per_strip(raster), raster.stride().max(1), options.pixel.samples());
    let mut strips = Strips { rows, counts: Vec::new() };
    let (mut differences, mut packed) = (Vec::new(), Vec::new());
    for strip in raster.data.chunks(rows * stride) {
        packed.clear();
        differences.clear();
        match stored {
            Stored::Raw => {}
            Stored::Jpeg(encoder) => {
                let size = (raster.width as u16, (strip.len() / stride) as u16);
                encoder.tile(strip, size, &mut packed);
            }
            Stored::Zip => {
                differences.extend_from_slice(strip);
                deflate(&mut differences, stride, samples, &mut packed)?;
            }
            Stored::Lzw => {
                differences.extend_from_slice(strip);
                difference(&mut differences, stride, samples);
                let mut encoder = LzwEncoder::with_tiff_size_switch(BitOrder::Msb, 8);
                let out = &mut |bytes: &[u8]| packed.extend_from_slice(bytes);
                lzw::compress(&mut encoder, &differences, true, out)?;
            }
        }
        let bytes = if matches!(stored, Stored::Raw) { strip } else { packed.as_slice() };
        if file.len() + bytes.len() > most {
            return Ok(None);
        }
        file.extend_from_slice(bytes);
        strips.counts.push(bytes.len() as u32);
        slice.spend(strip.len() as u64).await;
    }
    Ok(Some(strips))
}

/// Compresses horizontal differences (predictor 2) to a zlib stream. Overwrites the pixels.
pub fn deflate(pixels: &mut [u8], stride: usize, samples: usize, out: &mut Vec<u8>) -> Result<()> {
    difference(pixels, stride, samples);
    let mut encoder = ZlibEncoder::new(out, Compression::default());
    let written = encoder.write_all(pixels).and_then(|()| encoder.try_finish());
    written.map_err(|error| Error::bug("deflate failed").with_detail(error.to_string()))
}

/// Replaces each sample by its difference from the pixel on its left (TIFF 6.0, section 14).
fn difference(pixels: &mut [u8], stride: usize, samples: usize) {
    for row in pixels.chunks_exact_mut(stride) {
        for at in (samples..row.len()).rev() {
            row[at] = row[at].wrapping_sub(row[at - samples]);
        }
    }
}
