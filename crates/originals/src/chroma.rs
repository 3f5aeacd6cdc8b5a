//! Detects pictures that 4:2:0 chroma subsampling would damage visibly.
//!
//! Coloured text and thin coloured lines suffer from it. There, a tenth of the pixels of some
//! 32 × 32 blocks change visibly. Photographs have such pixels too, at sharp edges between colours,
//! but very few blocks contain many. In a set of 32 photographs no picture had more than 1 % of
//! such blocks; every banner with two lines of coloured text had 2 %.

use azulejo::pixel::{ColorModel, PixelFormat};

/// Width and height of a block in pixels.
const BLOCK: usize = 32;

/// About this many blocks are sampled, spread over the picture.
const SAMPLED_BLOCKS: usize = 2048;

/// A pixel changes visibly above this sum of the squared changes of red, green and blue: 24 levels
/// in each.
const VISIBLE_CHANGE: i32 = 3 * 24 * 24;

/// A block is damaged if one in this many of its pixels changes visibly.
const PIXELS_PER_DAMAGED: usize = 10;

/// A picture needs full chroma if one in this many of its blocks is damaged.
const BLOCKS_PER_DAMAGED: usize = 100;

/// Whether 4:2:0 would damage the picture of these rows, so that it needs 4:4:4. Only complete
/// blocks count, and only RGB without alpha can need it.
pub(crate) fn needs_full_chroma(pixel: PixelFormat, width: u32, data: &[u8]) -> bool {
    const RGB: PixelFormat = PixelFormat { model: ColorModel::Rgb, alpha: false };
    let stride = width as usize * pixel.samples();
    if pixel != RGB || stride == 0 {
        return false;
    }
    let (across, down) = (width as usize / BLOCK, data.len() / stride / BLOCK);
    let step = (across * down / SAMPLED_BLOCKS).max(1);
    // A step that divides the width would visit the same columns in every row.
    let step = if across > 0 && across.is_multiple_of(step) { step + 1 } else { step };
    let sampled = (0..across * down).step_by(if across * down > SAMPLED_BLOCKS { step } else { 1 });
    let (mut all, mut damaged) = (0, 0);
    for nth in sampled {
        let at = nth / across * BLOCK * stride + nth % across * BLOCK * 3;
        all += 1;
        damaged += usize::from(data.get(at..).is_some_and(|block| is_damaged(block, stride)));
    }
    damaged * BLOCKS_PER_DAMAGED > all
}

/// Whether 4:2:0 would damage the block whose first sample is `data[0]`.
fn is_damaged(data: &[u8], stride: usize) -> bool {
    let mut changed = 0;
    for rows in data.chunks(2 * stride).take(BLOCK / 2) {
        let (Some(above), Some(below)) =
            (rows.get(..BLOCK * 3), rows.get(stride..stride + BLOCK * 3))
        else {
            return false;
        };
        let pairs = above.as_chunks::<6>().0.iter().zip(below.as_chunks::<6>().0);
        changed += pairs.map(|(above, below)| changed_pixels(above, below)).sum::<usize>();
    }
    changed * PIXELS_PER_DAMAGED >= BLOCK * BLOCK
}

/// How many of 2 × 2 RGB pixels change visibly when all four get their mean chroma.
fn changed_pixels(above: &[u8; 6], below: &[u8; 6]) -> usize {
    let chroma = |[r, g, b]: [u8; 3]| {
        let [r, g, b] = [r, g, b].map(i32::from);
        // Chroma × 256 (ITU-T T.871).
        [128 * b - 43 * r - 85 * g, 128 * r - 107 * g - 21 * b]
    };
    let [a, b, c, d, e, f] = *above;
    let [g, h, i, j, k, l] = *below;
    let pixels = [[a, b, c], [d, e, f], [g, h, i], [j, k, l]].map(chroma);
    let [mean_blue, mean_red] = [0, 1].map(|nth| pixels.iter().map(|p| p[nth]).sum::<i32>() / 4);
    let is_changed = |&&[blue, red]: &&[i32; 2]| {
        let (blue, red) = ((blue - mean_blue) / 16, (red - mean_red) / 16);
        // The change of red, green and blue, × 16.
        let changes = [red * 359 / 256, (blue * 88 + red * 183) / 256, blue * 454 / 256];
        changes.iter().map(|change| change * change).sum::<i32>() > VISIBLE_CHANGE * 256
    };
    pixels.iter().filter(is_changed).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RGB: PixelFormat = PixelFormat { model: ColorModel::Rgb, alpha: false };

    fn picture(color: impl Fn(usize, usize) -> [u8; 3]) -> Vec<u8> {
        (0..64 * 64).flat_map(|nth| color(nth % 64, nth / 64)).collect()
    }

    #[test]
    fn thin_coloured_lines_need_full_chroma() {
        let lines = picture(|x, _| if x % 3 == 0 { [220, 0, 40] } else { [255; 3] });
        assert!(needs_full_chroma(RGB, 64, &lines));
    }

    #[test]
    fn grey_lines_and_smooth_colours_do_not_need_full_chroma() {
        let grey = picture(|x, _| if x % 3 == 0 { [0; 3] } else { [255; 3] });
        assert!(!needs_full_chroma(RGB, 64, &grey));
        let smooth = picture(|x, y| [x as u8 * 4, y as u8 * 4, 128]);
        assert!(!needs_full_chroma(RGB, 64, &smooth));
        assert!(!needs_full_chroma(RGB, 64, &[]) && !needs_full_chroma(RGB, 0, &[]));
    }

    #[test]
    fn a_single_edge_between_colours_does_not_need_full_chroma() {
        let edge = picture(|x, _| if x < 33 { [220, 0, 40] } else { [0, 160, 60] });
        assert!(!needs_full_chroma(RGB, 64, &edge));
    }
}
