//! Compares pictures by the mean colours of cells of 8 × 8 pixels, which neither encoders nor kernels
//! change much.

use crate::picture::Opaque;

/// The side of a cell in pixels.
const CELL: usize = 8;

/// The mean colours of the cells of two pictures.
pub struct Cells {
    pairs: Vec<([f64; 3], [f64; 3])>,
}

/// How the cells of two pictures differ, in levels of 0 to 255.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Difference {
    /// The largest difference of a cell, in the channel where it is largest.
    pub most: f64,
    /// The root of the mean squared differences of all cells and channels.
    pub typical: f64,
}

impl Cells {
    /// The cells of two pictures of one size, the new one shifted.
    pub fn of(old: &Opaque, new: &Opaque, (x, y): (f64, f64)) -> Self {
        // A pixel of the old picture lies between up to four of the new one.
        let (left, above) = (x.floor(), y.floor());
        let (right, below) = (x - left, y - above);
        let (dx, dy) = (left as i32, above as i32);
        let corners = [
            ((dx, dy), (1.0 - right) * (1.0 - below)),
            ((dx + 1, dy), right * (1.0 - below)),
            ((dx, dy + 1), (1.0 - right) * below),
            ((dx + 1, dy + 1), right * below),
        ];
        let inner = |len: usize, by: i32, part: f64| {
            let last = by + i32::from(part > 0.0);
            let start = usize::try_from(-by).unwrap_or(0);
            start..len.saturating_sub(usize::try_from(last).unwrap_or(0))
        };
        let (across, down) = (inner(old.width, dx, right), inner(old.height, dy, below));
        let mut pairs = Vec::new();
        for ys in pieces(down) {
            for xs in pieces(across.clone()) {
                let here = mean(old, xs.clone(), ys.clone(), (0, 0));
                let mut there = [0.0; 3];
                for (by, weight) in corners.iter().filter(|(_, weight)| *weight > 0.0) {
                    let mean = mean(new, xs.clone(), ys.clone(), *by);
                    there.iter_mut().zip(mean).for_each(|(there, mean)| *there += weight * mean);
                }
                pairs.push((here, there));
            }
        }
        Self { pairs }
    }

    /// How they differ.
    pub fn difference(&self) -> Difference {
        difference(self.pairs.iter().map(|(old, new)| [0, 1, 2].map(|at| new[at] - old[at])))
    }

    /// How they differ once the colours of the old picture are mapped as well as a polynomial of the
    /// second degree can.
    pub fn difference_of_mapped(&self) -> Difference {
        let Some(maps) = self.maps() else { return self.difference() };
        difference(self.pairs.iter().map(|(old, new)| {
            let terms = terms(*old);
            [0, 1, 2].map(|at| {
                let mapped: f64 = terms.iter().zip(&maps[at]).map(|(term, by)| term * by).sum();
                new[at] - mapped
            })
        }))
    }

    /// The polynomials of red, green and blue, by least squares. `None` for a picture of few cells,
    /// which any polynomial fits.
    fn maps(&self) -> Option<[[f64; TERMS]; 3]> {
        if self.pairs.len() < 4 * TERMS {
            return None;
        }
        let mut system = [[0.0; TERMS]; TERMS];
        let mut sides = [[0.0; TERMS]; 3];
        for (old, new) in &self.pairs {
            let terms = terms(*old);
            for (row, one) in system.iter_mut().zip(terms) {
                for (cell, other) in row.iter_mut().zip(terms) {
                    *cell += one * other;
                }
            }
            for (side, value) in sides.iter_mut().zip(new) {
                for (cell, term) in side.iter_mut().zip(terms) {
                    *cell += term * value;
                }
            }
        }
        // Pulls towards the unchanged colour where the picture has too few colours.
        for (at, row) in system.iter_mut().enumerate() {
            let weight = 1e-4 * row[at] + 1e-6;
            row[at] += weight;
            if let 1..=3 = at {
                sides[at - 1][at] += weight;
            }
        }
        let [red, green, blue] = sides.map(|side| solve(system, side));
        Some([red?, green?, blue?])
    }
}

const TERMS: usize = 7;

fn terms([red, green, blue]: [f64; 3]) -> [f64; TERMS] {
    let square = |value: f64| value * value / 255.0;
    [255.0, red, green, blue, square(red), square(green), square(blue)]
}

/// Solves a symmetric system by elimination.
fn solve(mut system: [[f64; TERMS]; TERMS], mut side: [f64; TERMS]) -> Option<[f64; TERMS]> {
    for at in 0..TERMS {
        let size = |row: &usize| system[*row][at].abs();
        let pivot = (at..TERMS).max_by(|one, other| size(one).total_cmp(&size(other)))?;
        system.swap(at, pivot);
        side.swap(at, pivot);
        let (above, value) = (system[at], side[at]);
        if above[at].abs() < 1e-12 {
            return None;
        }
        for (row, side) in system.iter_mut().zip(&mut side).skip(at + 1) {
            let factor = row[at] / above[at];
            row.iter_mut().zip(above).for_each(|(cell, above)| *cell -= factor * above);
            *side -= factor * value;
        }
    }
    for at in (0..TERMS).rev() {
        let rest: f64 = (at + 1..TERMS).map(|column| system[at][column] * side[column]).sum();
        side[at] = (side[at] - rest) / system[at][at];
    }
    Some(side)
}

fn difference(differences: impl Iterator<Item = [f64; 3]>) -> Difference {
    let (mut most, mut squares, mut count) = (0.0_f64, 0.0, 0_usize);
    for difference in differences.flatten() {
        most = most.max(difference.abs());
        squares += difference * difference;
        count += 1;
    }
    Difference { most, typical: (squares / count.max(1) as f64).sqrt() }
}

/// Cuts a range into pieces of about [`CELL`] pixels.
fn pieces(range: std::ops::Range<usize>) -> impl Iterator<Item = std::ops::Range<usize>> {
    let len = range.len();
    let count = (len / CELL).max(usize::from(len > 0));
    let at = move |nth: usize| range.start + nth * len / count;
    (0..count).map(move |nth| at(nth)..at(nth + 1))
}

fn mean(
    picture: &Opaque,
    xs: std::ops::Range<usize>,
    ys: std::ops::Range<usize>,
    (dx, dy): (i32, i32),
) -> [f64; 3] {
    let moved = |at: usize, by: i32| at.saturating_add_signed(by as isize);
    let (count, mut sum) = ((xs.len() * ys.len()).max(1) as f64, [0.0; 3]);
    for y in ys {
        let start = moved(y, dy) * picture.width;
        let row = &picture.pixels[start + moved(xs.start, dx)..start + moved(xs.end, dx)];
        for pixel in row {
            for (sum, value) in sum.iter_mut().zip(pixel) {
                *sum += f64::from(*value);
            }
        }
    }
    sum.map(|sum| sum / count)
}
