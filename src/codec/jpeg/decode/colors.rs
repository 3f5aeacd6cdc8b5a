//! Derives the colours of a JPEG file from its markers. Originals, remote files and files dropped
//! on the page use these rules. The tiles of a TIFF use its `PhotometricInterpretation` instead.
//!
//! The precedence is libjpeg's (`default_decompress_parms` in jdapimin.c), which libvips, Pillow
//! and browsers share: first JFIF, then Adobe's segment, then the component identifiers.

use super::{damage::Fault, header::Header};

/// The interpretation of a file's components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colors {
    /// One component.
    Gray,
    /// Three components, stored unchanged.
    Rgb,
    /// Three components: luma and two of chroma, as in JFIF.
    YCbCr,
    /// CMYK, stored inverted (0 is full ink). All decoders assume this, with and without Adobe's
    /// segment.
    Cmyk,
    /// Inverted CMYK, whose first three components are stored as YCbCr.
    Ycck,
}

impl Header<'_> {
    /// Derives the colours from the markers. Fails if they are unsupported.
    pub fn colors(&self) -> Result<Colors, Fault> {
        let ids: Vec<u8> = self.frame.components.iter().map(|component| component.id).collect();
        match (ids.as_slice(), self.adobe) {
            ([_], _) => Ok(Colors::Gray),
            ([_, _, _], _) if self.jfif => Ok(Colors::YCbCr),
            ([_, _, _], Some(0)) | (b"RGB", None) => Ok(Colors::Rgb),
            ([_, _, _], _) => Ok(Colors::YCbCr),
            ([_, _, _, _], None | Some(0)) => Ok(Colors::Cmyk),
            ([_, _, _, _], Some(_)) => Ok(Colors::Ycck),
            (ids, _) => Err(Fault::Unsupported(format!(
                "of {} components, which is unsupported; convert it to one, three or four",
                ids.len()
            ))),
        }
    }
}
