//! YCbCr to RGB in whole numbers.
//!
//! The decoder's own conversion rounds the last pixels of a row otherwise than the rest, and on
//! each machine a different number of them: a picture would not have the same bytes everywhere.

use crate::raster::round;

/// Bits behind the point.
const BITS: u32 = 16;

/// Converts pixels of three samples in place (ITU-R BT.601, full range, as JFIF has it).
pub fn to_rgb(pixels: &mut [u8]) {
    const fn fixed(hundred_thousandths: i64) -> i32 {
        ((hundred_thousandths * (1 << BITS) + 50_000) / 100_000) as i32
    }
    const RED: i32 = fixed(140_200);
    const GREEN: [i32; 2] = [fixed(34_414), fixed(71_414)];
    const BLUE: i32 = fixed(177_200);
    let narrow = |value: i32| (value >> BITS).clamp(0, 255) as u8;
    for pixel in pixels.as_chunks_mut::<3>().0 {
        let [y, cb, cr] = pixel.map(i32::from);
        let y = (y << BITS) + (1 << (BITS - 1));
        let (cb, cr) = (cb - 128, cr - 128);
        *pixel = [
            narrow(y + RED * cr),
            narrow(y - GREEN[0] * cb - GREEN[1] * cr),
            narrow(y + BLUE * cb),
        ];
    }
}

/// A row of planes (Y, Cb, Cr; 0 to 255, not rounded yet) to interleaved RGB.
pub fn row_to_rgb([luma, cb, cr]: [&[f32]; 3], row: &mut [u8]) {
    let pixels = row.as_chunks_mut::<3>().0;
    let whole = luma.len() / BLOCK * BLOCK;
    let blocks = luma.as_chunks().0.iter().zip(cb.as_chunks().0).zip(cr.as_chunks().0);
    for (((luma, cb), cr), pixels) in blocks.zip(pixels.chunks_mut(BLOCK)) {
        block_to_rgb([luma, cb, cr], pixels);
    }
    let rest = [luma, cb, cr].map(|line| {
        let mut block = [0.0; BLOCK];
        block.iter_mut().zip(line.iter().skip(whole)).for_each(|(to, from)| *to = *from);
        block
    });
    block_to_rgb(rest.each_ref(), pixels.get_mut(whole..).unwrap_or_default());
}

/// Pixels that are computed together.
const BLOCK: usize = 8;

fn block_to_rgb([luma, cb, cr]: [&[f32; BLOCK]; 3], pixels: &mut [[u8; 3]]) {
    let mut rgb = [[0; BLOCK]; 3];
    for at in 0..BLOCK {
        let (cb, cr) = (cb[at] - 128.0, cr[at] - 128.0);
        rgb[0][at] = round(luma[at] + 1.402 * cr);
        rgb[1][at] = round(luma[at] - 0.344_14 * cb - 0.714_14 * cr);
        rgb[2][at] = round(luma[at] + 1.772 * cb);
    }
    for (at, pixel) in pixels.iter_mut().take(BLOCK).enumerate() {
        *pixel = [rgb[0][at], rgb[1][at], rgb[2][at]];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_jfif() {
        let mut pixels = [0, 128, 128, 255, 128, 128, 76, 85, 255, 150, 44, 21, 29, 255, 107];
        to_rgb(&mut pixels);
        let expected = [0, 0, 0, 255, 255, 255, 254, 0, 0, 0, 255, 1, 0, 0, 254];
        assert_eq!(pixels, expected);
    }

    #[test]
    fn rows_of_planes_are_converted_alike() {
        let pixels: Vec<u8> = (0..3 * 21).map(|n| (n * 37 % 256) as u8).collect();
        let plane = |nth| pixels.iter().skip(nth).step_by(3).map(|&v| v.into()).collect();
        let planes: [Vec<f32>; 3] = [0, 1, 2].map(plane);
        let mut row = vec![0; pixels.len()];
        row_to_rgb(planes.each_ref().map(Vec::as_slice), &mut row);
        let mut whole = pixels.clone();
        to_rgb(&mut whole);
        // Halves may be rounded either way.
        assert!(row.iter().zip(&whole).all(|(one, other)| one.abs_diff(*other) <= 1));
        assert_ne!(row, pixels);
    }

    #[test]
    fn a_pixel_is_the_same_wherever_it_stands() {
        let one = [100, 90, 200];
        let mut row: Vec<u8> = one.iter().copied().cycle().take(3 * 37).collect();
        to_rgb(&mut row);
        assert!(row.chunks_exact(3).all(|pixel| pixel == &row[..3]));
    }
}
