//! From the numbers of a device to the profile connection space, and back (ICC.1:2022, 8.10 and
//! annex F).

use super::{
    clut::Numbers,
    curve::{Curve, Inverse, unit},
    lut::Lut,
    matrix::{Matrix, Vector, apply, inverse, transposed},
    pcs::{D50, Encoding, lab_to_xyz, xyz_to_lab},
    profile::Profile,
    transform::Intent,
};
use crate::{
    error::{Error, Result},
    pixel::ColorModel,
};

/// Leads from numbers of a device, 0 to 1, to XYZ.
#[derive(Debug)]
pub enum ToPcs {
    /// A table.
    Lut(Lut, Encoding),
    /// A curve for each of red, green and blue, and their colours as the columns of a matrix.
    Shaper([Curve; 3], Matrix),
    /// A curve for grey, of Y or of L*.
    Gray(Curve, bool),
}

/// Leads from XYZ to numbers of a device, 0 to 1.
#[derive(Debug)]
pub enum FromPcs {
    /// A table.
    Lut(Lut, Encoding),
    /// The inverse of [`ToPcs::Shaper`].
    Shaper([Inverse; 3], Matrix),
    /// The inverse of [`ToPcs::Gray`].
    Gray(Inverse, bool),
}

/// The tags of tables for perceptual, colorimetric and saturation.
const TO_PCS: [&[u8; 4]; 3] = [b"A2B0", b"A2B1", b"A2B2"];
const FROM_PCS: [&[u8; 4]; 3] = [b"B2A0", b"B2A1", b"B2A2"];

impl Profile<'_> {
    /// The way to the profile connection space. Fails if the profile lacks it, or is damaged.
    pub fn to_pcs(&self, intent: Intent) -> Result<ToPcs> {
        if let Some(tag) = self.table(&TO_PCS, intent) {
            let lut = Lut::read(tag, self.numbers(), 3).ok_or_else(damaged)?;
            let encoding = self.encoding(&lut);
            return Ok(ToPcs::Lut(lut, encoding));
        }
        match self.model {
            ColorModel::Gray => Ok(ToPcs::Gray(self.curve(b"kTRC")?, self.is_lab)),
            ColorModel::Rgb => {
                let (curves, matrix) = self.shaper()?;
                Ok(ToPcs::Shaper(curves, matrix))
            }
            ColorModel::Cmyk => Err(lacks("from")),
        }
    }

    /// The way from the profile connection space. Fails if the profile lacks it, or is damaged.
    pub fn from_pcs(&self, intent: Intent) -> Result<FromPcs> {
        if let Some(tag) = self.table(&FROM_PCS, intent) {
            let lut = Lut::read(tag, 3, self.numbers()).ok_or_else(damaged)?;
            let lut = if self.is_lab { lut.of_lab() } else { lut };
            let encoding = self.encoding(&lut);
            return Ok(FromPcs::Lut(lut, encoding));
        }
        match self.model {
            ColorModel::Gray => Ok(FromPcs::Gray(self.curve(b"kTRC")?.inverse(), self.is_lab)),
            ColorModel::Rgb => {
                let (curves, matrix) = self.shaper()?;
                let matrix = inverse(&matrix).ok_or_else(damaged)?;
                Ok(FromPcs::Shaper(curves.map(|curve| curve.inverse()), matrix))
            }
            ColorModel::Cmyk => Err(lacks("to")),
        }
    }

    /// Whether it describes the way to the profile connection space by curves and a matrix.
    pub fn is_shaper(&self) -> bool {
        match self.model {
            ColorModel::Gray => self.tag(b"kTRC").is_some(),
            ColorModel::Rgb => self.shaper().is_ok(),
            ColorModel::Cmyk => false,
        }
    }

    /// Whether it has a table of its own for this intent, to the connection space or from it.
    pub fn has_table(&self, intent: Intent, to_pcs: bool) -> bool {
        let tags = if to_pcs { &TO_PCS } else { &FROM_PCS };
        self.tag(tags[intent.table()]).is_some()
    }

    /// The table of an intent; where there is none, that of perceptual.
    fn table(&self, tags: &[&[u8; 4]; 3], intent: Intent) -> Option<&[u8]> {
        self.tag(tags[intent.table()]).or_else(|| self.tag(tags[0]))
    }

    fn shaper(&self) -> Result<([Curve; 3], Matrix)> {
        let color = |name| self.xyz(name).ok_or_else(damaged);
        let columns = [color(b"rXYZ")?, color(b"gXYZ")?, color(b"bXYZ")?];
        let curves = [self.curve(b"rTRC")?, self.curve(b"gTRC")?, self.curve(b"bTRC")?];
        Ok((curves, transposed(&columns)))
    }

    fn curve(&self, name: &[u8; 4]) -> Result<Curve> {
        let curve = self.tag(name).and_then(Curve::read);
        curve.map(|(curve, _)| curve).ok_or_else(damaged)
    }

    fn encoding(&self, lut: &Lut) -> Encoding {
        match (self.is_lab, lut.old) {
            (false, _) => Encoding::Xyz,
            (true, false) => Encoding::Lab,
            (true, true) => Encoding::OldLab,
        }
    }

    fn numbers(&self) -> usize {
        match self.model {
            ColorModel::Gray => 1,
            ColorModel::Rgb => 3,
            ColorModel::Cmyk => 4,
        }
    }
}

impl ToPcs {
    /// The XYZ of a colour.
    pub fn at(&self, numbers: Numbers) -> Vector {
        let [first, second, third, _] = numbers;
        match self {
            Self::Lut(lut, encoding) => {
                let [x, y, z, _] = lut.at(numbers);
                encoding.decode([x, y, z].map(unit))
            }
            Self::Shaper([red, green, blue], matrix) => {
                apply(matrix, [red.at(first), green.at(second), blue.at(third)])
            }
            Self::Gray(curve, false) => D50.map(|part| part * curve.at(first)),
            Self::Gray(curve, true) => lab_to_xyz([curve.at(first) * 100.0, 0.0, 0.0]),
        }
    }
}

impl FromPcs {
    /// The colour of an XYZ.
    pub fn at(&self, xyz: Vector) -> Numbers {
        match self {
            Self::Lut(lut, encoding) => {
                let [x, y, z] = encoding.encode(xyz);
                lut.at([x, y, z, 0.0]).map(unit)
            }
            Self::Shaper([red, green, blue], matrix) => {
                let [r, g, b] = apply(matrix, xyz);
                [red.at(r), green.at(g), blue.at(b), 0.0]
            }
            Self::Gray(curve, false) => [curve.at(xyz[1]), 0.0, 0.0, 0.0],
            Self::Gray(curve, true) => [curve.at(xyz_to_lab(xyz)[0] / 100.0), 0.0, 0.0, 0.0],
        }
    }
}

fn damaged() -> Error {
    Error::bad_source("a damaged or unsupported ICC profile")
}

fn lacks(direction: &str) -> Error {
    let message = format!("an ICC profile without tables to convert {direction} its colours");
    Error::bad_source(message)
}
