//! Decodes the composite: interleaves its planes into 8-bit pixels.

use std::io;

use azulejo::pixel::PixelFormat;

use super::{
    header::{Header, Mode},
    rows::PlaneRows,
};
use crate::{File, Unreadable};

/// Which planes become samples.
pub(super) struct Channels {
    /// The pixel type of the result.
    pub pixel: PixelFormat,
    /// The number of the plane that holds alpha, if there is one.
    pub alpha_plane: Option<usize>,
}

/// Decodes the composite to height × width × samples bytes. `palette` holds 256 reds, 256 greens
/// and 256 blues for indexed colour. Fails on an unknown compression.
pub(super) fn composite(
    file: &mut Box<dyn File + '_>,
    header: &Header,
    Channels { pixel, alpha_plane }: Channels,
    palette: &[u8],
) -> io::Result<Result<Vec<u8>, Unreadable>> {
    let (width, height) = (header.size.width as usize, header.size.height as usize);
    let mut rows = match PlaneRows::new(file, header)? {
        Ok(rows) => rows,
        Err(unreadable) => return Ok(Err(unreadable)),
    };
    let samples = pixel.samples();
    let mut data = vec![0; width * height * samples];
    let mut stored = Vec::new();
    let colors = header.color_planes();
    for plane in 0..alpha_plane.map_or(colors, |alpha| alpha + 1) {
        let is_alpha = alpha_plane == Some(plane);
        for out in data.chunks_exact_mut(width * samples) {
            rows.next(&mut stored)?;
            // Planes between the colours and alpha are saved selections or spot colours.
            if plane >= colors && !is_alpha {
                continue;
            }
            let values = to_8_bits(header.depth, &stored);
            for (pixel, value) in out.chunks_exact_mut(samples).zip(values) {
                match header.mode {
                    Mode::Indexed if !is_alpha => {
                        let index = usize::from(value);
                        let color =
                            |nth: usize| palette.get(nth * 256 + index).copied().unwrap_or(0);
                        pixel.iter_mut().zip(0..3).for_each(|(out, nth)| *out = color(nth));
                    }
                    // A bitmap stores black as 1, and CMYK stores full ink as 0.
                    Mode::Bitmap | Mode::Cmyk if !is_alpha => pixel[plane] = 255 - value,
                    Mode::Bitmap | Mode::Gray | Mode::Indexed | Mode::Rgb | Mode::Cmyk => {
                        pixel[if is_alpha { samples - 1 } else { plane }] = value;
                    }
                }
            }
        }
    }
    Ok(Ok(data))
}

/// Converts the samples of a row to 8 bits. 32-bit samples are linear light as floats.
fn to_8_bits(depth: u16, stored: &[u8]) -> Vec<u8> {
    match depth {
        1 => stored
            .iter()
            .flat_map(|byte| (0..8).map(move |bit| 255 * (byte >> (7 - bit) & 1)))
            .collect(),
        16 => stored.iter().copied().step_by(2).collect(),
        32 => {
            let floats = stored.as_chunks::<4>().0.iter().map(|&bytes| f32::from_be_bytes(bytes));
            floats.map(srgb_encode).collect()
        }
        _ => stored.to_vec(),
    }
}

/// Encodes linear light, 0 to 1, as an sRGB sample (IEC 61966-2-1).
fn srgb_encode(light: f32) -> u8 {
    let light = f64::from(light).max(0.0).min(1.0);
    let value = if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * libm::pow(light, 1.0 / 2.4) - 0.055
    };
    (value * 255.0 + 0.5) as u8
}

/// Unblends one pixel from the white background that the composite shows under transparent layers.
/// In CMYK, white is 0 in all channels. The last sample is alpha.
pub(super) fn remove_white_matte(pixel: &mut [u8]) {
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
    fn the_white_background_is_removed_from_transparent_pixels() {
        // Black at half opacity over white is grey.
        let mut pixels = [127, 127, 255, 128];
        remove_white_matte(&mut pixels);
        assert_eq!(pixels, [0, 0, 255, 128]);
        let mut transparent = [255, 255, 255, 0];
        remove_white_matte(&mut transparent);
        assert_eq!(transparent, [255, 255, 255, 0]);
    }

    #[test]
    fn linear_light_is_encoded_as_srgb() {
        assert_eq!([0.0, 0.5, 1.0, 7.0, f32::NAN].map(srgb_encode), [0, 188, 255, 255, 0]);
    }
}
