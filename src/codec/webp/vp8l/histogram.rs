//! How often symbols occur, and what they cost.

use super::symbols::{Symbol, distance_code, prefix};

/// The symbols of green and of lengths, without those of the cache.
pub const GREENS: usize = 256 + 24;
/// The symbols of distances.
const DISTANCES: usize = 40;

/// How often the symbols of the five alphabets occur: green with lengths and cache, red, blue, alpha,
/// distances (RFC 9649, section 3.7.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    counts: Vec<u32>,
    greens: usize,
}

impl Histogram {
    /// No symbols, with a cache of so many bits.
    pub fn new(cache_bits: u32) -> Self {
        let greens = GREENS + if cache_bits > 0 { 1 << cache_bits } else { 0 };
        Self { counts: vec![0; greens + 3 * 256 + DISTANCES], greens }
    }

    /// The counts of each alphabet.
    pub fn alphabets(&self) -> [&[u32]; 5] {
        let (greens, rest) = self.counts.split_at(self.greens);
        let (red, rest) = rest.split_at(256);
        let (blue, rest) = rest.split_at(256);
        let (alpha, distances) = rest.split_at(256);
        [greens, red, blue, alpha, distances]
    }

    /// Counts a symbol of a picture of this width.
    pub fn add(&mut self, symbol: Symbol, width: u32) {
        let rest = self.greens;
        let mut count = |place: usize| {
            if let Some(count) = self.counts.get_mut(place) {
                *count += 1;
            }
        };
        match symbol {
            Symbol::Literal(pixel) => {
                let [alpha, red, green, blue] = pixel.to_be_bytes().map(usize::from);
                [green, rest + red, rest + 256 + blue, rest + 512 + alpha]
                    .into_iter()
                    .for_each(count);
            }
            Symbol::Cached(place) => count(GREENS + usize::from(place)),
            Symbol::Copy(len, distance) => {
                count(256 + prefix(len).0);
                count(rest + 768 + prefix(distance_code(distance, width)).0);
            }
        }
    }

    /// Counts the symbols of another histogram, too.
    pub fn join(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count += more);
    }
}

/// Logarithms to base 2 of small numbers.
pub struct Logarithms(Vec<f64>);

impl Logarithms {
    /// Computes them.
    pub fn new() -> Self {
        Self((0..1024).map(|number| libm::log2(f64::from(number.max(1)))).collect())
    }

    fn of(&self, number: u32) -> f64 {
        let known = self.0.get(number as usize);
        known.copied().unwrap_or_else(|| libm::log2(f64::from(number)))
    }

    /// Bits that the symbols take, with the codes themselves, about. Extra bits do not count.
    pub fn bits(&self, histogram: &Histogram) -> f64 {
        self.joint_bits(histogram, None)
    }

    /// The same for two histograms with common codes.
    pub fn joint_bits(&self, one: &Histogram, other: Option<&Histogram>) -> f64 {
        let others = other.map(Histogram::alphabets);
        let mut bits = 0.0;
        for (nth, counts) in one.alphabets().into_iter().enumerate() {
            let others = others.map(|others| others[nth]);
            bits += match others {
                Some(others) => self.of_alphabet(counts.iter().zip(others).map(|(a, b)| a + b)),
                None => self.of_alphabet(counts.iter().copied()),
            };
        }
        bits
    }

    #[inline(always)]
    fn of_alphabet(&self, counts: impl Iterator<Item = u32>) -> f64 {
        let (mut sum, mut used, mut bits) = (0, 0, 0.0);
        let mut gap = 0;
        let mut gaps = 0;
        for count in counts {
            if count > 0 {
                sum += count;
                used += 1;
                bits -= f64::from(count) * self.of(count);
                gaps += u32::from(gap > 0);
                gap = 0;
            } else {
                gap += 1;
            }
        }
        if used < 2 {
            // A simple code.
            return 12.0;
        }
        // The length of a code takes some bits, and so does a row of zeros.
        bits + f64::from(sum) * self.of(sum) + f64::from(20 + 3 * used + 6 * gaps)
    }
}
