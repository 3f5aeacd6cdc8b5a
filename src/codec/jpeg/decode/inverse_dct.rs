//! The inverse DCT of 8 × 8 coefficients, in integers, so that it is the same on every machine.
//!
//! Loeffler, Ligtenberg, Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications"
//! (ICASSP 1989), with 13 bits after the binary point: the precision of the IJG's slow transform.
//!
//! Vectors multiply pairs of 16-bit integers faster than 32-bit ones. So the sums and products of the
//! paper are multiplied out to one factor per coefficient. This changes no bit of an integer result.
//! Blocks whose values may not fit 16 bits take the 32-bit form.

use wide::{bytemuck::cast, f32x4, i16x8, i32x4, i32x8, u8x16};

use super::dequantised::Dequantised;

/// Bits after the binary point of the constants.
const POINT: u32 = 13;
/// Bits after the binary point of the values between the two passes.
const BETWEEN: u32 = 2;

/// If the magnitudes of a row's coefficients sum up to at most this, all values fit 16 bits. The
/// largest factor of the first pass is 11363 / 2¹³, followed by BETWEEN more bits.
pub const NARROW: u64 = 5900;

/// Transforms a block for which 16 bits suffice. Writes eight rows of eight samples from the start of
/// `samples` on, `stride` apart.
#[inline(always)]
pub fn inverse_dct(block: &Dequantised, samples: &mut [u8], stride: usize) {
    // Most blocks have coefficients in four columns and rows only.
    let rows = if block.has_few() { narrow::<true>(block) } else { narrow::<false>(block) };
    let rows: [[u8; 8]; 8] = cast(rows);
    for (row, target) in rows.iter().zip(samples.chunks_mut(stride)) {
        if let Some(target) = target.first_chunk_mut::<8>() {
            *target = *row;
        }
    }
}

/// `FEW`: only the first four columns and rows have coefficients.
#[inline(never)]
fn narrow<const FEW: bool>(block: &Dequantised) -> [u8x16; 4] {
    let halves = if FEW { 1 } else { 2 };
    let mut across = [[i32x4::ZERO; 2]; 8];
    for half in 0..halves {
        let pairs = [0, 1, 2, 3].map(|nth| i16x8::new(block.pairs[2 * nth + half]));
        let values = pass::<{ POINT - BETWEEN }>(pairs);
        across.iter_mut().zip(values).for_each(|(across, values)| across[half] = values);
    }
    // Transposes pairs of rows of coefficients, so that they become pairs in each column of samples.
    let [a, b, c, d, e, f, g, h] =
        across.map(|[low, high]| cast::<i16x8, f32x4>(paired(low, high)));
    let halves = [f32x4::transpose([a, b, c, d]), f32x4::transpose([e, f, g, h])];
    let [left, right] = halves.map(|half| pass::<{ POINT + BETWEEN + 3 }>(half.map(cast)));
    let row = |nth: usize| {
        let row = cast::<[i32x4; 2], i32x8>([left[nth], right[nth]]);
        i16x8::from_i32x8_saturate(row) + i16x8::splat(128)
    };
    [0, 2, 4, 6].map(|nth| u8x16::narrow_i16x8(row(nth), row(nth + 1)))
}

/// Interleaves integers that fit 16 bits.
#[inline(always)]
fn paired(first: i32x4, second: i32x4) -> i16x8 {
    let (low, high) = if cfg!(target_endian = "big") { (second, first) } else { (first, second) };
    cast((low & i32x4::splat(0xffff)) | (high << 16_u32))
}

/// Computes four eight-point transforms in parallel, from their coefficients 0 and 4, 1 and 5, 2 and 6,
/// 3 and 7. Drops the last `SHIFT` bits.
#[inline(always)]
fn pass<const SHIFT: u32>([c04, c15, c26, c37]: [i16x8; 4]) -> [i32x4; 8] {
    const ONE: i16 = 1 << POINT;
    let by = |one: i16, other: i16| i16x8::new([one, other, one, other, one, other, one, other]);
    let rounding = i32x4::splat(1 << (SHIFT - 1));
    let (sum, difference) = (c04.dot(by(ONE, ONE)) + rounding, c04.dot(by(ONE, -ONE)) + rounding);
    let (high, low) = (c26.dot(by(10703, 4433)), c26.dot(by(4433, -10704)));
    let even = [sum + high, difference + low, difference - low, sum - high];
    let odd = [
        c15.dot(by(11363, 6437)) + c37.dot(by(9633, 2260)),
        c15.dot(by(9633, -11362)) + c37.dot(by(-2259, -6436)),
        c15.dot(by(6437, 2261)) + c37.dot(by(-11362, 9633)),
        c15.dot(by(2260, 9633)) + c37.dot(by(-6436, -11363)),
    ];
    let mut values = [i32x4::ZERO; 8];
    for row in 0..4 {
        values[row] = (even[row] + odd[row]) >> SHIFT;
        values[7 - row] = (even[row] - odd[row]) >> SHIFT;
    }
    values
}

/// Like [`inverse_dct`] in 32 bits, for blocks of damaged or extreme files, given column by column.
#[inline(never)]
pub fn wide_inverse_dct(coefficients: &[i32; 64], samples: &mut [u8], stride: usize) {
    let across = wide_pass::<{ POINT - BETWEEN }>(coefficients);
    let mut turned = [0; 64];
    for (row, values) in across.as_chunks::<8>().0.iter().enumerate() {
        for (column, value) in values.iter().enumerate() {
            turned[column * 8 + row] = *value;
        }
    }
    let rows = wide_pass::<{ POINT + BETWEEN + 3 }>(&turned);
    for (row, target) in rows.as_chunks::<8>().0.iter().zip(samples.chunks_mut(stride)) {
        if let Some(target) = target.first_chunk_mut::<8>() {
            for (target, value) in target.iter_mut().zip(row) {
                *target = sample(*value);
            }
        }
    }
}

/// Like [`inverse_dct`], for a block whose AC coefficients are all 0.
pub fn flat(first: i32, samples: &mut [u8], stride: usize) {
    let value =
        sample(first.wrapping_shl(BETWEEN).wrapping_add(1 << (BETWEEN + 2)) >> (BETWEEN + 3));
    for target in samples.chunks_mut(stride).take(8) {
        if let Some(target) = target.first_chunk_mut::<8>() {
            target.fill(value);
        }
    }
}

#[inline(always)]
fn sample(value: i32) -> u8 {
    value.wrapping_add(128).clamp(0, 255) as u8
}

/// Computes eight eight-point transforms in parallel (figure 1 of the paper, read backwards), and
/// drops the last `SHIFT` bits. Damaged files may overflow, which wraps.
#[inline(always)]
fn wide_pass<const SHIFT: u32>(input: &[i32; 64]) -> [i32; 64] {
    let mut output = [0; 64];
    let input = input.as_chunks::<4>().0;
    let rows = output.as_chunks_mut::<4>().0;
    for half in 0..2 {
        let c = |row: usize| i32x4::new(input[row * 2 + half]);
        let (c0, c1, c2, c3, c4, c5, c6, c7) = (c(0), c(1), c(2), c(3), c(4), c(5), c(6), c(7));
        let by = |factor: i32| i32x4::splat(factor);
        // The even coefficients: a rotation by 6π/16 and two butterflies.
        let turned = (c2 + c6) * by(4433);
        let (low, high) = (turned - c6 * by(15137), turned + c2 * by(6270));
        let rounding = by(1 << (SHIFT - 1));
        let (sum, difference) = (c0 + c4, c0 - c4);
        let (sum, difference) = ((sum << POINT) + rounding, (difference << POINT) + rounding);
        let even = [sum + high, difference + low, difference - low, sum - high];
        // The odd coefficients.
        let both = (c7 + c3 + c5 + c1) * by(9633);
        let (outer, inner) = ((c7 + c1) * by(-7373), (c5 + c3) * by(-20995));
        let (left, right) = (both - (c7 + c3) * by(16069), both - (c5 + c1) * by(3196));
        let odd = [
            c1 * by(12299) + outer + right,
            c3 * by(25172) + inner + left,
            c5 * by(16819) + inner + right,
            c7 * by(2446) + outer + left,
        ];
        for row in 0..4 {
            rows[row * 2 + half] = ((even[row] + odd[row]) >> SHIFT).to_array();
            rows[(7 - row) * 2 + half] = ((even[row] - odd[row]) >> SHIFT).to_array();
        }
    }
    output
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;
    use crate::codec::jpeg::zigzag::ZIGZAG;

    fn block(coefficients: &[i32; 64]) -> Dequantised {
        let mut block = Dequantised::ZERO;
        for (nth, at) in ZIGZAG.into_iter().enumerate() {
            block.put(nth, coefficients[usize::from(at)]);
        }
        block
    }

    /// The transform as A.3.3 defines it; coefficients are stored column by column.
    fn exactly(coefficients: &[i32; 64]) -> Vec<f64> {
        let scale = |n: usize| if n == 0 { libm::sqrt(0.5) } else { 1.0 };
        let wave = |at: usize, n: usize| libm::cos((2 * at + 1) as f64 * n as f64 * PI / 16.0);
        let one = |x: usize, y: usize| {
            let part = |at: usize| {
                let (u, v) = (at / 8, at % 8);
                scale(u) * scale(v) * f64::from(coefficients[at]) * wave(x, u) * wave(y, v)
            };
            (0..64).map(part).sum::<f64>() / 4.0 + 128.0
        };
        (0..64).map(|at| one(at % 8, at / 8)).collect()
    }

    #[test]
    fn every_coefficient_gives_the_wave_it_stands_for() {
        for at in 0..64 {
            for value in [-700, -31, 1, 90, 500] {
                let mut coefficients = [0; 64];
                coefficients[0] = 40;
                coefficients[at] += value;
                let mut samples = [0; 64];
                inverse_dct(&block(&coefficients), &mut samples, 8);
                for (sample, exact) in samples.iter().zip(exactly(&coefficients)) {
                    let exact = exact.clamp(0.0, 255.0);
                    assert!((f64::from(*sample) - exact).abs() < 0.52, "{at}: {sample} {exact}");
                }
            }
        }
    }

    /// Random blocks of all kinds: few and many coefficients, small and large ones.
    #[test]
    fn both_forms_are_the_same() {
        let (mut state, mut compared) = (1_u32, 0);
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        };
        for round in 0..8_000_u32 {
            let most = [1, 30, 300, 1024, 2047, 5900][round as usize % 6];
            let (columns, rows) =
                [(8, 8), (4, 4), (1, 8), (8, 1), (4, 8), (5, 4)][random() as usize % 6];
            let rarely = 1 + random() % 12;
            let mut coefficients = [0; 64];
            for (column, row) in
                (0..columns).flat_map(|column| (0..rows).map(move |row| (column, row)))
            {
                if random() % rarely == 0 {
                    let value = random() as i32 % (2 * most + 1) - most;
                    coefficients[column * 8 + row] = value;
                }
            }
            let block = block(&coefficients);
            if block.is_narrow() {
                let (mut one, mut other) = ([0; 88], [0; 88]);
                inverse_dct(&block, &mut one, 11);
                wide_inverse_dct(&coefficients, &mut other, 11);
                assert_eq!(one, other, "{coefficients:?}");
                compared += 1;
            }
        }
        assert!(compared > 4_000, "{compared}");
    }

    #[test]
    fn a_flat_block_is_the_same_by_the_short_way() {
        for first in -1200..1200 {
            let mut coefficients = [0; 64];
            coefficients[0] = first;
            let (mut long, mut short) = ([0; 80], [0; 80]);
            inverse_dct(&block(&coefficients), &mut long, 10);
            let mut wide = [0; 80];
            wide_inverse_dct(&coefficients, &mut wide, 10);
            flat(first, &mut short, 10);
            assert_eq!((long, wide), (short, short));
        }
    }

    #[test]
    fn numbers_of_damaged_files_overflow_without_a_panic() {
        for coefficients in [[i32::MAX; 64], [i32::MIN; 64]] {
            wide_inverse_dct(&coefficients, &mut [0; 64], 8);
            assert!(!block(&coefficients).is_narrow());
        }
        flat(i32::MAX, &mut [0; 64], 8);
    }
}
