//! The symbols of a picture: literals, colours of the cache, copies (RFC 9649, section 3.6).

use super::{cache::Cache, copies::Copy};

/// A symbol of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbol {
    /// A pixel: alpha, red, green, blue from the highest byte.
    Literal(u32),
    /// A colour at a place in the cache.
    Cached(u16),
    /// So many pixels, from a distance.
    Copy(u32, u32),
}

/// Iterates over the symbols of a picture with the number of the first pixel of each.
pub struct Symbols<'a> {
    pixels: &'a [u32],
    copies: std::slice::Iter<'a, Copy>,
    next: Option<&'a Copy>,
    cache: Cache,
    at: usize,
}

impl<'a> Symbols<'a> {
    /// The symbols with these copies, and a cache of so many bits.
    pub fn new(pixels: &'a [u32], copies: &'a [Copy], cache_bits: u32) -> Self {
        let mut copies = copies.iter();
        let next = copies.next();
        Self { pixels, copies, next, cache: Cache::new(cache_bits), at: 0 }
    }
}

impl Iterator for Symbols<'_> {
    type Item = (usize, Symbol);

    fn next(&mut self) -> Option<(usize, Symbol)> {
        let at = self.at;
        if let Some(copy) = self.next.filter(|copy| copy.at as usize == at) {
            let end = at + copy.len as usize;
            for &pixel in self.pixels.get(at..end)? {
                self.cache.find(pixel);
            }
            (self.at, self.next) = (end, self.copies.next());
            return Some((at, Symbol::Copy(copy.len, copy.distance)));
        }
        let pixel = *self.pixels.get(at)?;
        self.at += 1;
        let cached = self.cache.find(pixel).map(Symbol::Cached);
        Some((at, cached.unwrap_or(Symbol::Literal(pixel))))
    }
}

/// A length or distance as a prefix symbol, and the number and value of its extra bits. `value` is 1
/// at least.
pub fn prefix(value: u32) -> (usize, u32, u32) {
    let rest = value - 1;
    if rest < 4 {
        return (rest as usize, 0, 0);
    }
    let high = rest.ilog2();
    let extra = high - 1;
    let second = rest >> extra & 1;
    ((2 * high + second) as usize, extra, rest & ((1 << extra) - 1))
}

/// The pixels around one that have the shortest codes: columns to the left, and rows above.
const NEAR: [(i8, u8); 120] = [
    (0, 1),
    (1, 0),
    (1, 1),
    (-1, 1),
    (0, 2),
    (2, 0),
    (1, 2),
    (-1, 2),
    (2, 1),
    (-2, 1),
    (2, 2),
    (-2, 2),
    (0, 3),
    (3, 0),
    (1, 3),
    (-1, 3),
    (3, 1),
    (-3, 1),
    (2, 3),
    (-2, 3),
    (3, 2),
    (-3, 2),
    (0, 4),
    (4, 0),
    (1, 4),
    (-1, 4),
    (4, 1),
    (-4, 1),
    (3, 3),
    (-3, 3),
    (2, 4),
    (-2, 4),
    (4, 2),
    (-4, 2),
    (0, 5),
    (3, 4),
    (-3, 4),
    (4, 3),
    (-4, 3),
    (5, 0),
    (1, 5),
    (-1, 5),
    (5, 1),
    (-5, 1),
    (2, 5),
    (-2, 5),
    (5, 2),
    (-5, 2),
    (4, 4),
    (-4, 4),
    (3, 5),
    (-3, 5),
    (5, 3),
    (-5, 3),
    (0, 6),
    (6, 0),
    (1, 6),
    (-1, 6),
    (6, 1),
    (-6, 1),
    (2, 6),
    (-2, 6),
    (6, 2),
    (-6, 2),
    (4, 5),
    (-4, 5),
    (5, 4),
    (-5, 4),
    (3, 6),
    (-3, 6),
    (6, 3),
    (-6, 3),
    (0, 7),
    (7, 0),
    (1, 7),
    (-1, 7),
    (5, 5),
    (-5, 5),
    (7, 1),
    (-7, 1),
    (4, 6),
    (-4, 6),
    (6, 4),
    (-6, 4),
    (2, 7),
    (-2, 7),
    (7, 2),
    (-7, 2),
    (3, 7),
    (-3, 7),
    (7, 3),
    (-7, 3),
    (5, 6),
    (-5, 6),
    (6, 5),
    (-6, 5),
    (8, 0),
    (4, 7),
    (-4, 7),
    (7, 4),
    (-7, 4),
    (8, 1),
    (8, 2),
    (6, 6),
    (-6, 6),
    (8, 3),
    (5, 7),
    (-5, 7),
    (7, 5),
    (-7, 5),
    (8, 4),
    (6, 7),
    (-6, 7),
    (7, 6),
    (-7, 6),
    (8, 5),
    (7, 7),
    (-7, 7),
    (8, 6),
    (8, 7),
];

/// The codes of near pixels by rows above and columns to the left, from −7; 0 for none.
const CODES: [[u8; 16]; 8] = {
    let mut codes = [[0; 16]; 8];
    let mut nth = 0;
    while nth < NEAR.len() {
        let (left, above) = NEAR[nth];
        codes[above as usize][(left + 7) as usize] = nth as u8 + 1;
        nth += 1;
    }
    codes
};

/// The code of a distance in a picture of this width.
pub fn distance_code(distance: u32, width: u32) -> u32 {
    let (above, left) = (distance / width, distance % width);
    let code = |above: u32, column: u32| {
        let row = CODES.get(above as usize)?;
        row.get(column as usize).copied().filter(|&code| code > 0).map(u32::from)
    };
    let right = || code(above + 1, 7_u32.checked_sub(width - left)?);
    let near = if left <= 8 { code(above, left + 7) } else { None };
    near.or_else(right).unwrap_or(distance + NEAR.len() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_symbols_with_extra_bits() {
        let cases =
            [(1, (0, 0, 0)), (4, (3, 0, 0)), (5, (4, 1, 0)), (6, (4, 1, 1)), (7, (5, 1, 0))];
        for (value, wanted) in cases {
            assert_eq!(prefix(value), wanted, "{value}");
        }
        assert_eq!(prefix(4096), (23, 10, 1023));
        assert_eq!(prefix(1 << 20).0, 39);
    }

    #[test]
    fn near_pixels_have_short_codes() {
        let codes =
            [100, 1, 101, 99, 200, 93, 108, 9, 115].map(|distance| distance_code(distance, 100));
        assert_eq!(codes, [1, 2, 3, 4, 5, 80, 102, 129, 235]);
        assert_eq!(distance_code(1, 1), 1, "the pixel above");
    }

    #[test]
    fn every_distance_of_a_narrow_picture_has_the_code_of_a_pixel_there() {
        for width in 1..20 {
            for distance in 1..200 {
                let code = distance_code(distance, width);
                let meant = match NEAR.get(code as usize - 1) {
                    Some((left, above)) => i64::from(*left) + i64::from(*above) * i64::from(width),
                    None => i64::from(code) - 120,
                };
                assert_eq!(meant.max(1), i64::from(distance), "{width}");
            }
        }
    }
}
