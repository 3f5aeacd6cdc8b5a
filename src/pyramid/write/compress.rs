//! Compresses one tile.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use jpeg_encoder::{
    ColorType, Encoder, ImageBuffer, JpegColorType, QuantizationTableType, SamplingFactor,
};

use crate::{
    color::Halved,
    error::{Error, Result},
    raster::ColorModel,
};

/// Appends a JPEG stream without tables; the tables, the same for all tiles of a quality, are
/// returned as `JPEGTables` (347) wants them.
pub fn jpeg(
    pixels: &[u8],
    tile: u32,
    model: ColorModel,
    quality: u8,
    out: &mut Vec<u8>,
) -> Result<Vec<u8>> {
    let mut stream = Vec::with_capacity(pixels.len() / 4);
    let mut encoder = Encoder::new(&mut stream, quality);
    let side = tile as u16;
    let encoded = match model {
        ColorModel::Grey => encoder.encode(pixels, side, side, ColorType::Luma),
        ColorModel::Rgb => {
            encoder.set_sampling_factor(SamplingFactor::F_2_2);
            encoder.encode_image(Halved { pixels, width: side, height: side })
        }
        ColorModel::Cmyk => {
            // Every ink is as dear as brightness: no coarser steps, no halving.
            let table = || QuantizationTableType::Custom(Box::new(steps(quality)));
            encoder.set_quantization_tables(table(), table());
            encoder.set_sampling_factor(SamplingFactor::F_1_1);
            encoder.encode_image(Inks { pixels, side })
        }
    };
    encoded
        .map_err(|error| Error::bug("the JPEG encoder failed").with_detail(error.to_string()))?;
    split(&stream, out).ok_or_else(|| Error::bug("the JPEG encoder wrote no scan"))
}

/// Inks as TIFF has them, 255 all of it; the encoder's own form is the reverse.
struct Inks<'a> {
    pixels: &'a [u8],
    side: u16,
}

impl ImageBuffer for Inks<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Cmyk
    }

    fn width(&self) -> u16 {
        self.side
    }

    fn height(&self) -> u16 {
        self.side
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let stride = usize::from(self.side) * 4;
        let row = self.pixels.chunks_exact(stride).nth(usize::from(y)).unwrap_or_default();
        for pixel in row.as_chunks::<4>().0 {
            buffers.iter_mut().zip(pixel).for_each(|(buffer, &ink)| buffer.push(ink));
        }
    }
}

/// The steps of brightness (ITU-T T.81, table K.1) at a quality, as libjpeg scales them.
fn steps(quality: u8) -> [u16; 64] {
    #[rustfmt::skip]
    const STEPS: [u16; 64] = [
        16, 11, 10, 16, 24, 40, 51, 61,
        12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77,
        24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101,
        72, 92, 95, 98, 112, 100, 103, 99,
    ];
    let quality = u16::from(quality.clamp(1, 100));
    let percent = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    STEPS.map(|step| ((u32::from(step) * u32::from(percent) + 50) / 100).clamp(1, 255) as u16)
}

/// Parts a stream into tables and the rest: DQT and DHT are shared.
fn split(stream: &[u8], out: &mut Vec<u8>) -> Option<Vec<u8>> {
    const START: [u8; 2] = [0xff, 0xd8];
    let mut tables = START.to_vec();
    out.extend_from_slice(&START);
    let mut rest = stream.strip_prefix(&START)?;
    loop {
        let &[0xff, marker, high, low] = rest.first_chunk::<4>()? else { return None };
        let len = 2 + usize::from(u16::from_be_bytes([high, low]));
        let (segment, behind) = rest.split_at_checked(len)?;
        match marker {
            // What the TIFF says itself: density, and that four components are inks.
            0xe0 | 0xee => {}
            0xdb | 0xc4 => tables.extend_from_slice(segment),
            0xda => {
                out.extend_from_slice(rest);
                tables.extend_from_slice(&[0xff, 0xd9]);
                return Some(tables);
            }
            _ => out.extend_from_slice(segment),
        }
        rest = behind;
    }
}

/// Appends a zlib stream of horizontal differences (predictor 2); `pixels` is used up.
pub fn deflate(pixels: &mut [u8], stride: usize, channels: usize, out: &mut Vec<u8>) -> Result<()> {
    for row in pixels.chunks_exact_mut(stride) {
        for at in (channels..row.len()).rev() {
            row[at] = row[at].wrapping_sub(row[at - channels]);
        }
    }
    let mut encoder = ZlibEncoder::new(out, Compression::default());
    let written = encoder.write_all(pixels).and_then(|()| encoder.try_finish());
    written.map_err(|error| Error::bug("deflate failed").with_detail(error.to_string()))
}
