//! Writes an image: the cache, the groups, their codes, and the symbols (RFC 9649, sections 3.7 and
//! 3.8).

use super::{
    bits::Bits,
    copies::Copy,
    groups::{Groups, groups},
    histogram::{GREENS, Histogram, Logarithms},
    huffman::{LONGEST, LONGEST_OF_LENGTHS, codes, lengths},
    symbols::{Symbol, Symbols, distance_code, prefix},
};
use crate::time_slice::{TimeSlice, Work};

/// The symbols of an image.
pub struct Image<'a> {
    /// Its pixels.
    pub pixels: &'a [u32],
    /// Its width.
    pub width: usize,
    /// The copies in it.
    pub copies: Vec<Copy>,
    /// Bits of the cache of colours; 0 for none.
    pub cache_bits: u32,
    /// Whether it is the picture itself, and not a part of a transform.
    pub is_main: bool,
}

/// The order of the lengths of the code of lengths.
const ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// A prefix code: the code and the length of each symbol.
struct Code(Vec<(u16, u8)>);

impl Code {
    fn put(&self, symbol: usize, bits: &mut Bits) {
        let (code, length) = self.0.get(symbol).copied().unwrap_or_default();
        bits.put(code.into(), length.into());
    }
}

/// Appends an image.
pub fn write<'a>(
    image: Image<'a>,
    bits: &'a mut Bits,
    logarithms: &'a Logarithms,
    slice: &'a mut TimeSlice<'_>,
) -> Work<'a, ()> {
    Box::pin(async move {
        let Image { pixels, width, ref copies, cache_bits, is_main } = image;
        let symbols = || Symbols::new(pixels, copies, cache_bits);
        bits.put(u32::from(cache_bits > 0), 1);
        if cache_bits > 0 {
            bits.put(cache_bits, 4);
        }
        let size = (width, pixels.len() / width);
        let groups = match is_main {
            true => groups(symbols(), size, cache_bits, logarithms, slice).await,
            false => alone(symbols(), width, cache_bits),
        };
        if is_main {
            bits.put(u32::from(groups.histograms.len() > 1), 1);
        }
        if groups.histograms.len() > 1 {
            bits.put(groups.bits - 2, 3);
            let of_squares: Vec<u32> =
                groups.of_squares.iter().map(|group| 0xff00_0000 | group << 8).collect();
            let width = width.div_ceil(1 << groups.bits);
            let image = Image {
                pixels: &of_squares,
                width,
                copies: Vec::new(),
                cache_bits: 0,
                is_main: false,
            };
            write(image, bits, logarithms, slice).await;
        }
        let codes: Vec<[Code; 5]> = groups
            .histograms
            .iter()
            .map(|histogram| histogram.alphabets().map(|counts| write_code(counts, bits)))
            .collect();
        for (at, symbol) in symbols() {
            if let Some(codes) = codes.get(groups.of(at, width)) {
                put(symbol, width as u32, codes, bits);
            }
            slice.spend(2).await;
        }
    })
}

/// One group of all pixels.
fn alone(symbols: Symbols<'_>, width: usize, cache_bits: u32) -> Groups {
    let mut histogram = Histogram::new(cache_bits);
    symbols.for_each(|(_, symbol)| histogram.add(symbol, width as u32));
    Groups { bits: 9, of_squares: Vec::new(), histograms: vec![histogram] }
}

/// Appends a symbol.
fn put(symbol: Symbol, width: u32, codes: &[Code; 5], bits: &mut Bits) {
    let [greens, red, blue, alpha, distances] = codes;
    match symbol {
        Symbol::Literal(pixel) => {
            let [of_alpha, of_red, of_green, of_blue] = pixel.to_be_bytes().map(usize::from);
            greens.put(of_green, bits);
            red.put(of_red, bits);
            blue.put(of_blue, bits);
            alpha.put(of_alpha, bits);
        }
        Symbol::Cached(place) => greens.put(GREENS + usize::from(place), bits),
        Symbol::Copy(len, distance) => {
            let (symbol, extra, rest) = prefix(len);
            greens.put(256 + symbol, bits);
            bits.put(rest, extra);
            let (symbol, extra, rest) = prefix(distance_code(distance, width));
            distances.put(symbol, bits);
            bits.put(rest, extra);
        }
    }
}

/// Appends the code for symbols that occur so often, and returns it.
fn write_code(counts: &[u32], bits: &mut Bits) -> Code {
    let mut used = (0..counts.len()).filter(|&symbol| counts[symbol] > 0);
    let few = [used.next(), used.next(), used.next()];
    let lengths = lengths(counts, LONGEST);
    match few {
        [first, second, None] if first.max(second).unwrap_or(0) < 256 => {
            let first = first.unwrap_or(0) as u32;
            bits.put(1, 1);
            bits.put(u32::from(second.is_some()), 1);
            let wide = u32::from(first > 1);
            bits.put(wide, 1);
            bits.put(first, if wide > 0 { 8 } else { 1 });
            if let Some(second) = second {
                bits.put(second as u32, 8);
            }
        }
        _ => {
            bits.put(0, 1);
            write_lengths(&lengths, bits);
        }
    }
    coded(&lengths)
}

/// The codes of these lengths. A symbol that is alone takes no bits.
fn coded(lengths: &[u8]) -> Code {
    if lengths.iter().filter(|&&length| length > 0).count() < 2 {
        return Code(vec![(0, 0); lengths.len()]);
    }
    Code(codes(lengths).into_iter().zip(lengths.iter().copied()).collect())
}

/// Appends the lengths of a code, as a code of their own.
fn write_lengths(lengths: &[u8], bits: &mut Bits) {
    let end = lengths.iter().rposition(|&length| length > 0).map_or(0, |last| last + 1);
    let cut = tokens(&lengths[..end]);
    let is_cut = end < lengths.len() && cut.len() >= 2;
    let tokens = if is_cut { cut } else { tokens(lengths) };
    let mut counts = [0; 19];
    tokens.iter().for_each(|(token, _, _)| counts[usize::from(*token)] += 1);
    let of_lengths = super::huffman::lengths(&counts, LONGEST_OF_LENGTHS);
    let last = ORDER.iter().rposition(|&token| of_lengths[token] > 0).map_or(4, |last| last + 1);
    let last = last.max(4);
    bits.put(last as u32 - 4, 4);
    ORDER[..last].iter().for_each(|&token| bits.put(of_lengths[token].into(), 3));
    // How many tokens follow, where that is shorter than zeros up to the end.
    bits.put(u32::from(is_cut), 1);
    if is_cut {
        let count = tokens.len() as u32;
        let pairs = (count - 2).max(1).ilog2() / 2 + 1;
        bits.put(pairs - 1, 3);
        bits.put(count - 2, 2 * pairs);
    }
    let code = coded(&of_lengths);
    for (token, extra, rest) in tokens {
        code.put(token.into(), bits);
        bits.put(rest, extra);
    }
}

/// Lengths as tokens with extra bits: a length, or the repetition of the last one or of zeros.
fn tokens(lengths: &[u8]) -> Vec<(u8, u32, u32)> {
    let mut tokens = Vec::new();
    let mut before = 8;
    for run in lengths.chunk_by(|one, other| one == other) {
        let (length, mut left) = (run[0], run.len());
        if length > 0 && length != before {
            tokens.push((length, 0, 0));
            (before, left) = (length, left - 1);
        }
        while left > 0 {
            let (taken, token) = match (length, left) {
                (_, 1..=2) => (1, (length, 0, 0)),
                (0, 3..=10) => (left, (17, 3, left as u32 - 3)),
                (0, _) => (left.min(138), (18, 7, left.min(138) as u32 - 11)),
                _ => (left.min(6), (16, 2, left.min(6) as u32 - 3)),
            };
            tokens.push(token);
            left -= taken;
        }
    }
    tokens
}
