//! Tone curves: `curv` and `para` (ICC.1:2022, 10.6 and 10.18).

use super::profile::{fixed, long, short};

/// A function from 0 to 1 to 0 to 1.
#[derive(Debug, Clone)]
pub enum Curve {
    /// (a·x + b)^g + e from x = d on, c·x + f below it.
    Parametric {
        /// g, a, b, c, d, e and f.
        parameters: [f64; 7],
    },
    /// Values at equal distances, between which it is linear. There are two at least.
    Table(Vec<u16>),
}

/// Maximum entries of a table; real ones have up to 4096.
const ENTRIES: usize = 1 << 16;

/// Samples of a [`Curve`] from which its inverse is computed.
const SAMPLES: usize = 4096;

impl Curve {
    /// x to the power of `exponent`.
    pub fn gamma(exponent: f64) -> Self {
        Self::Parametric { parameters: [exponent, 1.0, 0.0, 0.0, -1.0, 0.0, 0.0] }
    }

    /// Reads a curve, and returns its length in bytes. `None` if it is damaged or unknown.
    pub fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        match bytes.get(..4)? {
            b"curv" => {
                let count = long(bytes, 8).filter(|count| *count <= ENTRIES)?;
                let len = count.checked_mul(2)?;
                let values = bytes.get(12..len.checked_add(12)?)?;
                let curve = match count {
                    0 => Self::gamma(1.0),
                    1 => Self::gamma(f64::from(short(values, 0)?) / 256.0),
                    _ => Self::table(values),
                };
                Some((curve, 12 + len))
            }
            b"para" => {
                let kind = short(bytes, 8)?;
                let count = [1, 3, 4, 5, 7].get(usize::from(kind)).copied()?;
                let mut given = [0.0; 7];
                for (nth, given) in given.iter_mut().enumerate().take(count) {
                    *given = fixed(bytes, 12 + 4 * nth)?;
                }
                let [g, a, b, c, d, e, f] = given;
                let start = if a == 0.0 { 0.0 } else { -b / a };
                let parameters = match kind {
                    0 => return Some((Self::gamma(g), 16)),
                    1 => [g, a, b, 0.0, start, 0.0, 0.0],
                    2 => [g, a, b, 0.0, start, c, c],
                    3 => [g, a, b, c, d, 0.0, 0.0],
                    _ => [g, a, b, c, d, e, f],
                };
                Some((Self::Parametric { parameters }, 12 + 4 * count))
            }
            _ => None,
        }
    }

    /// A table of big-endian values, of two at least.
    pub fn table(bytes: &[u8]) -> Self {
        Self::Table(bytes.as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect())
    }

    /// The value at `x`, both within 0 and 1.
    pub fn at(&self, x: f64) -> f64 {
        let x = unit(x);
        match self {
            Self::Parametric { parameters: [g, a, b, c, d, e, f] } => {
                let y = if x >= *d { libm::pow((a * x + b).max(0.0), *g) + e } else { c * x + f };
                unit(y)
            }
            Self::Table(values) => {
                let place = x * values.len().saturating_sub(1) as f64;
                let below = place as usize;
                let value = |at: usize| f64::from(values.get(at).copied().unwrap_or_default());
                let (low, high) = (value(below), value((below + 1).min(values.len() - 1)));
                (low + (high - low) * (place - below as f64)) / 65535.0
            }
        }
    }

    /// The inverse function.
    pub fn inverse(&self) -> Inverse {
        let mut values: Vec<f64> =
            (0..SAMPLES).map(|at| self.at(at as f64 / (SAMPLES - 1) as f64)).collect();
        let falls = values.first() > values.last();
        if falls {
            values.reverse();
        }
        // The inverse of a curve that goes back and forth does not exist; go forth only.
        let mut most = 0.0;
        for value in &mut values {
            most = value.max(most);
            *value = most;
        }
        Inverse { values, falls }
    }
}

/// The inverse of a [`Curve`].
#[derive(Debug, Clone)]
pub struct Inverse {
    /// Samples of the curve at equal distances, in rising order.
    values: Vec<f64>,
    /// Whether the curve falls.
    falls: bool,
}

impl Inverse {
    /// The x at which the curve has the value `y`.
    pub fn at(&self, y: f64) -> f64 {
        let y = unit(y);
        let above = self.values.partition_point(|value| *value < y);
        let value = |at: usize| self.values.get(at).copied().unwrap_or(1.0);
        let place = match above {
            0 => 0.0,
            _ if above >= self.values.len() => (self.values.len() - 1) as f64,
            _ => {
                let (low, high) = (value(above - 1), value(above));
                let part = if high > low { (y - low) / (high - low) } else { 0.0 };
                (above - 1) as f64 + part
            }
        };
        let x = place / (SAMPLES - 1) as f64;
        if self.falls { 1.0 - x } else { x }
    }
}

/// The number within 0 and 1; 0 for what is not a number.
pub fn unit(x: f64) -> f64 {
    x.max(0.0).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn para(kind: u8, numbers: &[f64]) -> Vec<u8> {
        let mut bytes = [b"para\0\0\0\0\0".as_slice(), &[kind, 0, 0]].concat();
        for number in numbers {
            bytes.extend_from_slice(&((number * 65536.0).round() as i32).to_be_bytes());
        }
        bytes
    }

    #[test]
    fn parametric_curves_are_those_of_the_standard() {
        let curve = |kind, numbers: &[f64]| Curve::read(&para(kind, numbers)).unwrap().0;
        let near = |one: f64, other: f64| assert!((one - other).abs() < 1e-4, "{one} {other}");
        near(curve(0, &[2.0]).at(0.5), 0.25);
        near(curve(1, &[2.0, 1.0, -0.2]).at(0.1), 0.0);
        near(curve(1, &[2.0, 1.0, -0.2]).at(0.7), 0.25);
        near(curve(2, &[2.0, 1.0, -0.2, 0.1]).at(0.1), 0.1);
        near(curve(2, &[2.0, 1.0, -0.2, 0.1]).at(0.7), 0.35);
        let srgb = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045];
        near(curve(3, &srgb).at(0.02), 0.02 / 12.92);
        near(curve(3, &srgb).at(0.5), 0.21404);
        near(curve(4, &[2.0, 1.0, 0.0, 0.5, 0.4, 0.1, 0.05]).at(0.2), 0.15);
        near(curve(4, &[2.0, 1.0, 0.0, 0.5, 0.4, 0.1, 0.05]).at(0.5), 0.35);
    }

    #[test]
    fn an_inverse_undoes_its_curve() {
        let falling = Curve::Table(vec![65535, 40000, 9000, 0]);
        for curve in [Curve::gamma(2.2), Curve::gamma(1.0), Curve::gamma(0.4), falling] {
            let inverse = curve.inverse();
            for at in 4..=100 {
                let x = f64::from(at) / 100.0;
                assert!((inverse.at(curve.at(x)) - x).abs() < 1e-3, "{curve:?} {x}");
            }
        }
    }

    #[test]
    fn a_damaged_curve_is_none() {
        for bytes in
            [&b"curv"[..], b"curv\0\0\0\0\xff\xff\xff\xff", b"para\0\0\0\0\0\x09\0\0", b"text"]
        {
            assert!(Curve::read(bytes).is_none());
        }
        // Numbers without a meaning give values within the range.
        let wild = Curve::read(&para(4, &[-9.0, -30000.0, 0.0, -3.0, 0.5, 100.0, -7.0])).unwrap().0;
        assert!((0..=10).all(|at| (0.0..=1.0).contains(&wild.at(f64::from(at) / 10.0))));
    }
}
