//! Finds pixels that repeat earlier ones (LZ77).

use super::symbols::{distance_code, prefix};
use crate::time_slice::TimeSlice;

/// A copy of earlier pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copy {
    /// The number of its first pixel.
    pub at: u32,
    /// The number of pixels.
    pub len: u32,
    /// How many pixels before they are.
    pub distance: u32,
}

/// The longest copy, and the largest distance that has a code.
const LENGTH: usize = 4096;
const DISTANCE: usize = (1 << 20) - 120;

/// Bits of the hash of two pixels.
const HASH: u32 = 16;

/// Earlier places that are compared, at most.
const CHAIN: usize = 48;

/// A copy as long as this is taken at once.
const ENOUGH: usize = 128;

/// Bits of the two symbols of a copy, about.
const SYMBOLS: f64 = 11.0;

/// No place.
const NONE: u32 = u32::MAX;

/// Bytes of memory for each pixel, and for all.
pub const MEMORY: (u64, u64) = (4, 4 << HASH);

/// The places with the same two pixels, the latest first.
struct Chains<'a> {
    pixels: &'a [u32],
    width: u32,
    /// Bits of a literal, about.
    literal: f64,
    heads: Vec<u32>,
    before: Vec<u32>,
}

impl Chains<'_> {
    fn hash(&self, at: usize) -> Option<usize> {
        let [one, two] = *self.pixels.get(at..)?.first_chunk()?;
        let mixed = one.wrapping_mul(0x9e37_79b1) ^ two.wrapping_mul(0x85eb_ca77).rotate_left(15);
        Some((mixed.wrapping_mul(0x9e37_79b1) >> (32 - HASH)) as usize)
    }

    /// Adds a place.
    fn add(&mut self, at: usize) {
        if let Some(hash) = self.hash(at)
            && let (Some(head), Some(before)) = (self.heads.get_mut(hash), self.before.get_mut(at))
        {
            *before = std::mem::replace(head, at as u32);
        }
    }

    /// How many pixels at a place are those at an earlier one.
    fn same(&self, at: usize, earlier: usize) -> usize {
        let (one, other) = (self.pixels.get(at..), self.pixels.get(earlier..));
        let (Some(one), Some(other)) = (one, other) else { return 0 };
        one.iter().zip(other).take(LENGTH).take_while(|(a, b)| a == b).count()
    }

    /// The copy that saves most bits, and how many; none if none saves any.
    fn best(&self, at: usize) -> (f64, Option<Copy>) {
        let mut best = (0.0, None);
        let mut longest = 0;
        let mut attempt = |earlier: usize| {
            let len = self.same(at, earlier);
            if len > longest {
                longest = len;
                let distance = (at - earlier) as u32;
                let gain = self.gain(len as u32, distance);
                if gain > best.0 {
                    best = (gain, Some(Copy { at: at as u32, len: len as u32, distance }));
                }
            }
            len
        };
        for distance in [1, self.width as usize] {
            if let Some(earlier) = at.checked_sub(distance)
                && attempt(earlier) >= ENOUGH
            {
                return best;
            }
        }
        let mut place = self.hash(at).and_then(|hash| self.heads.get(hash)).copied();
        for _ in 0..CHAIN {
            let Some(earlier) = place.filter(|&place| place != NONE).map(|place| place as usize)
            else {
                break;
            };
            if at - earlier > DISTANCE || attempt(earlier) >= ENOUGH {
                break;
            }
            place = self.before.get(earlier).copied();
        }
        best
    }

    /// Bits that a copy saves.
    fn gain(&self, len: u32, distance: u32) -> f64 {
        let extra = prefix(len).1 + prefix(distance_code(distance, self.width)).1;
        f64::from(len) * self.literal - f64::from(extra) - SYMBOLS
    }
}

/// Finds copies in a picture of this width whose literals take so many bits.
pub async fn copies(
    pixels: &[u32],
    width: u32,
    literal: f64,
    slice: &mut TimeSlice<'_>,
) -> Vec<Copy> {
    let (heads, before) = (vec![NONE; 1 << HASH], vec![NONE; pixels.len()]);
    let mut chains = Chains { pixels, width, literal, heads, before };
    let mut copies = Vec::new();
    let (mut at, mut next) = (0, None);
    while at < pixels.len() {
        let (gain, found) = next.take().unwrap_or_else(|| chains.best(at));
        chains.add(at);
        slice.spend(8).await;
        let Some(copy) = found else {
            at += 1;
            continue;
        };
        if (copy.len as usize) < ENOUGH {
            // A copy may begin better at the next pixel.
            let later = chains.best(at + 1);
            if later.0 > gain + 1.0 {
                (at, next) = (at + 1, Some(later));
                continue;
            }
        }
        copies.push(copy);
        let end = at + copy.len as usize;
        (at + 1..end).for_each(|place| chains.add(place));
        slice.spend(u64::from(copy.len)).await;
        at = end;
    }
    copies
}
