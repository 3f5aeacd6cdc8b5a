//! Passes the errors of chroma's DC coefficients on to the blocks on the right and below. Without
//! this an even area can stay a level off its colour, since a step of DC is three levels and more.

use super::quantize::Quantizer;

/// The errors that a macroblock receives from one of its neighbours: for U and for V, two blocks
/// each, in half units of coefficients.
pub type Errors = [[i16; 2]; 2];

/// Corrects the DC coefficients of four blocks of U and four of V by the errors from above and from
/// the left. Returns the errors that the macroblocks below and on the right receive.
pub fn diffuse(
    dc: &mut [i16; 8],
    above: &Errors,
    left: &Errors,
    quantizer: &Quantizer,
) -> (Errors, Errors) {
    let mut out = (Errors::default(), Errors::default());
    for plane in 0..2 {
        let (above, left) = (above[plane], left[plane]);
        let mut correct = |block: usize, above: i16, left: i16| {
            let value = &mut dc[plane * 4 + block];
            *value += (7 * above + 8 * left) >> 3;
            (*value - quantizer.seen_dc(*value)) >> 1
        };
        let first = correct(0, above[0], left[0]);
        let right = correct(1, above[1], first);
        let below = correct(2, first, left[1]);
        let last = correct(3, right, below);
        // Three quarters of the last block's error go to the right, the rest goes down.
        let share = (3 * last) >> 2;
        out.0[plane] = [below, last - share];
        out.1[plane] = [right, share];
    }
    out
}
