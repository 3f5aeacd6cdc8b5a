//! `fmt=`: the formats of the reply.

use super::Output;
use crate::{
    error::{Error, Result},
    protocol::Args,
};

/// The formats that are encoded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Baseline JPEG.
    #[default]
    Jpeg,
    /// Progressive JPEG.
    ProgressiveJpeg,
    /// PNG on the background colour.
    Png,
    /// PNG with alpha.
    PngAlpha,
}

impl Format {
    /// The MIME type of the reply.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg | Self::ProgressiveJpeg => "image/jpeg",
            Self::Png | Self::PngAlpha => "image/png",
        }
    }

    /// The same format on a background.
    pub fn without_alpha(self) -> Self {
        match self {
            Self::PngAlpha => Self::Png,
            Self::Jpeg | Self::ProgressiveJpeg | Self::Png => self,
        }
    }

    /// Whether the reply keeps the alpha channel.
    pub fn alpha(self) -> bool {
        matches!(self, Self::PngAlpha)
    }
}

/// The reply's colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum PixelType {
    /// Red, green and blue.
    #[default]
    Rgb,
    /// Grey.
    Gray,
}

/// Lists of streams, which are no pictures (r-mbrset).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Manifest {
    /// Apple's: `m3u8`.
    Apple,
    /// Flash's: `f4m`.
    Flash,
}

/// Reads `fmt=format,pixelType,compression`.
pub(super) fn set_format(output: &mut Output, args: &Args) -> Result<()> {
    // Of no consequence for the formats there are (I4), but a misspelling is told.
    let compressions = ["jpeg", "lossy", "lossless", "lzw", "none", "zip"].map(|word| (word, ()));
    args.keyword(2, &compressions)?;
    let name = args.text(0).unwrap_or("jpeg").to_ascii_lowercase();
    output.manifest = match name.as_str() {
        "m3u8" => Some(Manifest::Apple),
        "f4m" => Some(Manifest::Flash),
        _ => None,
    };
    if output.manifest.is_some() {
        let message =
            format!("fmt={name}: only req=mbrSet has it; use jpeg, pjpeg, png, png-alpha");
        return Err(Error::unsupported(message));
    }
    output.format = match name.as_str() {
        "jpeg" | "jpg" => Format::Jpeg,
        "pjpeg" | "pjpg" => Format::ProgressiveJpeg,
        "png" => Format::Png,
        "png-alpha" => Format::PngAlpha,
        "avif" | "avif-alpha" | "eps" | "gif" | "gif-alpha" | "heic" | "jpeg2000"
        | "jpeg2000-alpha" | "jpegxr" | "jpegxr-alpha" | "pdf" | "png8" | "png8-alpha" | "swf"
        | "swf-alpha" | "swf3" | "swf3-alpha" | "tif" | "tiff" | "tif-alpha" | "tiff-alpha"
        | "web-alpha" | "webp" | "webp-alpha" => {
            let message = format!("fmt={name}: not supported yet; use jpeg, pjpeg, png, png-alpha");
            return Err(Error::unsupported(message));
        }
        _ => return Err(args.wrong("a format such as jpeg, pjpeg, png or png-alpha")),
    };
    let types = [("rgb", Some(PixelType::Rgb)), ("gray", Some(PixelType::Gray)), ("cmyk", None)];
    output.pixel_type = match args.keyword(1, &types)? {
        None => PixelType::Rgb,
        Some(Some(pixel_type)) => pixel_type,
        Some(None) => return Err(Error::unsupported("fmt=…,cmyk: not supported yet")),
    };
    Ok(())
}
