//! The discrete cosine transform (DCT) of 8 × 8 samples, and the quantisation.
//!
//! Arai, Agui, Nakajima, "A fast DCT-SQ scheme for images" (Transactions of the IEICE E71,
//! 1988): the quantisation absorbs most multiplications of the transform. Only sums and products
//! of 32-bit floats are used, so the result is the same on every machine.

use wide::{bytemuck::cast, f32x4, f32x8, i16x8};

use crate::pixel::widen;

/// The factors that turn the sums of the transform into quantised coefficients, column by
/// column.
pub struct Divisors([f32x8; 8]);

impl Divisors {
    /// Computes the factors from quantisation steps in row order.
    pub fn new(steps: &[u8; 64]) -> Self {
        Self::of(|at| f64::from(steps[at]))
    }

    /// The factors of steps that are so many times finer than 1.
    pub fn finer(fractions: u8) -> Self {
        Self::of(|_| 1.0 / f64::from(fractions))
    }

    /// The factors of steps by their place in row order.
    fn of(step: impl Fn(usize) -> f64) -> Self {
        // cos(nπ/16) √2, but 1 for n = 0. A sum is too large by both axes' scales and by 8.
        const SCALES: [f64; 8] = [
            1.0,
            1.387_039_845_322_148,
            1.306_562_964_876_377,
            1.175_875_602_419_359,
            1.0,
            0.785_694_958_387_102,
            0.541_196_100_146_197,
            0.275_899_379_282_943,
        ];
        let one = |column: usize, row: usize| {
            let step = step(row * 8 + column);
            (1.0 / (step * SCALES[row] * SCALES[column] * 8.0)) as f32
        };
        Self(std::array::from_fn(|column| f32x8::new(std::array::from_fn(|row| one(column, row)))))
    }
}

/// Computes the quantised coefficients of a block, column by column, from its samples, row by
/// row. It uses loops, because not every build compiles `map` to straight-line code.
#[inline(always)]
pub fn forward_dct(samples: &[[u8; 8]; 8], divisors: &Divisors) -> [[i16; 8]; 8] {
    let mut rows = [f32x8::ZERO; 8];
    for (row, samples) in rows.iter_mut().zip(samples) {
        *row = cast(widen::lower_floats(cast([*samples, [0; 8]])));
    }
    let down = pass(rows);
    let mut sums = pass(turned(down));
    // The level shift of 128 per sample: 64 × 128 in the DC sum.
    sums[0] -= f32x8::new([8192.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    let mut coefficients = [[0; 8]; 8];
    for ((column, sum), divisor) in coefficients.iter_mut().zip(sums).zip(&divisors.0) {
        let quantised = (sum * *divisor).fast_round_int();
        *column = i16x8::from_i32x8_saturate(quantised).to_array();
    }
    coefficients
}

/// Transposes the block.
#[inline(always)]
fn turned(rows: [f32x8; 8]) -> [f32x8; 8] {
    let halves: [[f32x4; 2]; 8] = rows.map(cast);
    let quarter = |top: usize, half: usize| {
        f32x4::transpose(std::array::from_fn(|row| halves[top + row][half]))
    };
    let [[a, b], [c, d]] = [0, 1].map(|half| [quarter(0, half), quarter(4, half)]);
    std::array::from_fn(|row| {
        cast(if row < 4 { [a[row], b[row]] } else { [c[row - 4], d[row - 4]] })
    })
}

/// Computes eight eight-point transforms in parallel (figure 3 of the paper).
#[inline(always)]
fn pass(x: [f32x8; 8]) -> [f32x8; 8] {
    let by = f32x8::splat;
    let sums = [x[0] + x[7], x[1] + x[6], x[2] + x[5], x[3] + x[4]];
    let differences = [x[0] - x[7], x[1] - x[6], x[2] - x[5], x[3] - x[4]];
    // The even coefficients.
    let (outer, inner) = (sums[0] + sums[3], sums[1] + sums[2]);
    let (rest, middle) = (sums[0] - sums[3], sums[1] - sums[2]);
    let turn = (middle + rest) * by(0.707_106_77);
    let even = [outer + inner, rest + turn, outer - inner, rest - turn];
    // The odd coefficients.
    let low = differences[3] + differences[2];
    let mid = (differences[2] + differences[1]) * by(0.707_106_77);
    let high = differences[1] + differences[0];
    let both = (low - high) * by(0.382_683_43);
    let (low, high) = (low * by(0.541_196_1) + both, high * by(1.306_563) + both);
    let (plus, minus) = (differences[0] + mid, differences[0] - mid);
    let odd = [plus + high, minus - low, minus + low, plus - high];
    [even[0], odd[0], even[1], odd[1], even[2], odd[2], even[3], odd[3]]
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    /// One coefficient of the samples, as A.3.3 defines the transform.
    fn exactly(samples: &[[u8; 8]; 8], row: usize, column: usize) -> f64 {
        let scale = |n: usize| if n == 0 { libm::sqrt(0.5) } else { 1.0 };
        let wave = |at: usize, n: usize| libm::cos((2 * at + 1) as f64 * n as f64 * PI / 16.0);
        let sum: f64 = (0..64)
            .map(|at| {
                let (y, x) = (at / 8, at % 8);
                (f64::from(samples[y][x]) - 128.0) * wave(x, column) * wave(y, row)
            })
            .sum();
        sum * scale(row) * scale(column) / 4.0
    }

    #[test]
    fn coefficients_are_those_of_the_definition_column_by_column() {
        let step = 1 + 16 * 3;
        let divisors = [Divisors::new(&[1; 64]), Divisors::new(&[step; 64])];
        for seed in 0..200_u32 {
            let noise = |at: u32| (at.wrapping_mul(2_654_435_761) ^ seed.wrapping_mul(40_503)) >> 7;
            let samples: [[u8; 8]; 8] = std::array::from_fn(|y| {
                std::array::from_fn(|x| match seed % 3 {
                    0 => (noise((y * 8 + x) as u32 + seed * 64) & 255) as u8,
                    1 => (x * 30 + y * seed as usize) as u8,
                    _ => {
                        if noise((y * 8 + x) as u32) & 1 == 0 {
                            0
                        } else {
                            255
                        }
                    }
                })
            });
            for (divisors, step) in divisors.iter().zip([1.0, f64::from(step)]) {
                let made = forward_dct(&samples, divisors);
                for at in 0..64 {
                    let (row, column) = (at / 8, at % 8);
                    let exact = exactly(&samples, row, column) / step;
                    let off = (f64::from(made[column][row]) - exact).abs();
                    assert!(off < 0.501, "{row} {column}: {} {exact}", made[column][row]);
                }
            }
        }
    }
}
