//! A JPEG tile: its stream, and the tables it may share with all tiles of its level.

use jpeg_decoder::{ColorTransform, Decoder};

use super::ycbcr;
use crate::{
    error::{Error, Result},
    pyramid::index::{Level, Photometric},
};

/// Decodes a tile into exactly `rows` rows of the level's samples. A tile whose own size is
/// another gives the part that both have.
pub fn decode(
    level: &Level,
    bytes: &[u8],
    rows: u32,
    stream: &mut Vec<u8>,
    out: &mut Vec<u8>,
) -> Result<()> {
    join(level.jpeg_tables.as_deref(), bytes, stream);
    let samples = usize::from(level.samples);
    let frame = frame(stream).ok_or_else(|| Error::bad_source("a JPEG tile has no frame"))?;
    // The decoder is not asked for what it would refuse loudly, or what is far too large.
    if usize::from(frame.components) != samples || frame.bits != 8 {
        let message = format!("a JPEG tile of {} × {} bits", frame.components, frame.bits);
        return Err(Error::bad_source(message));
    }
    let (width, height) = (u64::from(frame.width), u64::from(frame.height));
    // Some writers round up to whole blocks; more than that the plan has not counted.
    let most = |side: u32| u64::from(side.next_multiple_of(16)) + 16;
    if width > most(level.tile_width) || height > most(level.tile_height) {
        let message = format!("a JPEG tile of {width} × {height} pixels is larger than its place");
        return Err(Error::bad_source(message));
    }
    let mut decoder = Decoder::new(stream.as_slice());
    // The directory decides what the components are, not the markers of the stream.
    let ycbcr = level.photometric == Photometric::YCbCr && samples == 3;
    match (level.photometric, samples) {
        (Photometric::YCbCr, 4) => decoder.set_color_transform(ColorTransform::YCCK),
        // YCbCr is handed out as it is and converted here, alike on every machine.
        (_, 3) => decoder.set_color_transform(ColorTransform::RGB),
        (Photometric::Rgb | Photometric::MinIsBlack | Photometric::MinIsWhite, 4) => {
            decoder.set_color_transform(ColorTransform::CMYK);
        }
        // One component needs none; with four inks an Adobe marker may say YCCK.
        _ => {}
    }
    let pixels = decoder.decode().map_err(|error| {
        Error::bad_source("a JPEG tile is damaged").with_detail(error.to_string())
    })?;
    fit(&pixels, usize::from(frame.width) * samples, level, rows, out);
    if ycbcr {
        ycbcr::to_rgb(out);
    }
    // The decoder takes four components for inks and hands out 255 − ink; of YCCK the first
    // three are RGB then, which is right where the fourth is alpha.
    let inverted = if level.photometric == Photometric::YCbCr { 3 } else { 0 };
    if samples == 4 {
        for pixel in out.chunks_exact_mut(4) {
            pixel.iter_mut().skip(inverted).for_each(|sample| *sample = 255 - *sample);
        }
    }
    Ok(())
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

fn fit(pixels: &[u8], stride: usize, level: &Level, rows: u32, out: &mut Vec<u8>) {
    let want = level.tile_width as usize * usize::from(level.samples);
    out.clear();
    out.resize(want * rows as usize, 0);
    if stride == 0 {
        return;
    }
    for (target, source) in out.chunks_exact_mut(want).zip(pixels.chunks_exact(stride)) {
        let shared = want.min(stride);
        if let (Some(target), Some(source)) = (target.get_mut(..shared), source.get(..shared)) {
            target.copy_from_slice(source);
        }
    }
}

struct Frame {
    bits: u8,
    width: u16,
    height: u16,
    components: u8,
}

/// The frame header (ITU-T T.81, B.2.2).
fn frame(stream: &[u8]) -> Option<Frame> {
    let mut rest = stream.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let (marker, behind) = match rest {
            [0xff, 0xff, ..] => {
                rest = rest.get(1..)?;
                continue;
            }
            [0xff, marker, behind @ ..] => (*marker, behind),
            _ => return None,
        };
        if matches!(marker, 0xd0..=0xd9 | 0x01) {
            rest = behind;
            continue;
        }
        let len = usize::from(u16::from_be_bytes([*behind.first()?, *behind.get(1)?]));
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let &[_, _, bits, h1, h0, w1, w0, components] = behind.first_chunk::<8>()?;
            let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
            return Some(Frame { bits, width, height, components });
        }
        rest = behind.get(len..)?;
    }
}
