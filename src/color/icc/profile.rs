//! Reads the header and the tag table of an ICC profile (ICC.1:2022, 7).

use super::{matrix::Vector, pcs::D50};
use crate::{
    error::{Error, Result},
    pixel::ColorModel,
};

/// Bytes of the header.
const HEADER: usize = 128;

/// Maximum tags that are searched; real profiles have about twenty.
const TAGS: usize = 100;

/// A profile of an input, display or output device, or of a colour space.
#[derive(Debug, Clone, Copy)]
pub struct Profile<'a> {
    bytes: &'a [u8],
    /// The colours of the device.
    pub model: ColorModel,
    /// The major version.
    pub version: u8,
    /// Whether it is a profile of an output device, such as a press.
    pub is_output: bool,
    /// Whether the profile connection space is Lab, not XYZ.
    pub is_lab: bool,
}

impl<'a> Profile<'a> {
    /// Reads the header. Fails for what is no profile, and for classes and colour spaces that an image
    /// cannot have.
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        let model = model_of(bytes)?;
        let field = |at: usize| bytes.get(at..at + 4).unwrap_or_default();
        let is_lab = match field(20) {
            b"Lab " => true,
            b"XYZ " => false,
            _ => return Err(Error::bad_source("an ICC profile with an unknown connection space")),
        };
        let version = bytes.get(8).copied().unwrap_or_default();
        Ok(Self { bytes, model, version, is_output: field(12) == b"prtr", is_lab })
    }

    /// The bytes of a tag; `None` if the profile has none, or if it lies beyond the end.
    pub fn tag(&self, name: &[u8; 4]) -> Option<&'a [u8]> {
        let count = long(self.bytes, HEADER)?.min(TAGS);
        let mut places = (0..count).map(|nth| HEADER + 4 + nth * 12);
        let at = places.find(|&at| self.bytes.get(at..at + 4) == Some(name))?;
        let (start, len) = (long(self.bytes, at + 4)?, long(self.bytes, at + 8)?);
        self.bytes.get(start..start.checked_add(len)?)
    }

    /// The first XYZ of a tag.
    pub fn xyz(&self, name: &[u8; 4]) -> Option<Vector> {
        let tag = self.tag(name).filter(|tag| tag.starts_with(b"XYZ "))?;
        Some([fixed(tag, 8)?, fixed(tag, 12)?, fixed(tag, 16)?])
    }

    /// The media white, relative to which colours are measured. A display adapts to its own white, and
    /// its profiles of version 2 contain anything.
    pub fn white(&self) -> Vector {
        let is_display = self.bytes.get(12..16) == Some(b"mntr");
        let white = self.xyz(b"wtpt").filter(|_| self.version >= 4 || !is_display);
        white.filter(|white| white.iter().all(|number| *number > 0.0)).unwrap_or(D50)
    }
}

/// The colours of the device that a profile describes, from its header. Fails as [`Profile::read`].
pub fn model_of(header: &[u8]) -> Result<ColorModel> {
    let field = |at: usize| header.get(at..at + 4).unwrap_or_default();
    if field(36) != b"acsp" || header.len() < HEADER {
        return Err(Error::bad_source("it is no ICC profile"));
    }
    if !matches!(field(12), b"scnr" | b"mntr" | b"prtr" | b"spac") {
        let class = String::from_utf8_lossy(field(12));
        let message = format!(
            "an ICC profile of the class {class}; expected one of a device: scnr, mntr, prtr or spac"
        );
        return Err(Error::bad_source(message));
    }
    match field(16) {
        b"GRAY" => Ok(ColorModel::Gray),
        b"RGB " => Ok(ColorModel::Rgb),
        b"CMYK" => Ok(ColorModel::Cmyk),
        other => {
            let space = String::from_utf8_lossy(other);
            let space = space.trim();
            Err(Error::bad_source(format!(
                "an ICC profile for {space}; expected one for grey, RGB or CMYK"
            )))
        }
    }
}

/// An unsigned number of two bytes.
pub fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// An unsigned number of four bytes.
pub fn long(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)).ok()
}

/// A signed number with 16 bits after the point.
pub fn fixed(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from(i32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)) / 65536.0)
}
