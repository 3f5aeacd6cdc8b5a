//! The composite: planes, one after the other, joined to pixels of 8 bits.

use std::io;

use azulejo::raster::PixelType;

use super::{
    header::{Header, Mode},
    rows::Rows,
};
use crate::{File, Unreadable};

/// The planes of the colours and, where there is one, that of the alpha, joined to pixels.
pub(super) fn composite(
    file: &mut Box<dyn File + '_>,
    header: &Header,
    (pixel, alpha): (PixelType, Option<usize>),
    palette: &[u8],
) -> io::Result<Result<Vec<u8>, Unreadable>> {
    let (width, height) = (header.size.0 as usize, header.size.1 as usize);
    let mut rows = match Rows::new(file, header)? {
        Ok(rows) => rows,
        Err(unreadable) => return Ok(Err(unreadable)),
    };
    let samples = pixel.samples();
    let mut data = vec![0; width * height * samples];
    let mut stored = Vec::new();
    let colors = header.planes();
    for plane in 0..alpha.map_or(colors, |alpha| alpha + 1) {
        let is_alpha = alpha == Some(plane);
        for out in data.chunks_exact_mut(width * samples) {
            rows.next(&mut stored)?;
            // Between colours and alpha lie channels that are neither.
            if plane >= colors && !is_alpha {
                continue;
            }
            let values = eight_bits(header.depth, &stored);
            for (pixel, value) in out.chunks_exact_mut(samples).zip(values) {
                match header.mode {
                    Mode::Indexed if !is_alpha => {
                        let index = usize::from(value);
                        let color =
                            |nth: usize| palette.get(nth * 256 + index).copied().unwrap_or(0);
                        pixel.iter_mut().zip(0..3).for_each(|(out, nth)| *out = color(nth));
                    }
                    // Black is 1 in bitmaps; inks are stored reversed.
                    Mode::Bitmap | Mode::Cmyk if !is_alpha => pixel[plane] = 255 - value,
                    Mode::Bitmap | Mode::Grey | Mode::Indexed | Mode::Rgb | Mode::Cmyk => {
                        pixel[if is_alpha { samples - 1 } else { plane }] = value;
                    }
                }
            }
        }
    }
    Ok(Ok(data))
}

/// The samples of a row as bytes. Those of 32 bits are light, not steps of it.
fn eight_bits(depth: u16, stored: &[u8]) -> Vec<u8> {
    match depth {
        1 => stored
            .iter()
            .flat_map(|byte| (0..8).map(move |bit| 255 * (byte >> (7 - bit) & 1)))
            .collect(),
        16 => stored.iter().copied().step_by(2).collect(),
        32 => {
            let floats = stored.as_chunks::<4>().0.iter().map(|&bytes| f32::from_be_bytes(bytes));
            floats.map(encoded).collect()
        }
        _ => stored.to_vec(),
    }
}

/// Light to an sRGB sample (IEC 61966-2-1).
fn encoded(light: f32) -> u8 {
    let light = f64::from(light).max(0.0).min(1.0);
    let value = if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * libm::pow(light, 1.0 / 2.4) - 0.055
    };
    (value * 255.0 + 0.5) as u8
}

/// Takes out the white that the composite shows under thin layers (of inks: no ink).
pub(super) fn without_white(pixel: &mut [u8]) {
    let Some((&mut alpha, colors)) = pixel.split_last_mut() else { return };
    let white = if colors.len() == 4 { 0 } else { 255 };
    let alpha = i32::from(alpha);
    for color in colors {
        let over = (i32::from(*color) - white) * 255;
        let straight = over.checked_div(alpha).map_or(white, |over| white + over);
        *color = straight.clamp(0, 255) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_is_taken_out_of_what_is_thin() {
        // Half black over white is grey; it was black.
        let mut pixels = [127, 127, 255, 128];
        without_white(&mut pixels);
        assert_eq!(pixels, [0, 0, 255, 128]);
        let mut nothing = [255, 255, 255, 0];
        without_white(&mut nothing);
        assert_eq!(nothing, [255, 255, 255, 0]);
    }

    #[test]
    fn light_becomes_steps() {
        assert_eq!([0.0, 0.5, 1.0, 7.0, f32::NAN].map(encoded), [0, 188, 255, 255, 0]);
    }
}
