//! A picture of how two pictures differ, for people.

use image::{ExtendedColorType, ImageError, codecs::jpeg::JpegEncoder};

use crate::picture::Picture;

/// How much the differences are brightened.
const FACTOR: u8 = 4;

/// The longest side. Of a larger picture, the largest difference of some pixels is shown.
const SIDE: usize = 1200;

/// The JPEG quality of the picture. A PNG of noise would be ten times as long.
const QUALITY: u8 = 90;

/// The differences of two pictures of one size, channel by channel, as a JPEG: black where they are
/// equal.
pub fn difference(old: &Picture, new: &Picture) -> Result<Vec<u8>, ImageError> {
    let step = old.width.max(old.height).div_ceil(SIDE).max(1);
    let (width, height) = (old.width.div_ceil(step), old.height.div_ceil(step));
    let mut shown = vec![0_u8; width * height * 3];
    for background in [255, 0] {
        let (over, other) = (old.over(background), new.over(background));
        for (at, (old, new)) in over.pixels.iter().zip(&other.pixels).enumerate() {
            let (x, y) = (at % over.width / step, at / over.width / step);
            for channel in 0..3 {
                let value = old[channel].abs_diff(new[channel]).saturating_mul(FACTOR);
                let shown = &mut shown[(y * width + x) * 3 + channel];
                *shown = value.max(*shown);
            }
        }
        if !(old.has_alpha() || new.has_alpha()) {
            break;
        }
    }
    let mut jpeg = Vec::new();
    let (width, height) = (width as u32, height as u32);
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode(
        &shown,
        width,
        height,
        ExtendedColorType::Rgb8,
    )?;
    Ok(jpeg)
}
