//! Compresses one tile.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::error::{Error, Result};

/// Appends a JPEG stream without tables; the tables, the same for all tiles of a quality, are
/// returned as `JPEGTables` (347) wants them.
pub fn jpeg(
    pixels: &[u8],
    tile: u32,
    channels: usize,
    quality: u8,
    out: &mut Vec<u8>,
) -> Result<Vec<u8>> {
    let mut stream = Vec::with_capacity(pixels.len() / 4);
    let mut encoder = Encoder::new(&mut stream, quality);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    let color = if channels == 1 { ColorType::Luma } else { ColorType::Rgb };
    encoder
        .encode(pixels, tile as u16, tile as u16, color)
        .map_err(|error| Error::bug("the JPEG encoder failed").with_detail(error.to_string()))?;
    split(&stream, out).ok_or_else(|| Error::bug("the JPEG encoder wrote no scan"))
}

/// Parts a stream into tables and the rest: DQT and DHT are shared, JFIF's APP0 says nothing
/// that the TIFF does not.
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
            0xdb | 0xc4 => tables.extend_from_slice(segment),
            0xe0 => {}
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
