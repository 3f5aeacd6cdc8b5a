//! Divides the macroblocks into segments by their texture: errors hide in texture, so that it is
//! quantised more coarsely than even areas.

use wide::i16x8;

use super::{
    eight::join,
    macroblock::{CHROMA_PLACES, Source, luma_places},
    planes::Planes,
    predict::Mode,
    segment::Segment,
    transform::{Blocks, forward},
};

/// The largest number of segments.
const MOST: usize = 4;

/// The segments of a frame.
pub struct Segmentation {
    /// The parameters of each.
    pub segments: Vec<Segment>,
    /// The segment of each macroblock, row by row.
    pub map: Vec<u8>,
}

/// How even the macroblocks are, 0 to 255 each, and how even chroma is on average.
#[derive(Default)]
pub struct Evenness {
    luma_and_chroma: Vec<u8>,
    chroma: u64,
}

impl Evenness {
    /// Adds a row of macroblocks.
    pub fn push_row(&mut self, planes: &Planes, y: usize) {
        for x in 0..planes.macroblocks.0 {
            let source = Source::read(planes, x, y);
            let edges = planes.y.edges::<16>(x, y);
            let luma = [Mode::Dc, Mode::TrueMotion].map(|mode| {
                let mut histogram = [0; 32];
                let mut prediction = [i16x8::ZERO; 16];
                for half in 0..2 {
                    edges.predict(mode, luma_places(half), &mut prediction);
                    count(&forward(&source.luma[half], &prediction), &mut histogram);
                }
                spread(&histogram)
            });
            let [u, v] = [&planes.u, &planes.v].map(|plane| plane.edges::<8>(x, y));
            let chroma = [Mode::Dc, Mode::TrueMotion].map(|mode| {
                let mut histogram = [0; 32];
                let mut predictions = [[i16x8::ZERO; 16]; 2];
                u.predict(mode, CHROMA_PLACES, &mut predictions[0]);
                v.predict(mode, CHROMA_PLACES, &mut predictions[1]);
                let prediction = join(&predictions[0], &predictions[1]);
                count(&forward(&source.chroma, &prediction), &mut histogram);
                spread(&histogram)
            });
            let [luma, chroma] = [luma, chroma].map(|[dc, true_motion]| dc.max(true_motion));
            let both = (3 * luma + chroma + 2) / 4;
            self.luma_and_chroma.push(255 - both.min(255) as u8);
            self.chroma += u64::from(chroma);
        }
    }
}

/// Counts magnitudes of coefficients, in steps of 8.
fn count(coefficients: &Blocks, histogram: &mut [u32; 32]) {
    for vector in coefficients {
        let magnitudes: i16x8 = vector.abs() >> 3;
        let magnitudes = magnitudes.min(i16x8::splat(31));
        if magnitudes == i16x8::ZERO {
            histogram[0] += 8;
            continue;
        }
        for magnitude in magnitudes.to_array() {
            histogram[(magnitude & 31) as usize] += 1;
        }
    }
}

/// How far the magnitudes spread.
fn spread(histogram: &[u32; 32]) -> u32 {
    let most = histogram.iter().copied().max().unwrap_or(0);
    let last = histogram.iter().rposition(|&count| count > 0).unwrap_or(0);
    if most > 1 { 510 * last as u32 / most } else { 0 }
}

impl Segmentation {
    /// Groups the macroblocks for a quality of 1 to 100.
    pub fn new(evenness: &Evenness, quality: u8) -> Self {
        let mut histogram = [0_u64; 256];
        for &value in &evenness.luma_and_chroma {
            histogram[usize::from(value)] += 1;
        }
        let (centers, nearest, mean) = centers(&histogram);
        let lowest = centers.iter().copied().min().unwrap_or(0);
        let highest = centers.iter().copied().max().unwrap_or(0).max(lowest + 1);
        let count = evenness.luma_and_chroma.len().max(1) as u64;
        let chroma = chroma_delta((evenness.chroma / count) as i32);
        let compression = compression(quality);
        let mut segments: Vec<Segment> = Vec::new();
        let places = centers.map(|center| {
            let texture = (255 * (center - mean) / (highest - lowest)).clamp(-127, 127);
            let evenness = (255 * (center - lowest) / (highest - lowest)).clamp(0, 255);
            let exponent = 1.0 - SHAPING * f64::from(texture);
            let index = (127.0 * (1.0 - libm::pow(compression, exponent))) as i32;
            let segment = Segment::new(index.clamp(0, 127), chroma, evenness);
            segments.iter().position(|other| *other == segment).unwrap_or_else(|| {
                segments.push(segment);
                segments.len() - 1
            })
        });
        let map = evenness.luma_and_chroma.iter();
        let map = map.map(|&value| places[nearest[usize::from(value)]] as u8).collect();
        Self { segments, map }
    }
}

/// How much the index of a segment depends on its texture, for a strength of 50 %.
const SHAPING: f64 = 0.9 * 50.0 / 100.0 / 128.0;

/// Maps libwebp's quality to its compression factor, the inverse of the quantisation.
fn compression(quality: u8) -> f64 {
    let share = f64::from(quality) / 100.0;
    libm::cbrt(if share < 0.75 { share * 2.0 / 3.0 } else { 2.0 * share - 1.0 })
}

/// How much finer chroma is quantised than luma: the more its magnitudes spread, the less.
fn chroma_delta(spread: i32) -> [i32; 2] {
    let ac = (spread - 64) * 10 / 70 * 50 / 100;
    [-2, ac.clamp(-4, 6)]
}

/// Finds the centres of four groups (Lloyd's algorithm), the nearest centre of each value, and the
/// mean of the values.
fn centers(histogram: &[u64; 256]) -> ([i32; MOST], [usize; 256], i32) {
    let used = |at: &usize| histogram[*at] > 0;
    let low = (0..256).find(used).unwrap_or(0) as i32;
    let high = (0..256).rev().find(used).unwrap_or(0) as i32;
    let mut centers: [i32; MOST] =
        std::array::from_fn(|n| low + (2 * n as i32 + 1) * (high - low) / (2 * MOST as i32));
    let mut nearest = [0; 256];
    let mut mean = 0;
    for _ in 0..6 {
        let mut sums = [(0_u64, 0_u64); MOST];
        for value in low..=high {
            let distance = |n: &usize| (value - centers[*n]).abs();
            let group = (0..MOST).min_by_key(distance).unwrap_or(0);
            nearest[value as usize] = group;
            let count = histogram[value as usize];
            sums[group].0 += count * value as u64;
            sums[group].1 += count;
        }
        let mut moved = 0;
        for (center, (sum, count)) in centers.iter_mut().zip(sums) {
            if let Some(mean) = (sum + count / 2).checked_div(count) {
                moved += (*center - mean as i32).abs();
                *center = mean as i32;
            }
        }
        let weighted = centers.iter().zip(sums).map(|(center, (_, count))| *center as u64 * count);
        let all = sums.iter().map(|(_, count)| count).sum::<u64>().max(1);
        mean = (weighted.sum::<u64>() / all) as i32;
        if moved < 5 {
            break;
        }
    }
    (centers, nearest, mean)
}
