//! Streams that [`super::baseline`] does not read: progressive ones, several scans, inks.

use jpeg_decoder::{ColorTransform, Decoder};

use super::header::is_adobe;
use crate::{
    error::{Error, Result},
    pyramid::index::{Compression, Level, Photometric},
};

/// Decodes a stream into interleaved samples as the level has them; YCbCr stays what it is.
pub fn decode(level: &Level, bytes: &[u8], stream: &mut Vec<u8>) -> Result<Vec<u8>> {
    join(level.jpeg_tables.as_deref(), bytes, stream);
    let samples = usize::from(level.samples);
    let mut decoder = Decoder::new(stream.as_slice());
    // The directory decides what the components are, not the markers of the stream.
    match (level.photometric, samples) {
        (Photometric::YCbCr, 4) => decoder.set_color_transform(ColorTransform::YCCK),
        (_, 3) => decoder.set_color_transform(ColorTransform::RGB),
        (Photometric::Rgb | Photometric::MinIsBlack | Photometric::MinIsWhite, 4) => {
            decoder.set_color_transform(ColorTransform::CMYK);
        }
        // One component needs none; with four inks an Adobe marker may say YCCK.
        _ => {}
    }
    let mut pixels = decoder.decode().map_err(|error| {
        Error::bad_source("a JPEG tile is damaged").with_detail(error.to_string())
    })?;
    // The decoder takes four components for inks and hands out 255 − ink; of YCCK the first
    // three are RGB then, which is right where the fourth is alpha.
    let inverted = if level.photometric == Photometric::YCbCr { 3 } else { 0 };
    // Files, unlike tiles, say by Adobe's segment whether 255 is no ink: then it is undone.
    let adobe = matches!(level.compression, Compression::JpegFile(_)) && is_adobe(bytes);
    if samples == 4 && !adobe {
        for pixel in pixels.chunks_exact_mut(4) {
            pixel.iter_mut().skip(inverted).for_each(|sample| *sample = 255 - *sample);
        }
    }
    Ok(pixels)
}

/// Tables without their end, then the stream without its start (TIFF technical note 2).
fn join(tables: Option<&[u8]>, bytes: &[u8], stream: &mut Vec<u8>) {
    const START: [u8; 2] = [0xff, 0xd8];
    const END: [u8; 2] = [0xff, 0xd9];
    stream.clear();
    match (tables, bytes.strip_prefix(&START)) {
        (Some(tables), Some(body)) => {
            stream.extend_from_slice(tables.strip_suffix(&END).unwrap_or(tables));
            stream.extend_from_slice(body);
        }
        _ => stream.extend_from_slice(bytes),
    }
}
