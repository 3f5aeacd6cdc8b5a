//! The transforms that make pixels similar: green is subtracted from red and blue, and pixels from
//! what their neighbours predict (RFC 9649, sections 3.5.1 and 3.5.3).

use crate::time_slice::TimeSlice;

/// The width and height of the squares with a predictor of their own, as a power of 2.
pub const SQUARE_BITS: u32 = 4;

/// The number of predictors.
const PREDICTORS: u32 = 14;

/// The pixel that nothing is before.
const BLACK: u32 = 0xff00_0000;

/// What another predictor than that of the square before costs, in units of [`COSTS`].
const CHANGE: u32 = 40;

/// The cost of a residual, about: eight times the bits of its size.
const COSTS: [u32; 256] = {
    let mut costs = [0; 256];
    let mut residual = 0;
    while residual < 256 {
        let size = if residual < 128 { residual } else { 256 - residual } as u32;
        // Between powers of 2 in a straight line.
        let (number, whole) = (size + 1, (size + 1).ilog2());
        costs[residual] = 8 * whole + 8 * (number - (1 << whole)) / (1 << whole);
        residual += 1;
    }
    costs
};

/// Subtracts green from red and blue.
pub fn subtract_green(pixels: &mut [u32]) {
    for pixel in pixels {
        let green = *pixel >> 8 & 0xff;
        *pixel = minus(*pixel, green << 16 | green);
    }
}

/// Subtracts channels.
pub fn minus(one: u32, other: u32) -> u32 {
    const EVEN: u32 = 0x00ff_00ff;
    let odd = (one & !EVEN | EVEN).wrapping_sub(other & !EVEN);
    let even = (one & EVEN | !EVEN).wrapping_sub(other & EVEN);
    odd & !EVEN | even & EVEN
}

/// The mean of channels, rounded down.
fn mean(one: u32, other: u32) -> u32 {
    ((one ^ other) >> 1 & 0x7f7f_7f7f) + (one & other)
}

/// Combines the channels of three pixels.
fn each([a, b, c]: [u32; 3], combine: impl Fn(i32, i32, i32) -> i32) -> u32 {
    let [a, b, c] = [a, b, c].map(u32::to_be_bytes);
    let channel = |nth: usize| {
        let made = combine(a[nth].into(), b[nth].into(), c[nth].into());
        made.max(0).min(255) as u8
    };
    u32::from_be_bytes([0, 1, 2, 3].map(channel))
}

/// How far two pixels are apart, all channels together.
fn apart(one: u32, other: u32) -> u32 {
    let (one, other) = (one.to_be_bytes(), other.to_be_bytes());
    one.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(b))).sum()
}

/// What is around a pixel.
#[derive(Clone, Copy)]
struct Around {
    left: u32,
    above: u32,
    above_left: u32,
    above_right: u32,
}

impl Around {
    /// The neighbours of a pixel that is not in the first row or column. In the last column, the
    /// first pixel of the same row stands in for the one above at the right.
    fn of(pixels: &[u32], width: usize, at: usize) -> Option<Self> {
        let above = pixels.get(at - width - 1..at - width + 2)?;
        let &[above_left, above, above_right] = above.first_chunk()?;
        Some(Self { left: *pixels.get(at - 1)?, above, above_left, above_right })
    }

    /// The prediction.
    #[inline(always)]
    fn predicted(self, predictor: u32) -> u32 {
        let Self { left, above, above_left, above_right } = self;
        match predictor {
            0 => BLACK,
            1 => left,
            2 => above,
            3 => above_right,
            4 => above_left,
            5 => mean(mean(left, above_right), above),
            6 => mean(left, above_left),
            7 => mean(left, above),
            8 => mean(above_left, above),
            9 => mean(above, above_right),
            10 => mean(mean(left, above_left), mean(above, above_right)),
            11 if apart(above, above_left) < apart(left, above_left) => left,
            11 => above,
            12 => each([left, above, above_left], |a, b, c| a + b - c),
            _ => {
                let middle = mean(left, above);
                each([middle, above_left, 0], |a, b, _| a + (a - b) / 2)
            }
        }
    }
}

/// Subtracts from each pixel what the best predictor of its square predicts. Returns the image of
/// predictors.
pub async fn predict(pixels: &mut [u32], width: usize, slice: &mut TimeSlice<'_>) -> Vec<u32> {
    let (square, height) = (1 << SQUARE_BITS, pixels.len() / width);
    let mut predictors: Vec<u32> = Vec::new();
    for top in (0..height).step_by(square) {
        let mut before = 0;
        for left in (0..width).step_by(square) {
            let rows = top.max(1)..(top + square).min(height);
            let columns = left.max(1)..(left + square).min(width);
            let mut best = (u32::MAX, 0);
            for predictor in 0..PREDICTORS {
                let mut cost = if predictor == before { 0 } else { CHANGE };
                for y in rows.clone() {
                    cost += row_cost(pixels, width, y * width, columns.clone(), predictor);
                }
                best = best.min((cost, predictor));
            }
            before = best.1;
            predictors.push(before);
        }
        slice.spend((width * square) as u64 * 3).await;
    }
    let squares = width.div_ceil(square);
    // Backwards, so that neighbours are still what they were.
    for y in (0..height).rev() {
        for x in (0..width).rev() {
            let (at, predictor) =
                (y * width + x, predictors.get((y >> SQUARE_BITS) * squares + (x >> SQUARE_BITS)));
            let predicted = match (x, y) {
                (0, 0) => Some(BLACK),
                (_, 0) => pixels.get(at - 1).copied(),
                (0, _) => pixels.get(at - width).copied(),
                _ => Around::of(pixels, width, at)
                    .zip(predictor)
                    .map(|(around, by)| around.predicted(*by)),
            };
            if let (Some(pixel), Some(predicted)) = (pixels.get_mut(at), predicted) {
                *pixel = minus(*pixel, predicted);
            }
        }
        slice.spend(width as u64).await;
    }
    predictors.into_iter().map(|predictor| BLACK | predictor << 8).collect()
}

/// The cost of a part of the row that begins at `start`.
fn row_cost(
    pixels: &[u32],
    width: usize,
    start: usize,
    columns: std::ops::Range<usize>,
    predictor: u32,
) -> u32 {
    let cost = |x: usize| {
        let at = start + x;
        let (Some(around), Some(&pixel)) = (Around::of(pixels, width, at), pixels.get(at)) else {
            return 0;
        };
        let residual = minus(pixel, around.predicted(predictor));
        residual.to_be_bytes().iter().map(|&byte| COSTS[usize::from(byte)]).sum::<u32>()
    };
    columns.map(cost).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_do_not_borrow_from_each_other() {
        assert_eq!(minus(0x0000_0000, 0x0101_0101), 0xffff_ffff);
        assert_eq!(minus(0x1020_3040, 0x0020_3140), 0x1000_ff00);
        assert_eq!(mean(0xff00_0305, 0x0100_0407), 0x8000_0306);
        let mut pixels = [0x8010_2030];
        subtract_green(&mut pixels);
        assert_eq!(pixels, [0x80f0_2010]);
    }

    #[test]
    fn predictors_are_those_of_the_standard() {
        let around = Around { left: 0x10, above: 0x30, above_left: 0x20, above_right: 0x50 };
        let wanted =
            [BLACK, 0x10, 0x30, 0x50, 0x20, 0x30, 0x18, 0x20, 0x28, 0x40, 0x2c, 0x30, 0x20, 0x20];
        for (predictor, wanted) in (0..).zip(wanted) {
            assert_eq!(around.predicted(predictor), wanted, "{predictor}");
        }
    }
}
