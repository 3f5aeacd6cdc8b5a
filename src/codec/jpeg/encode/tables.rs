//! The quantisation and Huffman tables of ITU-T T.81, annex K.

use std::borrow::Cow;

use crate::codec::jpeg::zigzag::ZIGZAG;

/// The quantisation steps of a class of components, row by row.
pub struct Quantisation {
    /// 1 to 255 each.
    pub steps: [u8; 64],
}

impl Quantisation {
    /// The steps for luma (table K.1) and chroma (K.2), scaled by quality as in libjpeg.
    pub fn of(quality: u8) -> [Self; 2] {
        let quality = u32::from(quality.clamp(1, 100));
        let percent = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
        [LUMA, CHROMA].map(|steps| {
            let scaled = |step| ((u32::from(step) * percent + 50) / 100).clamp(1, 255) as u8;
            Self { steps: steps.map(scaled) }
        })
    }

    /// The steps in zigzag order, as a DQT segment stores them.
    pub fn in_zigzag(&self) -> [u8; 64] {
        ZIGZAG.map(|at| self.steps[usize::from(at % 8 * 8 + at / 8)])
    }
}

#[rustfmt::skip]
const LUMA: [u8; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61,
    12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77,
    24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
];

#[rustfmt::skip]
const CHROMA: [u8; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99,
    18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
];

/// A Huffman table as a DHT segment stores it.
pub struct Specification {
    /// The number of codes of each length, 1 to 16 bits.
    pub counts: [u8; 16],
    /// The symbols of the codes.
    pub symbols: Cow<'static, [u8]>,
}

/// The tables for luma (K.3 and K.5) and chroma (K.4 and K.6): each for DC coefficients, then
/// for AC coefficients.
pub static HUFFMAN: [[Specification; 2]; 2] = [
    [
        Specification {
            counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
            symbols: Cow::Borrowed(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
        },
        Specification {
            counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
            symbols: Cow::Borrowed(
                b"\
                \x01\x02\x03\x00\x04\x11\x05\x12\x21\x31\x41\x06\x13\x51\x61\x07\x22\x71\x14\x32\
                \x81\x91\xa1\x08\x23\x42\xb1\xc1\x15\x52\xd1\xf0\x24\x33\x62\x72\x82\x09\x0a\x16\
                \x17\x18\x19\x1a\x25\x26\x27\x28\x29\x2a\x34\x35\x36\x37\x38\x39\x3a\x43\x44\x45\
                \x46\x47\x48\x49\x4a\x53\x54\x55\x56\x57\x58\x59\x5a\x63\x64\x65\x66\x67\x68\x69\
                \x6a\x73\x74\x75\x76\x77\x78\x79\x7a\x83\x84\x85\x86\x87\x88\x89\x8a\x92\x93\x94\
                \x95\x96\x97\x98\x99\x9a\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xb2\xb3\xb4\xb5\xb6\
                \xb7\xb8\xb9\xba\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xd2\xd3\xd4\xd5\xd6\xd7\xd8\
                \xd9\xda\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\
                \xf9\xfa",
            ),
        },
    ],
    [
        Specification {
            counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
            symbols: Cow::Borrowed(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
        },
        Specification {
            counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119],
            symbols: Cow::Borrowed(
                b"\
                \x00\x01\x02\x03\x11\x04\x05\x21\x31\x06\x12\x41\x51\x07\x61\x71\x13\x22\x32\x81\
                \x08\x14\x42\x91\xa1\xb1\xc1\x09\x23\x33\x52\xf0\x15\x62\x72\xd1\x0a\x16\x24\x34\
                \xe1\x25\xf1\x17\x18\x19\x1a\x26\x27\x28\x29\x2a\x35\x36\x37\x38\x39\x3a\x43\x44\
                \x45\x46\x47\x48\x49\x4a\x53\x54\x55\x56\x57\x58\x59\x5a\x63\x64\x65\x66\x67\x68\
                \x69\x6a\x73\x74\x75\x76\x77\x78\x79\x7a\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x92\
                \x93\x94\x95\x96\x97\x98\x99\x9a\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xb2\xb3\xb4\
                \xb5\xb6\xb7\xb8\xb9\xba\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xd2\xd3\xd4\xd5\xd6\
                \xd7\xd8\xd9\xda\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xf2\xf3\xf4\xf5\xf6\xf7\xf8\
                \xf9\xfa",
            ),
        },
    ],
];

/// A Huffman code.
#[derive(Clone, Copy, Default)]
pub struct Code {
    /// The bits of the code; the last one is the lowest.
    pub bits: u16,
    /// The number of bits.
    pub len: u8,
}

/// The codes of a class of components, by symbol.
pub struct Codes {
    /// DC coefficients: the symbol is the bit length of the difference.
    pub first: [Code; 16],
    /// AC coefficients: the symbol is the preceding zeros (high 4 bits) and the value's bit length.
    pub others: [Code; 256],
}

impl Codes {
    /// Derives the codes from the lengths, as annex C defines.
    pub fn new(first: &Specification, others: &Specification) -> Self {
        let mut codes = Self { first: [Code::default(); 16], others: [Code::default(); 256] };
        first.assign(&mut codes.first);
        others.assign(&mut codes.others);
        codes
    }
}

impl Codes {
    /// Codes that are the symbols themselves, with the number of their table as length: for
    /// [`Tokens`](super::tokens::Tokens).
    pub fn symbols(class: usize) -> Self {
        let code = |table: usize, symbol: usize| Code { bits: symbol as u16, len: table as u8 };
        Self {
            first: std::array::from_fn(|symbol| code(2 * class, symbol)),
            others: std::array::from_fn(|symbol| code(2 * class + 1, symbol)),
        }
    }
}

impl Specification {
    /// No codes.
    pub const EMPTY: Self = Self { counts: [0; 16], symbols: Cow::Borrowed(&[]) };

    fn assign(&self, codes: &mut [Code]) {
        let mut symbols = self.symbols.iter();
        let mut bits = 0;
        for (len, &count) in (1..).zip(&self.counts) {
            for symbol in symbols.by_ref().take(count.into()) {
                if let Some(code) = codes.get_mut(usize::from(*symbol)) {
                    *code = Code { bits, len };
                }
                bits += 1;
            }
            bits <<= 1;
        }
    }
}
