//! Decodes the channels of a layer to 8 bits.

use std::io::Read as _;

use anyhow::{Result, bail, ensure};
use flate2::read::ZlibDecoder;
use originals::photoshop;

use super::{
    bytes::Bytes,
    file::Psd,
    layer::{Layer, Rect},
};

/// The number of the channel with a layer's alpha.
const ALPHA: i16 = -1;
/// The number of the channel with the mask that is painted by hand.
const MASK: i16 = -2;

impl Psd<'_> {
    /// The pixels of a layer with its mask applied: RGBA, or grey with alpha.
    pub fn pixels(&self, layer: &Layer) -> Result<Vec<u8>> {
        let colors = if self.gray { 1 } else { 3 };
        let [width, height] = layer.rect.size();
        let samples = colors + 1;
        let mut pixels = vec![255; width * height * samples];
        for channel in (0..colors as i16).chain([ALPHA]) {
            let place = usize::try_from(channel).unwrap_or(colors);
            let Some(plane) = self.plane(layer, channel, layer.rect)? else {
                ensure!(channel == ALPHA, "a layer lacks channel {channel}");
                continue;
            };
            for (pixel, sample) in pixels.chunks_exact_mut(samples).zip(plane) {
                pixel[place] = sample;
            }
        }
        if let Some((rect, around)) = layer.mask {
            let mask = self.plane(layer, MASK, rect)?.unwrap_or_default();
            apply_mask(&mut pixels, samples, layer.rect, (&mask, rect, around));
        }
        Ok(pixels)
    }

    /// A channel in 8 bits; `None` if the layer lacks it.
    fn plane(&self, layer: &Layer, channel: i16, rect: Rect) -> Result<Option<Vec<u8>>> {
        let Some(&(_, stored)) = layer.channels.iter().find(|(number, _)| *number == channel)
        else {
            return Ok(None);
        };
        let [width, height] = rect.size();
        let stride = width * usize::from(self.depth / 8);
        let mut bytes = Bytes(stored);
        let compression = bytes.u16()?;
        let mut plane = Vec::new();
        match compression {
            0 => plane.extend_from_slice(bytes.take(stride * height)?),
            1 => {
                // The lengths of all rows stand before them.
                let width = if self.large { 4 } else { 2 };
                let lengths = bytes.take(height.saturating_mul(width))?;
                for digits in lengths.chunks_exact(width) {
                    let len = digits.iter().fold(0, |sum, &digit| sum << 8 | usize::from(digit));
                    let end = plane.len() + stride;
                    azulejo::pyramid::unpack_bits(bytes.take(len)?, end, &mut plane);
                    plane.resize(end, 0);
                }
            }
            2 | 3 => {
                let limit = (stride * height) as u64;
                ZlibDecoder::new(bytes.0).take(limit).read_to_end(&mut plane)?;
                ensure!(plane.len() as u64 == limit, "the channel of a layer ends too early");
                if compression == 3 {
                    plane
                        .chunks_exact_mut(stride)
                        .for_each(|row| photoshop::undo_prediction(self.depth, row));
                }
            }
            other => bail!("a layer has the compression {other}: expected 0 to 3"),
        }
        if self.depth == 16 {
            plane = plane.iter().copied().step_by(2).collect();
        }
        Ok(Some(plane))
    }
}

/// Multiplies alpha by a mask with a rectangle of its own.
fn apply_mask(
    pixels: &mut [u8],
    samples: usize,
    layer: Rect,
    (mask, rect, around): (&[u8], Rect, u8),
) {
    let [width, _] = layer.size();
    let [mask_width, mask_height] = rect.size();
    for (nth, pixel) in pixels.chunks_exact_mut(samples).enumerate() {
        let place = |from: i32, nth: usize, mask_from: i32, len: usize| {
            let at = i64::from(from) + nth as i64 - i64::from(mask_from);
            usize::try_from(at).ok().filter(|&at| at < len)
        };
        let x = place(layer.left, nth % width.max(1), rect.left, mask_width);
        let y = place(layer.top, nth / width.max(1), rect.top, mask_height);
        let value = x.zip(y).and_then(|(x, y)| mask.get(y * mask_width + x)).unwrap_or(&around);
        if let Some(alpha) = pixel.last_mut() {
            *alpha = ((u32::from(*alpha) * u32::from(*value) + 127) / 255) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::ZlibEncoder};

    use super::*;
    use crate::psd::Section;

    fn deflated(code: u8, samples: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(vec![0, code], Compression::fast());
        encoder.write_all(samples).unwrap();
        encoder.finish().unwrap()
    }

    /// The pixels of a grey layer of 2 × 2 whose channels are stored like this.
    fn pixels(depth: u16, gray: &[u8], alpha: &[u8]) -> Result<Vec<u8>> {
        let psd =
            Psd { large: false, size: [2, 2], gray: true, depth, profile: None, layers: vec![] };
        psd.pixels(&Layer {
            name: String::new(),
            rect: Rect { left: 5, top: 5, right: 7, bottom: 7 },
            blend: *b"norm",
            opacity: 255,
            fill_opacity: 255,
            clipped: false,
            visible: true,
            mask: None,
            section: Section::Layer,
            blocks: Vec::new(),
            channels: vec![(0, gray), (ALPHA, alpha)],
        })
    }

    #[test]
    fn all_compressions_and_depths_are_read() {
        let expected = [1, 9, 2, 8, 3, 7, 4, 6];
        let raw = ([0, 0, 1, 2, 3, 4], [0, 0, 9, 8, 7, 6]);
        assert_eq!(pixels(8, &raw.0, &raw.1).unwrap(), expected);
        // Two rows of three bytes: two literals each.
        let packed = [0, 1, 0, 3, 0, 3, 1, 1, 2, 1, 3, 4];
        assert_eq!(pixels(8, &packed, &raw.1).unwrap(), expected);
        let stream = deflated(2, &[1, 2, 3, 4]);
        assert_eq!(pixels(8, &stream, &raw.1).unwrap(), expected);
        let differences = deflated(3, &[1, 1, 3, 1]);
        assert_eq!(pixels(8, &differences, &raw.1).unwrap(), expected);
        let gray = deflated(3, &[1, 50, 1, 0, 3, 50, 1, 0]);
        let alpha = deflated(2, &[9, 1, 8, 1, 7, 1, 6, 1]);
        assert_eq!(pixels(16, &gray, &alpha).unwrap(), expected);
    }

    #[test]
    fn channels_that_end_too_early_are_an_error() {
        let alpha = [0, 0, 9, 8, 7, 6];
        let short = deflated(2, &[1, 2, 3]);
        for gray in [&[0, 0, 1, 2, 3][..], &[0, 1, 0, 9, 0, 9, 1], &short, &[0, 9], &[]] {
            assert!(pixels(8, gray, &alpha).is_err(), "{gray:?}");
        }
    }

    #[test]
    fn a_mask_with_a_rectangle_of_its_own_is_multiplied_into_alpha() {
        let mut pixels = [10, 200, 10, 200, 10, 200, 10, 200];
        let layer = Rect { left: 0, top: 0, right: 2, bottom: 2 };
        let mask = Rect { left: 1, top: 0, right: 2, bottom: 1 };
        apply_mask(&mut pixels, 2, layer, (&[255], mask, 51));
        assert_eq!(pixels, [10, 40, 10, 200, 10, 40, 10, 40]);
    }
}
