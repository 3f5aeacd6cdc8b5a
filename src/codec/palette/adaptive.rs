//! Chooses the colours of an adaptive palette.
//!
//! Xiaolin Wu, "Efficient statistical computations for optimal color quantization" (Graphics Gems
//! II, 1991): the box of colours that differ most is cut in two where the parts differ least, until
//! there are enough. Lloyd's iteration (k-means) then moves each colour to the mean of the pixels
//! that are nearest to it.

use super::{
    histogram::{CELLS, Histogram, Moments, STRIDES},
    nearest::Nearest,
};
use crate::{pixel::Raster, time_slice::TimeSlice};

/// Iterations of k-means; later ones change little.
const ROUNDS: usize = 4;

/// The forced colours, and others up to `most` colours.
pub async fn colors(
    raster: &Raster,
    forced: &[[u8; 3]],
    most: usize,
    slice: &mut TimeSlice<'_>,
) -> Vec<[u8; 3]> {
    let mut colors: Vec<[u8; 3]> = forced.iter().copied().take(most).collect();
    let fixed = colors.len();
    if fixed == most {
        return colors;
    }
    let mut histogram = Histogram::of(raster, slice).await;
    let used = histogram.used();
    histogram.accumulate();
    colors.extend(boxes(&histogram, most - fixed).iter().map(|(_, moments)| moments.mean()));
    drop(histogram);
    slice.spend(200_000).await;
    for _ in 0..ROUNDS {
        let mut nearest = Nearest::new(&colors);
        let mut sums = vec![Moments::default(); colors.len()];
        for chunk in used.chunks(1 << 10) {
            for cell in chunk {
                if let Some(sum) = sums.get_mut(usize::from(nearest.find(cell.mean()))) {
                    sum.add(cell, 1);
                }
            }
            slice.spend(10 * chunk.len() as u64).await;
        }
        for (color, sum) in colors.iter_mut().zip(&sums).skip(fixed) {
            if sum.count > 0 {
                *color = sum.mean();
            }
        }
    }
    colors
}

/// A box of cells: the ends along each axis; the first is outside, the second inside.
#[derive(Clone, Copy)]
struct Cells {
    from: [usize; 3],
    to: [usize; 3],
}

impl Cells {
    /// The pixels within the box, by the sums at its eight corners.
    fn moments(&self, histogram: &Histogram) -> Moments {
        let mut moments = Moments::default();
        for corner in 0..8 {
            let end = |nth: usize| if corner >> nth & 1 == 1 { self.from } else { self.to };
            let at = (0..3).map(|nth| end(nth)[nth] * STRIDES[nth]).sum::<usize>();
            let sign = if (corner as u32).count_ones() % 2 == 1 { -1 } else { 1 };
            if let Some(sum) = histogram.cells.get(at) {
                moments.add(sum, sign);
            }
        }
        moments
    }

    /// The two parts whose colours differ least within them; `None` if no cut parts the pixels.
    fn cut(&self, whole: &Moments, histogram: &Histogram) -> Option<[(Self, Moments); 2]> {
        let mut best: Option<(f64, [(Self, Moments); 2])> = None;
        for axis in 0..3 {
            for cut in self.from[axis] + 1..self.to[axis] {
                let (mut first, mut second) = (*self, *self);
                (first.to[axis], second.from[axis]) = (cut, cut);
                let part = first.moments(histogram);
                let mut rest = *whole;
                rest.add(&part, -1);
                if part.count == 0 || rest.count == 0 {
                    continue;
                }
                let strength = part.strength() + rest.strength();
                if best.as_ref().is_none_or(|(before, _)| strength > *before) {
                    best = Some((strength, [(first, part), (second, rest)]));
                }
            }
        }
        best.map(|(_, parts)| parts)
    }
}

/// Cuts the cells into at most `most` boxes.
fn boxes(histogram: &Histogram, most: usize) -> Vec<(Cells, Moments)> {
    let all = Cells { from: [0; 3], to: [CELLS; 3] };
    let mut boxes = vec![(all, all.moments(histogram))];
    // The error of each box; 0 for one that cannot be cut.
    let mut errors: Vec<f64> = boxes.iter().map(|(_, moments)| moments.error()).collect();
    while boxes.len() < most {
        let mut worst = (0.0, 0);
        for (nth, &error) in errors.iter().enumerate() {
            if error > worst.0 {
                worst = (error, nth);
            }
        }
        let (Some(whole), Some(error)) = (boxes.get_mut(worst.1), errors.get_mut(worst.1)) else {
            break;
        };
        if worst.0 <= 0.0 {
            break;
        }
        match whole.0.cut(&whole.1, histogram) {
            None => *error = 0.0,
            Some([first, second]) => {
                *error = first.1.error();
                errors.push(second.1.error());
                *whole = first;
                boxes.push(second);
            }
        }
    }
    boxes
}
