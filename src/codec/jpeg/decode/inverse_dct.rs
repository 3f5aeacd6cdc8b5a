//! The inverse DCT of 8 × 8 coefficients, in integers, so that it is the same on every machine.
//!
//! Loeffler, Ligtenberg, Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications"
//! (ICASSP 1989), with 13 bits after the binary point: the precision of the IJG's slow transform.
//! Eight transforms run in parallel, so that the compiler vectorises them. Input blocks are stored
//! column by column, so that the second pass yields rows.

use wide::i32x4;

/// Bits after the binary point of the constants.
const POINT: u32 = 13;
/// Bits after the binary point of the values between the two passes.
const BETWEEN: u32 = 2;

/// Transforms a block of dequantised coefficients, given column by column. Writes eight rows of
/// eight samples from the start of `samples` on, `stride` apart.
pub fn inverse_dct(coefficients: &[i32; 64], samples: &mut [u8], stride: usize) {
    let across = pass::<{ POINT - BETWEEN }>(coefficients);
    let mut turned = [0; 64];
    for (row, values) in across.as_chunks::<8>().0.iter().enumerate() {
        for (column, value) in values.iter().enumerate() {
            turned[column * 8 + row] = *value;
        }
    }
    let rows = pass::<{ POINT + BETWEEN + 3 }>(&turned);
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
fn pass<const SHIFT: u32>(input: &[i32; 64]) -> [i32; 64] {
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
                inverse_dct(&coefficients, &mut samples, 8);
                for (sample, exact) in samples.iter().zip(exactly(&coefficients)) {
                    let exact = exact.clamp(0.0, 255.0);
                    assert!((f64::from(*sample) - exact).abs() < 0.52, "{at}: {sample} {exact}");
                }
            }
        }
    }

    #[test]
    fn a_flat_block_is_the_same_by_the_short_way() {
        for first in -1200..1200 {
            let mut coefficients = [0; 64];
            coefficients[0] = first;
            let (mut long, mut short) = ([0; 80], [0; 80]);
            inverse_dct(&coefficients, &mut long, 10);
            flat(first, &mut short, 10);
            assert_eq!(long, short);
        }
    }

    #[test]
    fn numbers_of_damaged_files_overflow_without_a_panic() {
        inverse_dct(&[i32::MAX; 64], &mut [0; 64], 8);
        inverse_dct(&[i32::MIN; 64], &mut [0; 64], 8);
        flat(i32::MAX, &mut [0; 64], 8);
    }
}
