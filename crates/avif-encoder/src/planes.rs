//! The planes of a picture: RGB becomes YCbCr by the matrix of BT.601 in full range, as in JPEG
//! (ITU-T T.871, section 7).

use crate::Picture;

/// The planes of an AV1 stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Luma alone.
    Gray,
    /// 4:2:0: one sample of both chroma planes per 2 × 2 pixels.
    Yuv420,
    /// 4:4:4: one sample of both per pixel.
    Yuv444,
}

/// The samples of a picture that a stream holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Samples {
    /// Grey levels.
    Gray,
    /// Colours; in 4:4:4 if `full_chroma`.
    Colors {
        /// Whether chroma has a sample for each pixel.
        full_chroma: bool,
    },
    /// Alpha.
    Alpha,
}

impl Samples {
    /// The planes that store them.
    pub fn layout(self) -> Layout {
        match self {
            Self::Gray | Self::Alpha => Layout::Gray,
            Self::Colors { full_chroma: false } => Layout::Yuv420,
            Self::Colors { full_chroma: true } => Layout::Yuv444,
        }
    }
}

impl Layout {
    /// The number of planes.
    pub fn planes(self) -> usize {
        if self == Self::Gray { 1 } else { 3 }
    }
}

/// Fills the rows of a plane: luma, grey or alpha is plane 0, chroma 1 and 2. Rows may be longer
/// than the plane, and more.
pub fn fill<'a>(
    picture: &'a Picture,
    samples: Samples,
    plane: usize,
    rows: impl Iterator<Item = &'a mut [u8]>,
) {
    let channels = usize::from(picture.channels);
    let stride = picture.width as usize * channels;
    let pixels = picture.pixels.chunks_exact(stride);
    match (samples, plane) {
        (Samples::Gray, _) => fill_channel(pixels.zip(rows), channels, 0),
        (Samples::Alpha, _) => fill_channel(pixels.zip(rows), channels, channels - 1),
        (Samples::Colors { .. }, 0) => {
            for (pixels, row) in pixels.zip(rows) {
                for (pixel, to) in pixels.chunks_exact(channels).zip(row) {
                    if let [r, g, b, ..] = *pixel {
                        *to = luma([r, g, b]);
                    }
                }
            }
        }
        (Samples::Colors { full_chroma: true }, plane) => {
            for (pixels, row) in pixels.zip(rows) {
                for (pixel, to) in pixels.chunks_exact(channels).zip(row) {
                    *to = chroma(sum(&[pixel]), 0, plane);
                }
            }
        }
        (Samples::Colors { full_chroma: false }, plane) => {
            let pairs = picture.pixels.chunks(2 * stride);
            for (pair, row) in pairs.zip(rows) {
                let (upper, lower) = pair.split_at(stride);
                // The last row of an odd height counts twice, and so does the last column.
                let lower = if lower.is_empty() { upper } else { lower };
                let blocks = upper.chunks(2 * channels).zip(lower.chunks(2 * channels));
                for ((upper, lower), to) in blocks.zip(row) {
                    let (left, below) = (upper.split_at(channels), lower.split_at(channels));
                    let right = |(left, right)| if <[u8]>::is_empty(right) { left } else { right };
                    *to = chroma(sum(&[left.0, right(left), below.0, right(below)]), 2, plane);
                }
            }
        }
    }
}

/// Fills rows with one channel.
fn fill_channel<'a>(
    rows: impl Iterator<Item = (&'a [u8], &'a mut [u8])>,
    channels: usize,
    channel: usize,
) {
    for (pixels, row) in rows {
        let values = pixels.iter().skip(channel).step_by(channels);
        row.iter_mut().zip(values).for_each(|(to, value)| *to = *value);
    }
}

/// The sums of the red, green and blue of pixels.
fn sum(pixels: &[&[u8]]) -> [i32; 3] {
    let mut sums = [0; 3];
    for pixel in pixels {
        sums.iter_mut().zip(*pixel).for_each(|(sum, value)| *sum += i32::from(*value));
    }
    sums
}

/// Bits after the binary point of the coefficients.
const BITS: u32 = 16;
const HALF: i32 = 1 << (BITS - 1);

/// A coefficient of the matrix as an integer.
const fn fixed(coefficient: f64) -> i32 {
    (coefficient * (1 << BITS) as f64 + 0.5) as i32
}

/// Luma of a pixel. The three coefficients add up to 1.
fn luma([r, g, b]: [u8; 3]) -> u8 {
    let [r, g, b] = [r, g, b].map(i32::from);
    const R: i32 = fixed(0.299);
    const B: i32 = fixed(0.114);
    ((R * r + ((1 << BITS) - R - B) * g + B * b + HALF) >> BITS) as u8
}

/// The blue difference (plane 1) or the red one (plane 2) of `1 << shift` pixels, whose channels are
/// summed.
fn chroma([r, g, b]: [i32; 3], shift: u32, plane: usize) -> u8 {
    // 0.5 · 0.299 / (1 − 0.114) and 0.5 · 0.587 / (1 − 0.299). Coefficients of a plane add up to 0.
    const R_OF_BLUE: i32 = fixed(0.168_735_892);
    const G_OF_RED: i32 = fixed(0.418_687_589);
    let bits = BITS + shift;
    let difference = match plane {
        1 => HALF * b - R_OF_BLUE * r - (HALF - R_OF_BLUE) * g,
        _ => HALF * r - G_OF_RED * g - (HALF - G_OF_RED) * b,
    };
    ((difference + (128 << bits) + (1 << (bits - 1))) >> bits).min(255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All three samples of a pixel, as numbers.
    fn converted(pixel: [u8; 3]) -> [u8; 3] {
        let [blue, red] = [1, 2].map(|plane| chroma(pixel.map(i32::from), 0, plane));
        [luma(pixel), blue, red]
    }

    #[test]
    fn colours_convert_as_the_formula_says() {
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let [red, green, blue] = [r, g, b].map(f64::from);
                    let y = 0.299 * red + 0.587 * green + 0.114 * blue;
                    let wanted = [y, (blue - y) / 1.772 + 128.0, (red - y) / 1.402 + 128.0];
                    let found = converted([r, g, b]).map(f64::from);
                    for (wanted, found) in wanted.iter().zip(found) {
                        let apart = (wanted.min(255.0) - found).abs();
                        assert!(apart <= 0.501, "{r} {g} {b}: {found}, not {wanted}");
                    }
                }
            }
        }
    }

    #[test]
    fn grey_has_no_chroma() {
        for level in 0..=255 {
            assert_eq!(converted([level; 3]), [level, 128, 128]);
            assert_eq!(chroma([4 * i32::from(level); 3], 2, 1), 128);
        }
    }
}
