//! Whether a file's tiles are stored without loss or as JPEG: both are made until one has lost.
//!
//! A photograph has lost with its first tile or two, so trying costs it nothing that can be
//! measured. A size chart, a drawing or a scan of text is shorter without loss, and exact.

use crate::pixel::PixelFormat;

/// Bytes that lossless tiles of a level may be behind, whatever their share is: pictures begin
/// with something else than they go on with.
const SLACK: u64 = 64 << 10;

/// A picture of at most this many colours is a drawing. Grey photographs have more shades.
const FEW: usize = 64;

/// Whether lossless tiles are kept at the end, of these lengths of all levels.
pub fn is_lossless(lossless: u64, jpeg: u64, few_colors: bool) -> bool {
    // What a few colours make up is worth twice as long a file.
    lossless <= if few_colors { jpeg.saturating_mul(2) } else { jpeg }
}

/// Whether lossless tiles of a level are so much longer that they need not be made any further.
pub fn is_lost(lossless: u64, jpeg: u64, few_colors: bool) -> bool {
    lossless > SLACK && !is_lossless(lossless - SLACK, jpeg.saturating_mul(3) / 2, few_colors)
}

/// Counts the colours of a picture, as long as they are few.
pub struct Colors {
    samples: usize,
    /// In order; `None` when there are more.
    seen: Option<Vec<[u8; 4]>>,
}

impl Colors {
    /// Of a picture that has no row yet.
    pub fn new(pixel: PixelFormat) -> Self {
        Self { samples: pixel.samples(), seen: Some(Vec::new()) }
    }

    /// Counts those of a row.
    pub fn push_row(&mut self, row: &[u8]) {
        let Some(seen) = &mut self.seen else { return };
        let mut last: &[u8] = &[];
        for pixel in row.chunks_exact(self.samples) {
            if pixel == last {
                continue;
            }
            last = pixel;
            let mut color = [0; 4];
            color.iter_mut().zip(pixel).for_each(|(to, from)| *to = *from);
            if let Err(place) = seen.binary_search(&color) {
                if seen.len() == FEW {
                    self.seen = None;
                    return;
                }
                seen.insert(place, color);
            }
        }
    }

    /// Whether they are few so far.
    pub fn are_few(&self) -> bool {
        self.seen.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::ColorModel;

    #[test]
    fn colours_are_few_up_to_64() {
        let mut colors = Colors::new(PixelFormat { model: ColorModel::Rgb, alpha: false });
        let row: Vec<u8> = (0..64).flat_map(|nth| [nth, 0, 7]).collect();
        colors.push_row(&row);
        colors.push_row(&row);
        assert!(colors.are_few());
        colors.push_row(&[64, 0, 7]);
        assert!(!colors.are_few());
    }

    #[test]
    fn few_colours_may_be_twice_as_long() {
        assert!(is_lossless(100, 100, false) && !is_lossless(101, 100, false));
        assert!(is_lossless(200, 100, true) && !is_lossless(201, 100, true));
        assert!(is_lost(10 * SLACK, SLACK, false) && !is_lost(2 * SLACK, SLACK, false));
    }
}
