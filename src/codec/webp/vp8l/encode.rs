//! Chooses the transforms of a picture, its copies and its cache.

use super::{
    bits::Bits,
    copies::{Copy, MEMORY, copies},
    histogram::{Histogram, Logarithms},
    palette::{differences, indexed, palette},
    predict::{SQUARE_BITS, predict, subtract_green},
    symbols::{Symbol, Symbols, distance_code, prefix},
    write::{Image, write},
};
use crate::time_slice::TimeSlice;

/// The transforms.
const PREDICTOR: u32 = 0;
const SUBTRACT_GREEN: u32 = 2;
const PALETTE: u32 = 3;

/// Bits of the predictor of a square, about.
const PREDICTOR_BITS: u32 = 2;

/// The most colours of which several indices share a pixel.
const PACKED: usize = 16;

/// Bits of the caches that are tried.
const CACHES: [u32; 4] = [0, 3, 6, 10];

/// Copies shorter than this leave no room for their own memory.
const SHORTEST: u32 = 3;

/// A picture.
pub struct Picture {
    /// Alpha, red, green and blue from the highest byte.
    pub pixels: Vec<u32>,
    /// Its width.
    pub width: usize,
}

/// Bytes of memory besides the picture that encoding so many pixels takes, with the stream.
pub fn memory(pixels: u64) -> u64 {
    let (each, all) = MEMORY;
    // The predicted pixels, the chains, and the copies in a vector that grows.
    pixels * (4 + each + 10) + all + (2 << 20)
}

/// Pixels without some transforms, and the cheapest symbols for them.
struct Candidate {
    pixels: Vec<u32>,
    copies: Vec<Copy>,
    cache_bits: u32,
    bits: f64,
}

impl Candidate {
    async fn of(
        pixels: Vec<u32>,
        width: usize,
        logarithms: &Logarithms,
        slice: &mut TimeSlice<'_>,
    ) -> Self {
        let plain = cost((&pixels, width), &[], 0, logarithms, slice).await;
        let literal = plain / pixels.len().max(1) as f64;
        let mut found = copies(&pixels, width as u32, literal, slice).await;
        found.retain(|copy| copy.len >= SHORTEST);
        let mut best = (plain, 0, false);
        for with_copies in [true, false] {
            let copies: &[Copy] = if with_copies { &found } else { &[] };
            for cache_bits in CACHES {
                let bits = cost((&pixels, width), copies, cache_bits, logarithms, slice).await;
                if bits < best.0 {
                    best = (bits, cache_bits, with_copies);
                }
            }
        }
        let (bits, cache_bits, with_copies) = best;
        if !with_copies {
            found = Vec::new();
        }
        Self { pixels, copies: found, cache_bits, bits }
    }

    fn image(&self, width: usize, is_main: bool) -> Image<'_> {
        let Self { pixels, copies, cache_bits, .. } = self;
        let cache_bits = if is_main { *cache_bits } else { 0 };
        Image { pixels, width, copies: copies.clone(), cache_bits, is_main }
    }
}

/// Bits of the symbols with these copies and a cache of so many bits, about.
async fn cost(
    (pixels, width): (&[u32], usize),
    copies: &[Copy],
    cache_bits: u32,
    logarithms: &Logarithms,
    slice: &mut TimeSlice<'_>,
) -> f64 {
    let mut histogram = Histogram::new(cache_bits);
    let mut extra = 0;
    for (_, symbol) in Symbols::new(pixels, copies, cache_bits) {
        histogram.add(symbol, width as u32);
        if let Symbol::Copy(len, distance) = symbol {
            extra += prefix(len).1 + prefix(distance_code(distance, width as u32)).1;
        }
        slice.spend(1).await;
    }
    logarithms.bits(&histogram) + f64::from(extra)
}

/// Appends the stream of a picture, without its head.
pub async fn encode(picture: Picture, out: Vec<u8>, slice: &mut TimeSlice<'_>) -> Vec<u8> {
    let Picture { pixels, width } = picture;
    let (mut bits, logarithms) = (Bits::after(out), Logarithms::new());
    let colors = palette(&pixels);
    slice.spend(pixels.len() as u64).await;
    let predicted = match &colors {
        Some(colors) if colors.len() <= PACKED => None,
        _ => Some(predicted(&pixels, width, &logarithms, slice).await),
    };
    // Without prediction: as a palette, or as it is.
    let (pixels, unpredicted_width) = match &colors {
        Some(colors) => indexed(&pixels, width, colors),
        None => (pixels, width),
    };
    slice.spend(pixels.len() as u64).await;
    let unpredicted = Candidate::of(pixels, unpredicted_width, &logarithms, slice).await;
    let palette_bits = colors.as_ref().map_or(0, |colors| 16 * colors.len());
    let most = unpredicted.bits + palette_bits as f64;
    let (chosen, width) = match predicted.filter(|predicted| predicted.symbols.bits < most) {
        Some(Predicted { symbols, predictors, subtracts }) => {
            drop(unpredicted);
            if subtracts {
                transform(SUBTRACT_GREEN, &mut bits);
            }
            transform(PREDICTOR, &mut bits);
            bits.put(SQUARE_BITS - 2, 3);
            let squares = width.div_ceil(1 << SQUARE_BITS);
            part(predictors, squares, &mut bits, &logarithms, slice).await;
            (symbols, width)
        }
        None => {
            if let Some(colors) = &colors {
                transform(PALETTE, &mut bits);
                bits.put(colors.len() as u32 - 1, 8);
                part(differences(colors), colors.len(), &mut bits, &logarithms, slice).await;
            }
            (unpredicted, unpredicted_width)
        }
    };
    bits.put(0, 1);
    write(chosen.image(width, true), &mut bits, &logarithms, slice).await;
    bits.finish()
}

/// Announces a transform.
fn transform(kind: u32, bits: &mut Bits) {
    bits.put(1, 1);
    bits.put(kind, 2);
}

/// A picture without what its neighbours predict.
struct Predicted {
    symbols: Candidate,
    predictors: Vec<u32>,
    /// Whether green is subtracted before.
    subtracts: bool,
}

async fn predicted(
    pixels: &[u32],
    width: usize,
    logarithms: &Logarithms,
    slice: &mut TimeSlice<'_>,
) -> Predicted {
    let mut predicted = pixels.to_vec();
    subtract_green(&mut predicted);
    let with_green = cost((pixels, width), &[], 0, logarithms, slice).await;
    let subtracts = cost((&predicted, width), &[], 0, logarithms, slice).await < with_green;
    if !subtracts {
        predicted.copy_from_slice(pixels);
    }
    let predictors = predict(&mut predicted, width, slice).await;
    let mut symbols = Candidate::of(predicted, width, logarithms, slice).await;
    symbols.bits += f64::from(PREDICTOR_BITS) * predictors.len() as f64;
    Predicted { symbols, predictors, subtracts }
}

/// Appends an image that belongs to a transform.
async fn part(
    pixels: Vec<u32>,
    width: usize,
    bits: &mut Bits,
    logarithms: &Logarithms,
    slice: &mut TimeSlice<'_>,
) {
    let chosen = Candidate::of(pixels, width, logarithms, slice).await;
    write(chosen.image(width, false), bits, logarithms, slice).await;
}
