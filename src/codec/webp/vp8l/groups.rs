//! Squares of a picture with prefix codes of their own (meta prefix codes; RFC 9649, section 3.7.2.2).

use super::{
    histogram::{Histogram, Logarithms},
    symbols::Symbols,
};
use crate::time_slice::TimeSlice;

/// The most groups that are compared with each other.
const MOST: usize = 128;

/// The smallest and the largest squares, as powers of 2.
const SQUARES: [u32; 2] = [5, 9];

/// Which codes each square uses.
pub struct Groups {
    /// The width and height of the squares, as a power of 2.
    pub bits: u32,
    /// The number of the group of each square.
    pub of_squares: Vec<u32>,
    /// The symbols of each group.
    pub histograms: Vec<Histogram>,
}

impl Groups {
    /// The number of the group of a pixel.
    pub fn of(&self, at: usize, width: usize) -> usize {
        self.of_squares.get(square(at, width, self.bits)).map_or(0, |&group| group as usize)
    }
}

/// The number of the square of a pixel.
fn square(at: usize, width: usize, bits: u32) -> usize {
    let squares = width.div_ceil(1 << bits);
    ((at / width) >> bits) * squares + ((at % width) >> bits)
}

/// Finds groups of squares. Squares whose symbols occur about as often share a group.
pub async fn groups(
    symbols: Symbols<'_>,
    (width, height): (usize, usize),
    cache_bits: u32,
    logarithms: &Logarithms,
    slice: &mut TimeSlice<'_>,
) -> Groups {
    let count = |bits: u32| width.div_ceil(1 << bits) * height.div_ceil(1 << bits);
    let [smallest, largest] = SQUARES;
    let bits = (smallest..largest).find(|&bits| count(bits) <= MOST).unwrap_or(largest);
    let squares = count(bits);
    // Too many squares begin in common groups, with those around them.
    let first = |square: usize| if squares > MOST { square * MOST / squares } else { square };
    let mut histograms = vec![Histogram::new(cache_bits); squares.min(MOST)];
    for (at, symbol) in symbols {
        if let Some(histogram) = histograms.get_mut(first(square(at, width, bits))) {
            histogram.add(symbol, width as u32);
        }
        slice.spend(1).await;
    }
    let groups = joined(&mut histograms, logarithms, slice).await;
    let of_squares = (0..squares).filter_map(|square| groups.get(first(square)).copied());
    Groups { bits, of_squares: of_squares.collect(), histograms }
}

/// Joins histograms as long as that saves bits. Returns the new number of each.
async fn joined(
    histograms: &mut Vec<Histogram>,
    logarithms: &Logarithms,
    slice: &mut TimeSlice<'_>,
) -> Vec<u32> {
    let count = histograms.len();
    let mut groups: Vec<usize> = (0..count).collect();
    let mut bits: Vec<f64> =
        histograms.iter().map(|histogram| logarithms.bits(histogram)).collect();
    let saved = |histograms: &[Histogram], bits: &[f64], one: usize, other: usize| {
        let joint = logarithms.joint_bits(&histograms[one], Some(&histograms[other]));
        bits[one] + bits[other] - joint
    };
    // What joining saves, by pairs with the smaller number first.
    let mut gains = vec![0.0; count * count];
    for one in 0..count {
        for other in one + 1..count {
            gains[one * count + other] = saved(histograms, &bits, one, other);
        }
        slice.spend(count as u64 * 500).await;
    }
    let mut alive: Vec<usize> = (0..count).collect();
    loop {
        let mut best = (0.0, 0, 0);
        for (nth, &one) in alive.iter().enumerate() {
            for &other in &alive[nth + 1..] {
                let gain = gains[one * count + other];
                if gain > best.0 {
                    best = (gain, one, other);
                }
            }
        }
        let (gain, one, other) = best;
        if gain <= 0.0 {
            break;
        }
        let more = histograms[other].clone();
        histograms[one].join(&more);
        bits[one] = logarithms.bits(&histograms[one]);
        alive.retain(|&group| group != other);
        groups.iter_mut().filter(|group| **group == other).for_each(|group| *group = one);
        for &third in alive.iter().filter(|&&third| third != one) {
            let (first, second) = (one.min(third), one.max(third));
            gains[first * count + second] = saved(histograms, &bits, first, second);
        }
        slice.spend(alive.len() as u64 * 500).await;
    }
    *histograms = alive.iter().map(|&group| histograms[group].clone()).collect();
    let place = |group: &usize| alive.binary_search(group).unwrap_or(0) as u32;
    groups.iter().map(place).collect()
}
