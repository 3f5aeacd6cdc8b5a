//! The profile connection space: XYZ and Lab under D50, and how tables encode them
//! (ICC.1:2022, 6.3.4 and 10.10).

use super::{curve::unit, matrix::Vector};

/// The white of the profile connection space.
pub const D50: Vector = [0.9642, 1.0, 0.8249];

/// How a table encodes the profile connection space in numbers from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// X, Y and Z, in which 1 is 1 + 32767/32768.
    Xyz,
    /// L* from 0 to 100, a* and b* from -128 to 127.
    Lab,
    /// The same in 16-bit tables of version 2, where ff00 is 100 and 127.
    OldLab,
}

/// 65535 / 65280: what ffff is where ff00 is 1.
const OLD: f64 = 65535.0 / 65280.0;

/// The largest X, Y or Z that can be encoded.
const LARGEST: f64 = 1.0 + 32767.0 / 32768.0;

impl Encoding {
    /// The XYZ that numbers from 0 to 1 stand for.
    pub fn decode(self, numbers: Vector) -> Vector {
        let lab = |[l, a, b]: Vector| [l * 100.0, a * 255.0 - 128.0, b * 255.0 - 128.0];
        match self {
            Self::Xyz => numbers.map(|number| number * LARGEST),
            Self::Lab => lab_to_xyz(lab(numbers)),
            Self::OldLab => lab_to_xyz(lab(numbers.map(|number| number * OLD))),
        }
    }

    /// The numbers from 0 to 1 that stand for an XYZ.
    pub fn encode(self, xyz: Vector) -> Vector {
        let lab = || {
            let [l, a, b] = xyz_to_lab(xyz);
            [l / 100.0, (a + 128.0) / 255.0, (b + 128.0) / 255.0]
        };
        let numbers = match self {
            Self::Xyz => xyz.map(|number| number / LARGEST),
            Self::Lab => lab(),
            Self::OldLab => lab().map(|number| number / OLD),
        };
        numbers.map(unit)
    }
}

/// CIE Lab of an XYZ (ISO 13655, annex B).
pub fn xyz_to_lab(xyz: Vector) -> Vector {
    let [x, y, z] = [0, 1, 2].map(|at| {
        let t = xyz[at] / D50[at];
        if t > 216.0 / 24389.0 { libm::cbrt(t) } else { (24389.0 / 27.0 * t + 16.0) / 116.0 }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// XYZ of a CIE Lab.
pub fn lab_to_xyz([l, a, b]: Vector) -> Vector {
    let y = (l + 16.0) / 116.0;
    let [x, y, z] = [y + a / 500.0, y, y - b / 200.0]
        .map(|t| if t > 6.0 / 29.0 { t * t * t } else { (116.0 * t - 16.0) * (27.0 / 24389.0) });
    [x * D50[0], y * D50[1], z * D50[2]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_come_back() {
        for xyz in [[0.0; 3], D50, [0.3, 0.2, 0.1], [0.01, 0.012, 0.02]] {
            for encoding in [Encoding::Xyz, Encoding::Lab, Encoding::OldLab] {
                let back = encoding.decode(encoding.encode(xyz));
                let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-9;
                assert!(back.iter().zip(&xyz).all(near), "{encoding:?} {xyz:?} {back:?}");
            }
        }
        assert_eq!(Encoding::OldLab.encode(D50)[0], 65280.0 / 65535.0);
        assert_eq!(xyz_to_lab(D50), [100.0, 0.0, 0.0]);
    }
}
