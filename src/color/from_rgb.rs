//! Converts RGB to YCbCr (JFIF: ITU-R BT.601, full range) in integers, sixteen pixels at a time.

use wide::{bytemuck::cast, i16x8, i32x4, i32x8, u8x16};

use crate::pixel::widen;

/// Pixels that are converted together.
const SPAN: usize = 16;

/// Appends the luma (Y) of a row of RGB pixels.
pub fn luma(row: &[u8], luma: &mut Vec<u8>) {
    let end = luma.len() + row.len() / 3;
    for [red, green, blue] in spans(row) {
        luma.extend_from_slice(&weighted(
            [[red, green], [blue, green]],
            // 0.299, 0.587 and 0.114. 0.587 does not fit 16 bits, so half of it is added twice.
            [[19595, 19235], [7471, 19235]],
            0x7fff,
        ));
    }
    luma.truncate(end);
}

/// Appends the Cb (`blues`) and Cr (`reds`) of a row of RGB pixels.
pub fn chroma(row: &[u8], blues: &mut Vec<u8>, reds: &mut Vec<u8>) {
    let end = blues.len() + row.len() / 3;
    for [red, green, blue] in spans(row) {
        let middle = (128 << 16) + 0x7fff;
        let of_blue = [[16384, -11059], [16384, -21709]];
        blues.extend_from_slice(&weighted([[blue, red], [blue, green]], of_blue, middle));
        let of_red = [[16384, -27439], [16384, -5329]];
        reds.extend_from_slice(&weighted([[red, green], [red, blue]], of_red, middle));
    }
    blues.truncate(end);
    reds.truncate(end);
}

/// Appends the mean Cb (`blues`) and Cr (`reds`) of each 2 × 2 pixels of two RGB rows (4:2:0). An
/// odd last column counts twice. For an odd last row, the caller passes the same row twice.
pub fn chroma_of_four([above, below]: [&[u8]; 2], blues: &mut Vec<u8>, reds: &mut Vec<u8>) {
    let end = blues.len() + (above.len() / 3).div_ceil(2);
    for (above, below) in spans(above).zip(spans(below)) {
        let [red, green, blue]: [[i16x8; 2]; 3] = std::array::from_fn(|part| {
            let [above, below] = [above[part], below[part]];
            [widen::lower(above) + widen::lower(below), widen::upper(above) + widen::upper(below)]
        });
        let middle = i32x4::splat((128 << 18) + 0x1_ffff);
        let sum =
            |half: usize, own: [i16x8; 2], first: ([i16x8; 2], i16), second: ([i16x8; 2], i16)| {
                let own = own[half].dot(i16x8::splat(16384));
                let first = first.0[half].dot(i16x8::splat(first.1));
                let second = second.0[half].dot(i16x8::splat(second.1));
                (own + own + first + second + middle) >> 18
            };
        let of_blue = [0, 1].map(|half| sum(half, blue, (red, -11059), (green, -21709)));
        let of_red = [0, 1].map(|half| sum(half, red, (green, -27439), (blue, -5329)));
        let made = bytes([narrowed(of_blue), narrowed(of_red)]);
        blues.extend_from_slice(&made[..SPAN / 2]);
        reds.extend_from_slice(&made[SPAN / 2..]);
    }
    blues.truncate(end);
    reds.truncate(end);
}

/// Splits a row into spans of planes. The last span is padded with the last pixel.
fn spans(row: &[u8]) -> impl Iterator<Item = [u8x16; 3]> {
    let (whole, rest) = row.as_chunks::<{ 3 * SPAN }>();
    let last = rest.last_chunk::<3>().map(|pixel| {
        let mut span = [0; 3 * SPAN];
        span.as_chunks_mut::<3>().0.fill(*pixel);
        span[..rest.len()].copy_from_slice(rest);
        span
    });
    whole.iter().map(parted).chain(last.map(|span| parted(&span)))
}

/// Deinterleaves red, green and blue. Each of four passes interleaves the first half of the bytes
/// with the second: byte p of 48 goes to 2p modulo 47, and 16 (3n + c) is 16c + n modulo 47.
#[inline(always)]
fn parted(span: &[u8; 3 * SPAN]) -> [u8x16; 3] {
    let mut bytes: [u8x16; 3] = cast(*span);
    for _ in 0..4 {
        let [a, b, c] = bytes;
        bytes = [
            u8x16::unpack_low(a, upper(b)),
            u8x16::unpack_low(upper(a), c),
            u8x16::unpack_low(b, upper(c)),
        ];
    }
    bytes
}

/// Moves the upper half to the lower half.
#[inline(always)]
fn upper(bytes: u8x16) -> u8x16 {
    let [_, upper]: [u64; 2] = cast(bytes);
    cast([upper, 0])
}

/// The weighted sum of two pairs of samples; weights are in units of 1/65,536.
#[inline(always)]
fn weighted(pairs: [[u8x16; 2]; 2], weights: [[i16; 2]; 2], rounding: i32) -> [u8; SPAN] {
    let weights = weights.map(|[a, b]| i16x8::new([a, b, a, b, a, b, a, b]));
    let low = pairs.map(|[one, other]| u8x16::unpack_low(one, other));
    let high = pairs.map(|[one, other]| u8x16::unpack_high(one, other));
    let sum = |pairs: [i16x8; 2]| {
        (pairs[0].dot(weights[0]) + pairs[1].dot(weights[1]) + i32x4::splat(rounding)) >> 16
    };
    bytes(
        [low, high]
            .map(|pairs| narrowed([sum(pairs.map(widen::lower)), sum(pairs.map(widen::upper))])),
    )
}

#[inline(always)]
fn narrowed(halves: [i32x4; 2]) -> i16x8 {
    i16x8::from_i32x8_saturate(cast::<_, i32x8>(halves))
}

#[inline(always)]
fn bytes([low, high]: [i16x8; 2]) -> [u8; SPAN] {
    u8x16::narrow_i16x8(low, high).to_array()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The conversion that JFIF defines, unrounded.
    fn exactly([r, g, b]: [f64; 3]) -> [f64; 3] {
        let luma = 0.299 * r + 0.587 * g + 0.114 * b;
        [luma, (b - luma) / 1.772 + 128.0, (r - luma) / 1.402 + 128.0]
    }

    fn assert_near(found: u8, wanted: f64) {
        assert!((f64::from(found) - wanted).abs() < 0.51, "{found}, not {wanted}");
    }

    fn noise(len: usize) -> Vec<u8> {
        let byte = |nth: u32| (nth.wrapping_mul(2_654_435_761) >> 11) as u8;
        (0..len as u32).map(byte).collect()
    }

    #[test]
    fn every_pixel_of_a_row_of_any_length_is_converted() {
        for width in [1, 7, 15, 16, 17, 48, 100] {
            let row = noise(width * 3);
            let [mut y, mut cb, mut cr] = [const { Vec::new() }; 3];
            luma(&row, &mut y);
            chroma(&row, &mut cb, &mut cr);
            assert_eq!([y.len(), cb.len(), cr.len()], [width; 3]);
            for (nth, pixel) in row.as_chunks::<3>().0.iter().enumerate() {
                let exact = exactly(pixel.map(f64::from));
                [y[nth], cb[nth], cr[nth]]
                    .into_iter()
                    .zip(exact)
                    .for_each(|(a, b)| assert_near(a, b));
            }
        }
    }

    #[test]
    fn the_strongest_colours_neither_overflow_nor_wrap() {
        for color in 0..8 {
            let pixel = [0, 1, 2].map(|bit| if color >> bit & 1 == 1 { 255 } else { 0 });
            let row = pixel.repeat(16);
            let [mut y, mut cb, mut cr] = [const { Vec::new() }; 3];
            luma(&row, &mut y);
            chroma(&row, &mut cb, &mut cr);
            chroma_of_four([&row, &row], &mut cb, &mut cr);
            let exact = exactly(pixel.map(f64::from)).map(|value: f64| value.min(255.0));
            y.into_iter().for_each(|value| assert_near(value, exact[0]));
            cb.into_iter().for_each(|value| assert_near(value, exact[1]));
            cr.into_iter().for_each(|value| assert_near(value, exact[2]));
        }
    }

    #[test]
    fn chroma_of_four_is_that_of_two_by_two_pixels_and_odd_ones_count_twice() {
        for width in [1, 2, 5, 16, 17, 33] {
            let (above, below) = (noise(width * 3), noise(width * 6).split_off(width * 3));
            let (mut cb, mut cr) = (Vec::new(), Vec::new());
            chroma_of_four([&above, &below], &mut cb, &mut cr);
            assert_eq!([cb.len(), cr.len()], [width.div_ceil(2); 2]);
            for nth in 0..cb.len() {
                let columns = [2 * nth, (2 * nth + 1).min(width - 1)];
                let mean = [0, 1, 2].map(|part| {
                    let sample = |row: &[u8], column: usize| f64::from(row[column * 3 + part]);
                    columns.map(|at| sample(&above, at) + sample(&below, at)).iter().sum::<f64>()
                        / 4.0
                });
                let [_, blue, red] = exactly(mean);
                assert_near(cb[nth], blue);
                assert_near(cr[nth], red);
            }
        }
    }
}
