//! Converts between rows of 8-bit samples and rows of `f32` samples with premultiplied alpha.

use wide::{bytemuck::cast, f32x8, i16x8, u8x16};

use super::{PixelFormat, widen};

/// Converts 8-bit samples with straight alpha to `f32` samples with premultiplied alpha.
pub fn load_row(pixel: PixelFormat, row: &[u8], line: &mut Vec<f32>) {
    if !pixel.alpha {
        line.resize(row.len(), 0.0);
        let (blocks, rest) = line.as_chunks_mut::<16>();
        let (bytes, last) = row.as_chunks::<16>();
        for (block, bytes) in blocks.iter_mut().zip(bytes) {
            *block = widened(*bytes);
        }
        for (out, &sample) in rest.iter_mut().zip(last) {
            *out = f32::from(sample);
        }
        return;
    }
    line.clear();
    match pixel.samples() {
        4 => line.extend(row.chunks_exact(4).flat_map(|pixel| {
            let [r, g, b, a] = [pixel[0], pixel[1], pixel[2], pixel[3]].map(f32::from);
            let alpha = a * (1.0 / 255.0);
            [r * alpha, g * alpha, b * alpha, a]
        })),
        samples => {
            for pixel in row.chunks_exact(samples) {
                let alpha = f32::from(pixel[samples - 1]);
                let colors = pixel.iter().take(samples - 1);
                line.extend(colors.map(|&color| f32::from(color) * (alpha * (1.0 / 255.0))));
                line.push(alpha);
            }
        }
    }
}

/// Converts premultiplied `f32` samples back to 8-bit samples with straight alpha.
pub fn store_row(pixel: PixelFormat, line: &[f32], row: &mut [u8]) {
    match (pixel.alpha, pixel.samples()) {
        (false, _) => {
            let (blocks, last) = row.as_chunks_mut::<16>();
            let (floats, rest) = line.as_chunks::<16>();
            for (block, floats) in blocks.iter_mut().zip(floats) {
                *block = rounded(floats);
            }
            for (out, &sample) in last.iter_mut().zip(rest) {
                *out = round(sample);
            }
        }
        (true, 4) => {
            for (out, pixel) in row.chunks_exact_mut(4).zip(line.chunks_exact(4)) {
                out.copy_from_slice(&straight([pixel[0], pixel[1], pixel[2], pixel[3]]));
            }
        }
        (true, samples) => {
            for (out, pixel) in row.chunks_exact_mut(samples).zip(line.chunks_exact(samples)) {
                let alpha = pixel[samples - 1];
                let factor = if alpha > 0.0 { 255.0 / alpha } else { 0.0 };
                for (out, &color) in out.iter_mut().zip(pixel) {
                    *out = round(color * factor);
                }
                out[samples - 1] = round(alpha);
            }
        }
    }
}

/// Clamps premultiplied `f32` samples to the range of 8-bit samples, without rounding: alpha to
/// 0 to 255, colours to 0 to alpha.
pub fn clamp_row(pixel: PixelFormat, line: &mut [f32]) {
    if pixel.alpha {
        let samples = pixel.samples();
        for pixel in line.chunks_exact_mut(samples) {
            let alpha = pixel[samples - 1].clamp(0.0, 255.0);
            pixel.iter_mut().for_each(|sample| *sample = sample.clamp(0.0, alpha));
        }
    } else {
        line.iter_mut().for_each(|sample| *sample = sample.clamp(0.0, 255.0));
    }
}

/// Fills a row with copies of a pixel.
pub fn repeat(pixel: &[u8], row: &mut [u8]) {
    let mut filled = pixel.len().min(row.len());
    row[..filled].copy_from_slice(&pixel[..filled]);
    while (1..row.len()).contains(&filled) {
        let len = filled.min(row.len() - filled);
        row.copy_within(..len, filled);
        filled += len;
    }
}

/// Sixteen samples as floats.
#[inline]
fn widened(samples: [u8; 16]) -> [f32; 16] {
    let bytes = u8x16::new(samples);
    cast([widen::lower_floats(bytes), widen::upper_floats(bytes)])
}

/// Applies [`round`] to sixteen samples.
#[inline]
fn rounded(samples: &[f32; 16]) -> [u8; 16] {
    let eights: [f32x8; 2] = cast(*samples);
    let [low, high] = eights
        .map(|eight| i16x8::from_i32x8_saturate((eight + f32x8::splat(0.5)).fast_trunc_int()));
    u8x16::narrow_i16x8(low, high).to_array()
}

/// ITU-R BT.601 luma in thousandths, rounded.
pub fn luma([r, g, b]: [u8; 3]) -> u8 {
    ((299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b) + 500) / 1000) as u8
}

/// Converts a premultiplied pixel to 8-bit samples with straight alpha.
pub fn straight([r, g, b, alpha]: [f32; 4]) -> [u8; 4] {
    let factor = if alpha > 0.0 { 255.0 / alpha } else { 0.0 };
    [round(r * factor), round(g * factor), round(b * factor), round(alpha)]
}

/// Rounds to 8 bits, half up, and clamps; NaN becomes 0. It clamps as an integer, which every
/// machine can vectorise; `f32::max` is a function call on some.
#[inline]
pub fn round(value: f32) -> u8 {
    ((value + 0.5) as i32).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::ColorModel;

    #[test]
    fn opaque_rows_survive_the_trip_through_floats() {
        let row: Vec<u8> = (0..=255).flat_map(|v| [v, 255 - v, 7, 255]).collect();
        let (mut line, mut back) = (Vec::new(), vec![0; row.len()]);
        load_row(PixelFormat::RGBA, &row, &mut line);
        store_row(PixelFormat::RGBA, &line, &mut back);
        assert_eq!(back, row);
    }

    #[test]
    fn a_pixel_of_any_model_is_premultiplied_and_made_straight() {
        for model in [ColorModel::Gray, ColorModel::Rgb, ColorModel::Cmyk] {
            let pixel = PixelFormat { model, alpha: true };
            let row: Vec<u8> = (0..pixel.colors() as u8).map(|at| at * 60).chain([102]).collect();
            let (mut line, mut back) = (Vec::new(), vec![0; row.len()]);
            load_row(pixel, &row, &mut line);
            assert_eq!(line.last(), Some(&102.0));
            let colors = line.iter().zip(&row).take(pixel.colors());
            assert!(colors.clone().all(|(line, row)| (line - f32::from(*row) * 0.4).abs() < 1e-4));
            store_row(pixel, &line, &mut back);
            assert_eq!(back, row);
        }
    }

    #[test]
    fn a_pixel_of_any_format_fills_rows_of_any_length() {
        for (samples, len) in (1..=5).flat_map(|samples| (0..40).map(move |len| (samples, len))) {
            let (pixel, mut row) = (&[7, 6, 5, 4, 3][..samples], vec![0; len]);
            repeat(pixel, &mut row);
            let wanted: Vec<u8> = pixel.iter().copied().cycle().take(len).collect();
            assert_eq!(row, wanted);
        }
    }

    #[test]
    fn samples_out_of_range_are_brought_into_it() {
        let mut line = [-3.5, 7.25, 260.0];
        clamp_row(PixelFormat::RGB, &mut line);
        assert_eq!(line, [0.0, 7.25, 255.0]);
        // A premultiplied colour never exceeds its alpha.
        let mut line = [90.5, -1.0, 80.0, 80.5, 10.0, 20.0, 30.0, 300.0];
        clamp_row(PixelFormat::RGBA, &mut line);
        assert_eq!(line, [80.5, 0.0, 80.0, 80.5, 10.0, 20.0, 30.0, 255.0]);
    }
}
