//! Exact rational arithmetic for the decimals of a request.
//!
//! Floats cannot represent a decimal such as `.363` exactly. Rounding a side up could then make
//! it one pixel too long.

use std::{
    cmp::Ordering,
    ops::{Add, Div, Mul, Neg, Rem, Sub},
};

/// A fraction in lowest terms. A result that overflows 127 bits loses its least significant bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: i128,
    /// Greater than 0.
    denominator: i128,
}

/// The maximum number of significant digits; further ones are dropped.
const DIGITS: u32 = 18;
/// The maximum number of decimal places. A smaller magnitude becomes 10^−27, so that it is not 0.
const PLACES: u32 = 27;
/// The maximum number of zeros appended before the point; a larger exponent is capped.
const ZEROS: u32 = 20;

impl Ratio {
    /// 0
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    /// 1
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// Returns `part / whole`; a `whole` of 0 counts as 1.
    pub fn new(part: i64, whole: i64) -> Self {
        let sign = i128::from(if whole < 0 { -1 } else { 1 });
        Self::lowest(i128::from(part) * sign, i128::from(whole).abs().max(1))
    }

    /// Parses a decimal in the syntax of `f64`: sign, digits, point, exponent. Returns `None` for
    /// anything else, including `inf` and `nan`.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = || whole.bytes().chain(fraction.bytes());
        if digits().next().is_none() || !digits().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let (mut number, mut read) = (0, 0);
        for digit in digits().skip_while(|&digit| digit == b'0').take(DIGITS as usize) {
            number = number * 10 + i128::from(digit - b'0');
            read += 1;
        }
        if number == 0 {
            return Some(Self::ZERO);
        }
        let dropped = digits().skip_while(|&digit| digit == b'0').count() - read;
        let shift = i64::try_from(dropped).ok()? - i64::try_from(fraction.len()).ok()?;
        let places = shift + i64::from(exponent);
        let power = |places: i64, most: u32| 10_i128.pow(places.clamp(0, most.into()) as u32);
        let (numerator, denominator) = match places {
            0.. => (number * power(places, ZEROS), 1),
            _ => {
                let beyond = -places - i64::from(PLACES);
                ((number / power(beyond, DIGITS)).max(1), power(-places, PLACES))
            }
        };
        Some(Self::lowest(sign * numerator, denominator))
    }

    /// Converts the shortest decimal that identifies this float; `None` for infinity and NaN.
    pub fn written(number: f64) -> Option<Self> {
        Self::parse(&number.to_string())
    }

    fn lowest(numerator: i128, denominator: i128) -> Self {
        let common = common(numerator, denominator);
        Self { numerator: numerator / common, denominator: denominator / common }
    }

    /// The largest integer that is not greater, saturated to `i64`.
    pub fn floor(self) -> i64 {
        let whole = self.numerator.div_euclid(self.denominator);
        let fits = i64::try_from(whole);
        fits.unwrap_or(if whole < 0 { i64::MIN } else { i64::MAX })
    }

    /// The smallest integer that is not less, saturated to `i64`.
    pub fn ceil(self) -> i64 {
        (-self).floor().saturating_neg()
    }

    /// The nearest integer; ties round up.
    pub fn round(self) -> i64 {
        (self + Self::new(1, 2)).floor()
    }

    /// Converts to a float, for positions within pixels.
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// Halves numerator and denominator: about the same number with one bit less.
    fn coarser(self) -> Self {
        Self::lowest(self.numerator / 2, (self.denominator / 2).max(1))
    }

    /// Computes a result from both numbers. While it overflows (`None`), the larger operand loses
    /// one bit of precision.
    fn with(mut self, mut other: Self, compute: impl Fn(Self, Self) -> Option<Self>) -> Self {
        let size = |ratio: Self| ratio.numerator.abs().max(ratio.denominator);
        loop {
            if let Some(result) = compute(self, other) {
                return result;
            }
            if size(self) > size(other) {
                self = self.coarser();
            } else {
                other = other.coarser();
            }
        }
    }
}

/// The greatest common divisor, at least 1.
fn common(one: i128, other: i128) -> i128 {
    let (mut one, mut other) = (one.abs(), other.abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one.max(1)
}

impl From<u32> for Ratio {
    fn from(number: u32) -> Self {
        Self::new(number.into(), 1)
    }
}

impl From<i64> for Ratio {
    fn from(number: i64) -> Self {
        Self::new(number, 1)
    }
}

impl Default for Ratio {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Rem for Ratio {
    type Output = Self;

    /// The remainder of the division rounded toward zero: it has the sign of the dividend. A
    /// divisor of 0 counts as 1.
    fn rem(self, other: Self) -> Self {
        let quotient = self / other;
        let whole = if quotient < Self::ZERO { quotient.ceil() } else { quotient.floor() };
        self - Self::from(whole) * other
    }
}

impl Add for Ratio {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.with(other, |one, other| {
            let shared = common(one.denominator, other.denominator);
            let (up, down) = (other.denominator / shared, one.denominator / shared);
            let (left, right) =
                (one.numerator.checked_mul(up)?, other.numerator.checked_mul(down)?);
            Some(Self::lowest(left.checked_add(right)?, one.denominator.checked_mul(up)?))
        })
    }
}

impl Neg for Ratio {
    type Output = Self;

    fn neg(self) -> Self {
        Self { numerator: -self.numerator, ..self }
    }
}

impl Sub for Ratio {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Ratio {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        self.with(other, |one, other| {
            let (cross, back) = (
                Self::lowest(one.numerator, other.denominator),
                Self::lowest(other.numerator, one.denominator),
            );
            Some(Self {
                numerator: cross.numerator.checked_mul(back.numerator)?,
                denominator: cross.denominator.checked_mul(back.denominator)?,
            })
        })
    }
}

impl Div for Ratio {
    type Output = Self;

    /// A divisor of 0 counts as 1.
    fn div(self, other: Self) -> Self {
        let (over, under) = match other.numerator {
            0 => (1, 1),
            numerator => (other.denominator * numerator.signum(), numerator.abs()),
        };
        self * Self { numerator: over, denominator: under }
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        (*self - *other).numerator.cmp(&0)
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(text: &str) -> Ratio {
        Ratio::parse(text).unwrap()
    }

    #[test]
    fn decimals_are_read_as_they_are_written() {
        for (text, part, whole) in [
            ("0.363", 363, 1000),
            ("-.5", -1, 2),
            ("+5.", 5, 1),
            ("25e-1", 5, 2),
            ("1.5E3", 1500, 1),
            ("000.000", 0, 1),
            ("0.30000000000000004", 7_500_000_000_000_001, 25_000_000_000_000_000),
        ] {
            assert_eq!(ratio(text), Ratio::new(part, whole), "{text}");
        }
        assert_eq!(Ratio::written(0.1), Some(ratio("0.1")));
        assert_eq!(Ratio::written(f64::NAN), None);
        for text in ["", ".", "-", "1e", "e5", "1.2.3", "inf", "nan", "0x1", "1_0", "1 2", "--1"] {
            assert_eq!(Ratio::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_no_float_holds_is_exact() {
        assert_eq!((ratio("0.192") + ratio("0.363")) * ratio("900"), ratio("499.5"));
        assert_eq!((Ratio::from(1001_u32) / ratio("4.4")), ratio("227.5"));
        assert_eq!((Ratio::from(1100_u32) / ratio("1.1")).ceil(), 1000);
        assert!(ratio("0.1") + ratio("0.2") == ratio("0.3"));
    }

    #[test]
    fn rounding_is_down_up_and_half_up() {
        let rounded = |text: &str| (ratio(text).floor(), ratio(text).ceil(), ratio(text).round());
        assert_eq!(rounded("2.5"), (2, 3, 3));
        assert_eq!(rounded("-2.5"), (-3, -2, -2));
        assert_eq!(rounded("0.49999999999999999"), (0, 1, 0));
        assert_eq!(rounded("7"), (7, 7, 7));
    }

    #[test]
    fn numbers_without_end_stay_within_bounds_and_never_become_zero() {
        let (huge, tiny) = (ratio("1e300"), ratio("1e-300"));
        assert!(huge > Ratio::from(i64::MAX) && tiny > Ratio::ZERO);
        assert_eq!(huge.ceil(), i64::MAX);
        assert!(Ratio::parse("1e99999999999").is_none());
        let long = ratio(&format!("0.{}", "123456789".repeat(20)));
        assert!((long - ratio("0.123456789123456789")).to_f64().abs() < 1e-17);
        for number in [huge, tiny, long, ratio("98765432109.8765432")] {
            let product = number * number * number / long / long;
            let expected =
                number.to_f64() * number.to_f64() * number.to_f64() / long.to_f64() / long.to_f64();
            // Results beyond 127 bits saturate; all others are close.
            let end = !(1e-30..1e30).contains(&expected);
            assert!(end || (product.to_f64() / expected - 1.0).abs() < 1e-9, "{expected}");
        }
    }
}
