//! The tones of a whole image: what an operation has to know of pixels that it may not get.

use crate::pixel::{Raster, luma};

/// The median and the range of an image's luma, in 8-bit steps, before any operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tone {
    /// Half of the pixels are darker.
    pub median: f32,
    /// The difference between the darkest and the brightest hundredth of the pixels.
    pub range: f32,
}

/// Of an image whose tones are unknown: middle grey, from black to white.
impl Default for Tone {
    fn default() -> Self {
        Self { median: 127.5, range: 255.0 }
    }
}

impl Tone {
    /// The tones of an image. Pixels count as much as they are opaque.
    pub fn of(raster: &Raster) -> Self {
        let mut counts = [0; 256];
        let colors = raster.pixel.colors();
        for pixel in raster.data.chunks_exact(raster.pixel.samples()) {
            let (color, alpha) = pixel.split_at(colors);
            let luma = match *color {
                [r, g, b] => luma([r, g, b]),
                _ => color.first().copied().unwrap_or_default(),
            };
            if let Some(count) = counts.get_mut(usize::from(luma)) {
                *count += u64::from(alpha.first().copied().unwrap_or(255));
            }
        }
        if counts == [0; 256] {
            return Self::default();
        }
        let [low, median, high] = [1, 50, 99].map(|percent| quantile(&counts, percent));
        Self { median, range: high - low }
    }
}

/// The luma below which so many percent of the pixels lie. A count stands for luma from half a step
/// below to half a step above.
fn quantile(counts: &[u64; 256], percent: u64) -> f32 {
    let wanted = counts.iter().sum::<u64>() * percent;
    let mut below = 0;
    for (luma, count) in (0_u8..=255).zip(counts) {
        let next = below + count * 100;
        if next >= wanted && next > below {
            return f32::from(luma) - 0.5 + (wanted - below) as f32 / (next - below) as f32;
        }
        below = next;
    }
    255.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::PixelFormat;

    fn tone(pixel: PixelFormat, data: Vec<u8>) -> Tone {
        let width = (data.len() / pixel.samples()) as u32;
        Tone::of(&Raster { width, height: 1, pixel, data })
    }

    #[test]
    fn a_gradient_has_its_middle_and_its_whole_range() {
        let Tone { median, range } = tone(PixelFormat::GRAY, (0..=255).collect());
        assert_eq!(median, 127.5);
        assert!((range - 0.98 * 256.0).abs() < 1e-3, "{range}");
    }

    #[test]
    fn outliers_do_not_widen_the_range() {
        let mut data = [[100; 500], [140; 500]].concat();
        data.extend([0, 255]);
        let Tone { median, range } = tone(PixelFormat::GRAY, data);
        assert!((99.5..=140.5).contains(&median), "{median}");
        assert!((38.0..=42.0).contains(&range), "{range}");
    }

    #[test]
    fn transparent_pixels_do_not_count() {
        let data = [[255, 0, 0, 255], [255, 255, 255, 0], [255, 255, 255, 0]].concat();
        let found = tone(PixelFormat::RGBA, data);
        assert!((found.median - 76.0).abs() < 0.5 && found.range < 1.0, "{found:?}");
        assert_eq!(tone(PixelFormat::RGBA, vec![9, 9, 9, 0]), Tone::default());
    }
}
