//! Decides whether the tiles of a file are lossless or JPEG. The writer makes both, and drops the
//! lossless ones as soon as they are clearly longer.
//!
//! With a photograph that happens after a tile or two, so the attempt costs next to nothing. A size
//! chart, a drawing or a scan of text is shorter without loss, and exact.

use crate::pixel::PixelFormat;

/// Bytes by which the lossless tiles of a level may be longer in any case, since the top of an
/// image may differ from the rest.
const SLACK: u64 = 64 << 10;

/// An image of at most this many colours counts as a drawing. Grey photographs have more shades.
const FEW: usize = 64;

/// The final decision: whether lossless tiles are stored. The lengths are those of all levels in
/// bytes.
pub fn is_lossless(lossless: u64, jpeg: u64, few_colors: bool) -> bool {
    // With few colours, an exact image is worth twice the length.
    lossless <= if few_colors { jpeg.saturating_mul(2) } else { jpeg }
}

/// The early decision: whether the lossless tiles of a level are so much longer, after the same
/// number of tiles, that the writer drops them.
pub fn is_lost(lossless: u64, jpeg: u64, few_colors: bool) -> bool {
    lossless > SLACK && !is_lossless(lossless - SLACK, jpeg.saturating_mul(3) / 2, few_colors)
}

/// Counts the distinct colours of an image, up to the limit of few colours.
pub struct Colors {
    samples: usize,
    /// The colours so far, sorted; `None` if there are more than [`FEW`].
    seen: Option<Vec<[u8; 4]>>,
}

impl Colors {
    /// A counter for an image without rows yet.
    pub fn new(pixel: PixelFormat) -> Self {
        Self { samples: pixel.samples(), seen: Some(Vec::new()) }
    }

    /// Counts the colours of a row.
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

    /// Whether the rows so far have at most 64 colours.
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
