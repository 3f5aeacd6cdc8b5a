//! Whether a picture suffers where its colours are stored once for two by two pixels (4:2:0).
//!
//! Coloured type and thin coloured lines do, and lie close together: in some blocks of 32 pixels a
//! tenth of the pixels change visibly. Photographs have such pixels too, at sharp edges between
//! colours, but hardly a block that is full of them: of 32 photographs none had one in a hundred,
//! of banners with two lines of coloured type each had two.

use azulejo::raster::{ColorModel, PixelType};

/// Pixels across and down a block.
const BLOCK: usize = 32;

/// As many blocks are looked at, or a few more, spread over the picture.
const BLOCKS: usize = 2048;

/// The sum of the squared changes of red, green and blue from which a pixel is another colour: 24
/// levels in each.
const VISIBLE: i32 = 3 * 24 * 24;

/// One in so many pixels of a block that suffers.
const PIXELS: usize = 10;

/// One in so many blocks of a picture that suffers.
const SHARE: usize = 100;

/// Whether the picture of these rows suffers. Blocks are looked at that lie in it whole.
pub(crate) fn suffers(pixel: PixelType, width: u32, data: &[u8]) -> bool {
    const RGB: PixelType = PixelType { model: ColorModel::Rgb, alpha: false };
    let stride = width as usize * pixel.samples();
    if pixel != RGB || stride == 0 {
        return false;
    }
    let (across, down) = (width as usize / BLOCK, data.len() / stride / BLOCK);
    let step = (across * down / BLOCKS).max(1);
    // A step that shares no factor with the width goes through all columns.
    let step = if across > 0 && across.is_multiple_of(step) { step + 1 } else { step };
    let looked_at = (0..across * down).step_by(if across * down > BLOCKS { step } else { 1 });
    let (mut all, mut bad) = (0, 0);
    for nth in looked_at {
        let at = nth / across * BLOCK * stride + nth % across * BLOCK * 3;
        all += 1;
        bad += usize::from(data.get(at..).is_some_and(|block| block_suffers(block, stride)));
    }
    bad * SHARE > all
}

/// Whether the block suffers that begins here.
fn block_suffers(data: &[u8], stride: usize) -> bool {
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
    changed * PIXELS >= BLOCK * BLOCK
}

/// How many of two by two pixels are visibly others with the mean of their chroma.
fn changed_pixels(above: &[u8; 6], below: &[u8; 6]) -> usize {
    let chroma = |[r, g, b]: [u8; 3]| {
        let [r, g, b] = [r, g, b].map(i32::from);
        // In 256ths (ITU-T T.871).
        [128 * b - 43 * r - 85 * g, 128 * r - 107 * g - 21 * b]
    };
    let [a, b, c, d, e, f] = *above;
    let [g, h, i, j, k, l] = *below;
    let pixels = [[a, b, c], [d, e, f], [g, h, i], [j, k, l]].map(chroma);
    let [mean_blue, mean_red] = [0, 1].map(|nth| pixels.iter().map(|p| p[nth]).sum::<i32>() / 4);
    let is_changed = |&&[blue, red]: &&[i32; 2]| {
        let (blue, red) = ((blue - mean_blue) / 16, (red - mean_red) / 16);
        // What that is in red, green and blue, in 16ths.
        let changes = [red * 359 / 256, (blue * 88 + red * 183) / 256, blue * 454 / 256];
        changes.iter().map(|change| change * change).sum::<i32>() > VISIBLE * 256
    };
    pixels.iter().filter(is_changed).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RGB: PixelType = PixelType { model: ColorModel::Rgb, alpha: false };

    fn picture(color: impl Fn(usize, usize) -> [u8; 3]) -> Vec<u8> {
        (0..64 * 64).flat_map(|nth| color(nth % 64, nth / 64)).collect()
    }

    #[test]
    fn thin_coloured_lines_suffer() {
        let lines = picture(|x, _| if x % 3 == 0 { [220, 0, 40] } else { [255; 3] });
        assert!(suffers(RGB, 64, &lines));
    }

    #[test]
    fn grey_lines_and_smooth_colours_do_not() {
        let grey = picture(|x, _| if x % 3 == 0 { [0; 3] } else { [255; 3] });
        assert!(!suffers(RGB, 64, &grey));
        let smooth = picture(|x, y| [x as u8 * 4, y as u8 * 4, 128]);
        assert!(!suffers(RGB, 64, &smooth));
        assert!(!suffers(RGB, 64, &[]) && !suffers(RGB, 0, &[]));
    }

    #[test]
    fn one_edge_between_colours_is_a_photographs_too() {
        let edge = picture(|x, _| if x < 33 { [220, 0, 40] } else { [0, 160, 60] });
        assert!(!suffers(RGB, 64, &edge));
    }
}
