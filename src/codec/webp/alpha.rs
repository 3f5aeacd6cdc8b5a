//! The alpha channel of lossy files: losslessly compressed, beside the colours (RFC 9649,
//! section 2.7.1.2).

use super::{riff, vp8l};
use crate::{pixel::Raster, time_slice::TimeSlice};

/// The width and height of the squares whose invisible pixels take on one colour.
const SQUARE: usize = 8;

/// The compression of the chunk.
const LOSSLESS: u8 = 1;

/// Appends the chunk of a raster's alpha: a lossless picture whose green is alpha, without its head.
pub async fn write(raster: &Raster, mut file: Vec<u8>, slice: &mut TimeSlice<'_>) -> Vec<u8> {
    let samples = raster.pixel.samples();
    let alpha = raster.data.iter().skip(samples - 1).step_by(samples);
    let pixels = alpha.map(|&alpha| 0xff00_0000 | u32::from(alpha) << 8).collect();
    let start = riff::begin_chunk(b"ALPH", &mut file);
    file.push(LOSSLESS);
    let picture = vp8l::Picture { pixels, width: raster.width as usize };
    let mut file = vp8l::encode(picture, file, slice).await;
    riff::end_chunk(start, &mut file);
    file
}

/// Whether a raster is opaque.
pub fn is_opaque(raster: &Raster) -> bool {
    let samples = raster.pixel.samples();
    !raster.pixel.alpha || raster.data.iter().skip(samples - 1).step_by(samples).all(|&a| a == 255)
}

/// Replaces the colours of invisible pixels by the mean of the visible ones in the same square, or
/// by those of the square before: they cost bits, and colour the edges of what is visible (I22).
pub fn flatten(raster: &mut Raster) {
    let (samples, stride) = (raster.pixel.samples(), raster.stride());
    let mut mean = [0; 4];
    for rows in raster.data.chunks_mut(stride * SQUARE) {
        for left in (0..stride).step_by(samples * SQUARE) {
            let right = (left + samples * SQUARE).min(stride);
            let (mut sums, mut invisible) = ([0_u32; 4], false);
            for row in rows.chunks_exact(stride) {
                for pixel in row[left..right].chunks_exact(samples) {
                    let alpha = u32::from(pixel[samples - 1]);
                    invisible |= alpha == 0;
                    for (sum, &sample) in sums.iter_mut().zip(&pixel[..samples - 1]) {
                        *sum += alpha * u32::from(sample);
                    }
                    sums[3] += alpha;
                }
            }
            if sums[3] > 0 {
                mean = sums.map(|sum| ((sum + sums[3] / 2) / sums[3]) as u8);
            }
            if !invisible {
                continue;
            }
            for row in rows.chunks_exact_mut(stride) {
                for pixel in row[left..right].chunks_exact_mut(samples) {
                    if let Some((0, colors)) = pixel.split_last_mut() {
                        colors.copy_from_slice(&mean[..samples - 1]);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::PixelFormat;

    #[test]
    fn invisible_pixels_take_on_the_colour_beside_them() {
        let mut raster = Raster::new(19, 9, PixelFormat::RGBA);
        for (at, pixel) in raster.data.chunks_exact_mut(4).enumerate() {
            // The squares in the middle and of the last row have nothing to see.
            let (x, y) = (at % 19, at / 19);
            let visible = y < 8 && !(3..=17).contains(&x);
            pixel.copy_from_slice(&if visible { [90, x as u8, 30, 200] } else { [255, 0, 255, 0] });
        }
        let before = raster.clone();
        flatten(&mut raster);
        for (at, (new, old)) in
            raster.data.chunks_exact(4).zip(before.data.chunks_exact(4)).enumerate()
        {
            match (old[3], at % 19, at / 19) {
                (0, x, y) => {
                    let green = if y < 8 && x < 16 { 1 } else { 18 };
                    assert_eq!(new, [90, green, 30, 0], "{x}, {y}");
                }
                _ => assert_eq!(new, old),
            }
        }
    }
}
