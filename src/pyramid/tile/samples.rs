//! Converts stored samples to pixels: predictor, depth, colours, alpha.

use super::Form;
use crate::pyramid::index::{Level, Photometric};

/// Undoes horizontal differencing (TIFF 6.0, section 14) of samples of 8 or 16 bits. `row` is the
/// number of bytes per row, `samples` that of samples per pixel.
pub fn undo_predictor(level: &Level, samples: usize, row: usize, stored: &mut [u8]) {
    if level.bits == 8 {
        for row in stored.chunks_exact_mut(row) {
            for at in samples..row.len() {
                row[at] = row[at].wrapping_add(row[at - samples]);
            }
        }
        return;
    }
    for row in stored.chunks_exact_mut(row) {
        for at in (samples * 2..row.len()).step_by(2) {
            let before = at - samples * 2;
            let left = read16([row[before], row[before + 1]], level.big_endian);
            let here = read16([row[at], row[at + 1]], level.big_endian);
            let sum = write16(here.wrapping_add(left), level.big_endian);
            [row[at], row[at + 1]] = sum;
        }
    }
}

/// Whether samples have neither 8 nor 16 bits, so that [`unpack`] must convert them.
pub fn are_packed(level: &Level) -> bool {
    !matches!(level.bits, 8 | 16)
}

/// Converts packed samples, `width` per row of `row` bytes, to 8 bits. Samples below 8 bits are
/// scaled to 0 to 255, except palette indices. Of longer samples the highest 8 bits remain.
pub fn unpack(level: &Level, width: usize, row: usize, stored: &[u8]) -> Vec<u8> {
    let bits = usize::from(level.bits);
    let mut bytes = Vec::with_capacity(stored.len() / row.max(1) * width);
    for row in stored.chunks_exact(row) {
        if bits > 16 {
            let highest = if level.big_endian { 0 } else { bits / 8 - 1 };
            bytes.extend(row.iter().skip(highest).step_by(bits / 8));
            continue;
        }
        // Samples are not aligned to bytes; the highest bit comes first.
        bytes.extend((0..width).map(|nth| {
            let at = nth * bits;
            let part = |n: usize| u32::from(row.get(at / 8 + n).copied().unwrap_or(0));
            let window = part(0) << 16 | part(1) << 8 | part(2);
            let value = window >> (24 - at % 8 - bits) & ((1 << bits) - 1);
            match bits {
                1..=7 if level.palette.is_none() => (value * 255 / ((1 << bits) - 1)) as u8,
                9..=15 => (value >> (bits - 8)) as u8,
                _ => value as u8,
            }
        }));
    }
    bytes
}

/// Converts premultiplied colours to straight ones, at 8 or 16 bits as stored. Colours with alpha 0
/// become 0.
pub fn undo_premultiplication(level: &Level, stored: &mut [u8]) {
    let Some((alpha, true)) = level.alpha else { return };
    let (samples, alpha) = (usize::from(level.samples), usize::from(alpha));
    if level.depth() == 8 {
        for pixel in stored.chunks_exact_mut(samples) {
            let (colors, rest) = pixel.split_at_mut(alpha);
            let alpha = u32::from(rest[0]);
            colors.iter_mut().for_each(|c| *c = straight(u32::from(*c), alpha, 0xff) as u8);
        }
        return;
    }
    for pixel in stored.chunks_exact_mut(samples * 2) {
        let (colors, rest) = pixel.split_at_mut(alpha * 2);
        let alpha = u32::from(read16([rest[0], rest[1]], level.big_endian));
        for color in colors.chunks_exact_mut(2) {
            let value = u32::from(read16([color[0], color[1]], level.big_endian));
            let value = straight(value, alpha, 0xffff) as u16;
            color.copy_from_slice(&write16(value, level.big_endian));
        }
    }
}

fn read16(bytes: [u8; 2], big_endian: bool) -> u16 {
    if big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
}

fn write16(value: u16, big_endian: bool) -> [u8; 2] {
    if big_endian { value.to_be_bytes() } else { value.to_le_bytes() }
}

fn straight(color: u32, alpha: u32, max: u32) -> u32 {
    // 65535² + 32767 fits into 32 bits.
    (color * max + alpha / 2).checked_div(alpha).unwrap_or(0).min(max)
}

/// Converts interleaved samples with straight alpha to 8-bit pixels of `form`.
pub fn to_pixels(level: &Level, form: Form, stored: &[u8], pixels: &mut Vec<u8>) {
    pixels.clear();
    let convert = match form {
        Form::Drawn => drawn,
        Form::Stored => unconverted,
    };
    let samples = usize::from(level.samples);
    if let Some(palette) = &level.palette {
        for pixel in stored.chunks_exact(samples) {
            let index = 3 * usize::from(pixel[0]);
            pixels.extend_from_slice(palette.get(index..index + 3).unwrap_or(&[0; 3]));
            pixels.extend(alpha(level, pixel));
        }
        return;
    }
    if level.bits == 16 {
        // Takes the high byte, as libvips does.
        let high = usize::from(!level.big_endian);
        let eight: Vec<u8> = stored.iter().copied().skip(high).step_by(2).collect();
        return convert(level, samples, &eight, pixels);
    }
    convert(level, samples, stored, pixels);
}

fn drawn(level: &Level, samples: usize, stored: &[u8], pixels: &mut Vec<u8>) {
    let source = stored.chunks_exact(samples);
    match (level.photometric, level.has_alpha()) {
        (Photometric::MinIsBlack, false) if samples == 1 => pixels.extend_from_slice(stored),
        (Photometric::Rgb | Photometric::YCbCr, false) if samples == 3 => {
            pixels.extend_from_slice(stored);
        }
        (Photometric::Cmyk, _) => unconverted(level, samples, stored, pixels),
        (Photometric::MinIsBlack, false) => pixels.extend(source.map(|pixel| pixel[0])),
        (Photometric::MinIsWhite, false) => pixels.extend(source.map(|pixel| 255 - pixel[0])),
        // `to_pixels` has handled palettes already.
        (Photometric::Rgb | Photometric::YCbCr | Photometric::Palette, false) => {
            pixels.extend(source.flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]));
        }
        (photometric, true) => {
            pixels.extend(source.flat_map(|pixel| {
                let [r, g, b] = match photometric {
                    Photometric::MinIsBlack => [pixel[0]; 3],
                    Photometric::MinIsWhite => [255 - pixel[0]; 3],
                    // CMYK is handled above.
                    Photometric::Rgb
                    | Photometric::YCbCr
                    | Photometric::Palette
                    | Photometric::Cmyk => [pixel[0], pixel[1], pixel[2]],
                };
                [r, g, b, alpha(level, pixel).unwrap_or(255)]
            }));
        }
    }
}

/// Copies colours and alpha, and drops other extra samples. Inverts grey whose 0 is white.
fn unconverted(level: &Level, samples: usize, stored: &[u8], pixels: &mut Vec<u8>) {
    let kind = level.pixel_type();
    let invert = if level.photometric == Photometric::MinIsWhite { 0xff } else { 0 };
    if samples == kind.samples() && invert == 0 {
        return pixels.extend_from_slice(stored);
    }
    for pixel in stored.chunks_exact(samples) {
        pixels.extend(pixel.iter().take(kind.colors()).map(|sample| sample ^ invert));
        pixels.extend(alpha(level, pixel));
    }
}

/// The alpha of a stored pixel. `None` if the level has none. With a mask it is opaque: `Rows`
/// replaces it by the mask.
fn alpha(level: &Level, pixel: &[u8]) -> Option<u8> {
    match level.alpha {
        Some((at, _)) => pixel.get(usize::from(at)).copied(),
        None => level.mask.as_ref().map(|_| 255),
    }
}
