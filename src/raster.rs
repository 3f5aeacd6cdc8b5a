//! Pixel buffers: 8 bits a sample, interleaved, alpha straight.
//!
//! Straight alpha is kept because a picture that is only copied must come out unchanged;
//! kernels premultiply in their `f32` rows, where nothing is lost.

use wide::{bytemuck::cast, f32x8, i16x8, u8x16};

use crate::time_slice::TimeSlice;

/// The colours of a pixel, without its alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColorModel {
    /// One sample, 0 is black.
    Grey,
    /// Red, green, blue.
    Rgb,
    /// Cyan, magenta, yellow, black; 255 is all of an ink.
    Cmyk,
}

/// What the 8-bit samples of a pixel are: its colours and, behind them, a straight alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelType {
    /// The colours.
    pub model: ColorModel,
    /// Whether an alpha follows them.
    pub alpha: bool,
}

impl PixelType {
    /// Samples of the colours: 1, 3 or 4.
    pub fn colors(self) -> usize {
        match self.model {
            ColorModel::Grey => 1,
            ColorModel::Rgb => 3,
            ColorModel::Cmyk => 4,
        }
    }

    /// Samples per pixel, 1 to 5.
    pub fn samples(self) -> usize {
        self.colors() + usize::from(self.alpha)
    }
}

/// A picture of width × height × channels: 1 grey, 3 RGB, 4 RGB with straight alpha.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Samples per pixel: 1, 3 or 4.
    pub channels: usize,
    /// The samples, row by row, `width × height × channels` of them.
    pub data: Vec<u8>,
}

impl Raster {
    /// A raster with all samples 0: black, or transparent.
    pub fn new(width: u32, height: u32, channels: usize) -> Self {
        let len = width as usize * height as usize * channels;
        Self { width, height, channels, data: vec![0; len] }
    }

    /// Samples in a row.
    pub fn stride(&self) -> usize {
        self.width as usize * self.channels
    }

    /// Row `y`; empty outside the raster.
    pub fn row(&self, y: u32) -> &[u8] {
        let start = y as usize * self.stride();
        self.data.get(start..start + self.stride()).unwrap_or_default()
    }

    /// Row `y`, to write; empty outside the raster.
    pub fn row_mut(&mut self, y: u32) -> &mut [u8] {
        let stride = self.stride();
        let start = y as usize * stride;
        self.data.get_mut(start..start + stride).unwrap_or_default()
    }

    /// The alpha channel of four, as grey; there is none in fewer.
    pub async fn alpha(&self, slice: &mut TimeSlice<'_>) -> Self {
        let mut grey = Self { channels: 1, data: Vec::with_capacity(self.data.len() / 4), ..*self };
        for y in 0..self.height {
            grey.data.extend(self.row(y).iter().skip(3).step_by(4));
            slice.spend(u64::from(self.width) / 8).await;
        }
        grey
    }
}

/// 8-bit samples to `f32`, colours premultiplied.
pub fn load_row(channels: usize, row: &[u8], line: &mut Vec<f32>) {
    line.clear();
    if channels == 4 {
        line.extend(row.chunks_exact(4).flat_map(|pixel| {
            let [r, g, b, a] = [pixel[0], pixel[1], pixel[2], pixel[3]].map(f32::from);
            let alpha = a * (1.0 / 255.0);
            [r * alpha, g * alpha, b * alpha, a]
        }));
    } else {
        line.extend(row.iter().map(|&sample| f32::from(sample)));
    }
}

/// `f32` samples back to 8 bits, colours made straight.
pub fn store_row(channels: usize, line: &[f32], row: &mut [u8]) {
    if channels == 4 {
        for (out, pixel) in row.chunks_exact_mut(4).zip(line.chunks_exact(4)) {
            out.copy_from_slice(&straight([pixel[0], pixel[1], pixel[2], pixel[3]]));
        }
    } else {
        let (blocks, last) = row.as_chunks_mut::<16>();
        let (floats, rest) = line.as_chunks::<16>();
        for (block, floats) in blocks.iter_mut().zip(floats) {
            *block = rounded(floats);
        }
        for (out, &sample) in last.iter_mut().zip(rest) {
            *out = round(sample);
        }
    }
}

/// Brings `f32` samples, colours premultiplied, to what 8-bit samples could be, unrounded.
pub fn clamp_row(channels: usize, line: &mut [f32]) {
    if channels == 4 {
        for pixel in line.as_chunks_mut::<4>().0 {
            let [.., alpha] = *pixel;
            let alpha = alpha.clamp(0.0, 255.0);
            *pixel = pixel.map(|sample| sample.clamp(0.0, alpha));
        }
    } else {
        line.iter_mut().for_each(|sample| *sample = sample.clamp(0.0, 255.0));
    }
}

/// [`round`] of sixteen samples.
#[inline]
fn rounded(samples: &[f32; 16]) -> [u8; 16] {
    let eights: [f32x8; 2] = cast(*samples);
    let [low, high] = eights
        .map(|eight| i16x8::from_i32x8_saturate((eight + f32x8::splat(0.5)).fast_trunc_int()));
    u8x16::narrow_i16x8(low, high).to_array()
}

/// A premultiplied pixel to straight 8-bit samples.
pub fn straight([r, g, b, alpha]: [f32; 4]) -> [u8; 4] {
    let factor = if alpha > 0.0 { 255.0 / alpha } else { 0.0 };
    [round(r * factor), round(g * factor), round(b * factor), round(alpha)]
}

/// To 8 bits, half up; NaN becomes 0. By way of whole numbers, which all machines have vectors
/// for: `f32::max` is a call on some.
#[inline]
pub fn round(value: f32) -> u8 {
    ((value + 0.5) as i32).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opaque_rows_survive_the_trip_through_floats() {
        let row: Vec<u8> = (0..=255).flat_map(|v| [v, 255 - v, 7, 255]).collect();
        let (mut line, mut back) = (Vec::new(), vec![0; row.len()]);
        load_row(4, &row, &mut line);
        store_row(4, &line, &mut back);
        assert_eq!(back, row);
    }

    #[test]
    fn samples_out_of_range_are_brought_into_it() {
        let mut line = [-3.5, 7.25, 260.0];
        clamp_row(3, &mut line);
        assert_eq!(line, [0.0, 7.25, 255.0]);
        // A premultiplied colour is no lighter than its alpha.
        let mut line = [90.5, -1.0, 80.0, 80.5, 10.0, 20.0, 30.0, 300.0];
        clamp_row(4, &mut line);
        assert_eq!(line, [80.5, 0.0, 80.0, 80.5, 10.0, 20.0, 30.0, 255.0]);
    }
}
