//! What the components of a JPEG file are, as its markers tell. The one place that decides it for
//! originals, files of other servers and files dropped on the page; the tiles of a TIFF go by its
//! `PhotometricInterpretation`.
//!
//! The precedence is libjpeg's (`default_decompress_parms` in jdapimin.c), which libvips, Pillow
//! and browsers share: JFIF before Adobe's segment, and that before the names of components.

use super::{damage::Fault, header::Header};

/// The colours of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colors {
    /// One component.
    Gray,
    /// Three, stored as they are.
    Rgb,
    /// Three: luma and two of chroma, as JFIF has it.
    YCbCr,
    /// CMYK, stored reversed (0 is all of an ink) as every reader takes it, with Adobe's segment
    /// and without.
    Cmyk,
    /// Reversed CMYK, the first three components of it as YCbCr.
    Ycck,
}

impl Header<'_> {
    /// What the components of a file are.
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
                "of {} components, which are no colours; convert it to one, three or four",
                ids.len()
            ))),
        }
    }
}
