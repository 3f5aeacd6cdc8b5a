//! The transforms of 4 × 4 blocks, of eight blocks at once (RFC 6386, section 14).
//!
//! A vector holds the values of one position in all eight blocks, so that no lane needs another
//! one. All arithmetic is of 16-bit integers: it is the same on every machine. Here and in the
//! files that use it are loops, because not every build compiles `map` to straight-line code.

use wide::i16x8;

/// Eight blocks: the vectors are the positions, in row order.
pub type Blocks = [i16x8; 16];

/// 4 × 4 values, in row order.
pub type Block = [i16; 16];

/// √2 sin(π/8) in units of 2⁻¹⁵.
const SINE: i16 = 17734;
/// √2 cos(π/8) − 1 in units of 2⁻¹⁵.
const COSINE_LESS_1: i16 = 10046;

/// Transforms differences of samples into coefficients. It is the transpose of the inverse
/// transform, and its results are half of the sums.
#[inline(never)]
pub fn forward(samples: &Blocks, prediction: &Blocks) -> Blocks {
    let mut x = [i16x8::ZERO; 16];
    for (x, (sample, prediction)) in x.iter_mut().zip(samples.iter().zip(prediction)) {
        // Three more bits for the fractions of the first pass.
        *x = (*sample - *prediction) << 3;
    }
    for row in 0..4 {
        forward_pass(&mut x, row * 4, 1);
    }
    let half = i16x8::splat(7);
    for column in 0..4 {
        forward_pass(&mut x, column, 4);
    }
    for x in &mut x {
        *x = (*x + half) >> 4;
    }
    x
}

/// Transforms four values: the first, and the next ones at this distance.
#[inline(always)]
fn forward_pass(x: &mut Blocks, first: usize, step: usize) {
    let [a, b, c, d] = [first, first + step, first + 2 * step, first + 3 * step];
    let (outer, inner) = (x[a] + x[d], x[b] + x[c]);
    let (wide, narrow) = (x[a] - x[d], x[b] - x[c]);
    x[a] = outer + inner;
    x[c] = outer - inner;
    x[b] = wide + by(wide, COSINE_LESS_1) + by(narrow, SINE);
    x[d] = by(wide, SINE) - narrow - by(narrow, COSINE_LESS_1);
}

/// The rounded product with a fraction.
#[inline(always)]
fn by(x: i16x8, fraction: i16) -> i16x8 {
    x.mul_scale_round(i16x8::splat(fraction))
}

/// Adds the inverse transform of coefficients to a prediction, exactly as decoders do
/// (section 14.3). The samples are 0 to 255.
#[inline(never)]
pub fn add_inverse(coefficients: &Blocks, prediction: &Blocks) -> Blocks {
    let mut x = *coefficients;
    for column in 0..4 {
        inverse_pass(&mut x, column, 4);
    }
    let half = i16x8::splat(4);
    for row in 0..4 {
        x[row * 4] += half;
        inverse_pass(&mut x, row * 4, 1);
    }
    let (black, white) = (i16x8::ZERO, i16x8::splat(255));
    for (x, prediction) in x.iter_mut().zip(prediction) {
        let difference: i16x8 = *x >> 3;
        *x = (difference + *prediction).max(black).min(white);
    }
    x
}

/// Transforms four values back: the first, and the next ones at this distance.
#[inline(always)]
fn inverse_pass(x: &mut Blocks, first: usize, step: usize) {
    let [a, b, c, d] = [first, first + step, first + 2 * step, first + 3 * step];
    // Times √2 cos(π/8) and √2 sin(π/8), both rounded down to units of 2⁻¹⁶.
    let cosine = |x: i16x8| x + x.mul_keep_high(i16x8::splat(20091));
    let sine = |x: i16x8| x + x.mul_keep_high(i16x8::splat((35468 - 65536_i32) as i16));
    let (sum, difference) = (x[a] + x[c], x[a] - x[c]);
    let (narrow, wide) = (sine(x[b]) - cosine(x[d]), cosine(x[b]) + sine(x[d]));
    x[a] = sum + wide;
    x[b] = difference + narrow;
    x[c] = difference - narrow;
    x[d] = sum - wide;
}

/// Transforms the 16 DC coefficients of a macroblock's luma once more.
pub fn forward_walsh(dc: &Block) -> Block {
    walsh(dc, 0, 1)
}

/// Transforms them back exactly as decoders do (section 14.3).
pub fn inverse_walsh(coefficients: &Block) -> Block {
    walsh(coefficients, 3, 3)
}

/// The Walsh-Hadamard transform, which is its own inverse but for the scale.
fn walsh(x: &Block, add: i32, shift: u32) -> Block {
    let pass = |[a, b, c, d]: [i32; 4]| {
        let (outer, inner, wide, narrow) = (a + d, b + c, a - d, b - c);
        [outer + inner, wide + narrow, outer - inner, wide - narrow]
    };
    let columns: [[i32; 4]; 4] =
        std::array::from_fn(|column| pass(std::array::from_fn(|row| x[row * 4 + column].into())));
    let mut out = [0; 16];
    for (row, out) in out.chunks_exact_mut(4).enumerate() {
        let values = pass(std::array::from_fn(|column| columns[column][row]));
        for (out, value) in out.iter_mut().zip(values) {
            *out = ((value + add) >> shift) as i16;
        }
    }
    out
}

/// The sums of squared differences of eight pairs of blocks.
#[inline(never)]
pub fn errors(left: &Blocks, right: &Blocks) -> [i32; 8] {
    let mut sum = wide::i32x8::ZERO;
    for (left, right) in left.iter().zip(right) {
        let difference = *left - *right;
        sum += difference.widening_mul(difference);
    }
    sum.to_array()
}

/// How much a difference at each position of the Hadamard transform shows.
const VISIBILITY: Block = [38, 32, 20, 9, 32, 28, 17, 7, 20, 17, 10, 4, 9, 7, 4, 2];

/// How strong the texture of eight blocks is: the sums of what shows of their Hadamard transforms.
#[inline(never)]
pub fn textures(samples: &Blocks) -> [i32; 8] {
    let mut x = *samples;
    for row in 0..4 {
        hadamard_pass(&mut x, row * 4, 1);
    }
    for column in 0..4 {
        hadamard_pass(&mut x, column, 4);
    }
    let mut sum = wide::i32x8::ZERO;
    for (x, &visibility) in x.iter().zip(&VISIBILITY) {
        sum += x.abs().widening_mul(i16x8::splat(visibility));
    }
    sum.to_array()
}

#[inline(always)]
fn hadamard_pass(x: &mut Blocks, first: usize, step: usize) {
    let [a, b, c, d] = [first, first + step, first + 2 * step, first + 3 * step];
    let (sum, difference) = (x[a] + x[c], x[a] - x[c]);
    let (other_sum, other_difference) = (x[b] + x[d], x[b] - x[d]);
    x[a] = sum + other_sum;
    x[b] = difference + other_difference;
    x[c] = difference - other_difference;
    x[d] = sum - other_sum;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_transforms_give_the_samples_back() {
        let mut state = 1_u32;
        let mut next = |most: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((state >> 16) % most) as i16
        };
        for round in 0..500 {
            let mut random = || match round % 3 {
                0 => 255 * next(2),
                1 => next(256),
                _ => 100 + next(9),
            };
            let mut blocks = || -> Blocks {
                std::array::from_fn(|_| i16x8::new(std::array::from_fn(|_| random())))
            };
            let (samples, prediction) = (blocks(), blocks());
            let back = add_inverse(&forward(&samples, &prediction), &prediction);
            for (back, samples) in back.iter().zip(&samples) {
                for (back, sample) in back.to_array().into_iter().zip(samples.to_array()) {
                    assert!((back - sample).abs() <= 1, "{back} {sample}");
                }
            }
            let dc: Block = std::array::from_fn(|_| next(4081) - 2040);
            for (back, value) in inverse_walsh(&forward_walsh(&dc)).into_iter().zip(dc) {
                assert!((back - value).abs() <= 1, "{back} {value}");
            }
        }
    }
}
