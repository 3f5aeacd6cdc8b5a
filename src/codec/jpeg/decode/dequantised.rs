//! The dequantised coefficients of a block, in the form that the inverse DCT reads.

use super::inverse_dct::NARROW;
use crate::codec::jpeg::zigzag::ZIGZAG;

/// A block whose coefficients are set one by one; the others are 0.
///
/// Vectors multiply pairs of 16-bit integers. So each row of a column lies beside the same row of the
/// fourth column after it, and the transform loads such pairs without rearranging them.
pub struct Dequantised {
    /// Columns 0 to 3 with 4 to 7: rows 0 to 3 of the first such pair of columns, then its rows 4 to 7.
    pub pairs: [[i16; 8]; 8],
    /// The places in use, combined by OR.
    places: u8,
    /// The sum of the magnitudes.
    sum: u64,
}

/// The places of coefficients in [`Dequantised::pairs`], by their zigzag index.
const PLACES: [u8; 64] = {
    let mut places = [0; 64];
    let mut nth = 0;
    while nth < 64 {
        let (column, row) = (ZIGZAG[nth] / 8, ZIGZAG[nth] % 8);
        places[nth] = (column % 4 * 2 + row / 4) * 8 + row % 4 * 2 + column / 4;
        nth += 1;
    }
    places
};

/// The bits that are set in the places of the last four columns, and of the last four rows.
const LAST: u8 = 1 | 8;

impl Dequantised {
    /// A block of zeros.
    pub const ZERO: Self = Self { pairs: [[0; 8]; 8], places: 0, sum: 0 };

    /// Sets the coefficient with a zigzag index.
    #[inline(always)]
    pub fn put(&mut self, nth: usize, value: i32) {
        let place = PLACES[nth & 63] & 63;
        self.pairs.as_flattened_mut()[usize::from(place)] = value as i16;
        self.places |= place;
        self.sum += u64::from(value.unsigned_abs());
    }

    /// Whether 16 bits suffice for all values of the transform. If not, `pairs` may be wrong.
    #[inline(always)]
    pub fn is_narrow(&self) -> bool {
        self.sum <= NARROW
    }

    /// Whether only the first four columns and rows have coefficients.
    #[inline(always)]
    pub fn has_few(&self) -> bool {
        self.places & LAST == 0
    }
}
