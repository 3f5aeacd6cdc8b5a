//! Converts YCbCr to RGB in integers.
//!
//! A library decoder's own conversion rounds the last pixels of a row differently from the rest,
//! and how many depends on the machine. This one gives the same bytes everywhere.

use wide::{bytemuck::cast, f32x4, i16x8, i32x4, i32x8, u8x16};

use crate::pixel::widen;

/// Bits after the binary point.
const BITS: u32 = 16;

/// Converts a pixel of YCbCr to RGB (ITU-R BT.601, full range, as JFIF defines it).
#[inline(always)]
pub fn rgb(pixel: [u8; 3]) -> [u8; 3] {
    const fn fixed(hundred_thousandths: i64) -> i32 {
        ((hundred_thousandths * (1 << BITS) + 50_000) / 100_000) as i32
    }
    const RED: i32 = fixed(140_200);
    const GREEN: [i32; 2] = [fixed(34_414), fixed(71_414)];
    const BLUE: i32 = fixed(177_200);
    let narrow = |value: i32| (value >> BITS).clamp(0, 255) as u8;
    let [y, cb, cr] = pixel.map(i32::from);
    let y = (y << BITS) + (1 << (BITS - 1));
    let (cb, cr) = (cb - 128, cr - 128);
    [narrow(y + RED * cr), narrow(y - GREEN[0] * cb - GREEN[1] * cr), narrow(y + BLUE * cb)]
}

/// Pixels that [`lines_to_rgb`] converts together.
const SPAN: usize = 16;

/// Converts lines of Y, Cb and Cr to interleaved RGB, with exactly the results of [`rgb`].
pub fn lines_to_rgb([luma, cb, cr]: [&[u8]; 3], pixels: &mut [u8]) {
    let (spans, rest) = pixels.as_chunks_mut::<{ 3 * SPAN }>();
    let spans_of = |line| <[u8]>::as_chunks::<SPAN>(line).0.iter();
    let whole = spans.len().min(luma.len() / SPAN).min(cb.len() / SPAN).min(cr.len() / SPAN);
    for (((y, cb), cr), span) in spans_of(luma).zip(spans_of(cb)).zip(spans_of(cr)).zip(spans) {
        let [red, green, blue] = span_to_rgb([*y, *cb, *cr].map(u8x16::new));
        let colors = red.iter().zip(&green).zip(&blue);
        for (pixel, ((red, green), blue)) in span.as_chunks_mut::<3>().0.iter_mut().zip(colors) {
            *pixel = [*red, *green, *blue];
        }
    }
    let samples = luma.iter().zip(cb).zip(cr).skip(whole * SPAN);
    for (pixel, ((y, cb), cr)) in rest.as_chunks_mut::<3>().0.iter_mut().zip(samples) {
        *pixel = rgb([*y, *cb, *cr]);
    }
}

/// Converts sixteen pixels. Factors that do not fit 16 bits are split into two summands.
#[inline(always)]
fn span_to_rgb([y, cb, cr]: [u8x16; 3]) -> [[u8; SPAN]; 3] {
    let middle = i16x8::splat(128);
    let pairs = [u8x16::unpack_low(cb, cr), u8x16::unpack_high(cb, cr)];
    let wide = |bytes| [widen::lower(bytes), widen::upper(bytes)];
    let [y, cb, cr] = [y, cb, cr].map(wide);
    let half = |nth: usize| {
        let [first, last] = wide(pairs[nth]).map(|pair| pair - middle);
        let weighted = |cb: i16, cr: i16| {
            let weights = i16x8::new([cb, cr, cb, cr, cb, cr, cb, cr]);
            let sum = |pair: i16x8| (pair.dot(weights) + i32x4::splat(1 << (BITS - 1))) >> BITS;
            i16x8::from_i32x8_saturate(cast::<_, i32x8>([sum(first), sum(last)]))
        };
        let (y, cb, cr) = (y[nth], cb[nth] - middle, cr[nth] - middle);
        // 1.402, −0.34414 and −0.71414, 1.772.
        [
            y + cr + weighted(0, 26345),
            y - cr + weighted(-22554, 18734),
            y + cb + cb + weighted(-14942, 0),
        ]
    };
    let [low, high] = [half(0), half(1)];
    [0, 1, 2].map(|part| u8x16::narrow_i16x8(low[part], high[part]).to_array())
}

/// Converts unrounded lines of Y, Cb and Cr (0 to 255) to interleaved RGB.
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

/// Pixels that [`row_to_rgb`] converts together.
const BLOCK: usize = 4;

fn block_to_rgb([luma, cb, cr]: [&[f32; BLOCK]; 3], pixels: &mut [[u8; 3]]) {
    let by = f32x4::splat;
    let (luma, cb, cr) =
        (f32x4::new(*luma), f32x4::new(*cb) - by(128.0), f32x4::new(*cr) - by(128.0));
    let red = rounded(luma + by(1.402) * cr);
    let green = rounded(luma - by(0.344_14) * cb - by(0.714_14) * cr);
    let blue = rounded(luma + by(1.772) * cb);
    let rgb = (red | green << 8_u32 | blue << 16_u32).to_array().map(|pixel| pixel as u32);
    if let Some(pixels) = pixels.as_flattened_mut().first_chunk_mut::<{ 3 * BLOCK }>() {
        // Four pixels of three bytes each are three words.
        let [a, b, c, d] = rgb;
        let words = [a | b << 24, b >> 8 | c << 16, c >> 16 | d << 8];
        for (bytes, word) in pixels.as_chunks_mut::<4>().0.iter_mut().zip(words) {
            *bytes = word.to_le_bytes();
        }
        return;
    }
    for (pixel, rgb) in pixels.iter_mut().zip(rgb) {
        let [red, green, blue, _] = rgb.to_le_bytes();
        *pixel = [red, green, blue];
    }
}

/// Rounds to 8 bits as [`round`](crate::pixel::round) does.
#[inline(always)]
fn rounded(values: f32x4) -> i32x4 {
    let values = (values + f32x4::splat(0.5)).fast_trunc_int();
    values.max(i32x4::ZERO).min(i32x4::splat(255))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Converts interleaved YCbCr pixels to RGB, in place.
    fn to_rgb(pixels: &mut [u8]) {
        let lines: [Vec<u8>; 3] =
            [0, 1, 2].map(|nth| pixels.iter().skip(nth).step_by(3).copied().collect());
        lines_to_rgb(lines.each_ref().map(Vec::as_slice), pixels);
    }

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
        // Halves may round either way.
        assert!(row.iter().zip(&whole).all(|(one, other)| one.abs_diff(*other) <= 1));
        assert_ne!(row, pixels);
    }

    #[test]
    fn a_row_of_any_length_is_rounded_as_single_pixels_are() {
        use crate::pixel::round;
        for width in 0..40_usize {
            let noise = |part: usize| -> Vec<f32> {
                let one = |nth: usize| (nth * 7919 + part * 104_729 + width * 31) % 40_000;
                (0..width).map(|nth| one(nth) as f32 / 128.0 - 20.0).collect()
            };
            let lines: [Vec<f32>; 3] = [0, 1, 2].map(noise);
            let mut row = vec![0; 3 * width];
            row_to_rgb(lines.each_ref().map(Vec::as_slice), &mut row);
            for (at, pixel) in row.as_chunks::<3>().0.iter().enumerate() {
                let [luma, cb, cr] = [lines[0][at], lines[1][at] - 128.0, lines[2][at] - 128.0];
                let red = round(luma + 1.402 * cr);
                let green = round(luma - 0.344_14 * cb - 0.714_14 * cr);
                assert_eq!(*pixel, [red, green, round(luma + 1.772 * cb)]);
            }
        }
    }

    #[test]
    fn lines_are_converted_as_single_pixels_are() {
        let pixels: Vec<u8> = (0..3 * 4096_u32).map(|n| ((n * 7919) >> 5) as u8).collect();
        let mut lines = pixels.clone();
        to_rgb(&mut lines);
        let singly = pixels.as_chunks::<3>().0.iter().flat_map(|pixel| rgb(*pixel));
        assert!(singly.eq(lines));
    }

    #[test]
    fn a_pixel_is_the_same_wherever_it_stands() {
        let one = [100, 90, 200];
        let mut row: Vec<u8> = one.iter().copied().cycle().take(3 * 37).collect();
        to_rgb(&mut row);
        assert!(row.chunks_exact(3).all(|pixel| pixel == &row[..3]));
    }
}
