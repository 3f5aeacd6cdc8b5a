//! How the reply is encoded.

use super::{Apply, Command, Support, accepted, refused};
use crate::{
    error::{Error, Result},
    protocol::Args,
};

/// What was said of the encoding.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Output {
    /// `fmt=`, its first argument.
    pub format: Format,
    /// `fmt=`, its second argument; RGB where it is not said.
    pub pixel_type: PixelType,
    /// `qlt=`: quality 1 to 100 and chroma.
    pub quality: Option<(u8, Chroma)>,
    /// `printRes=`: pixels per inch, written into the file.
    pub print_resolution: Option<f64>,
}

/// The formats that are encoded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PixelType {
    /// Red, green and blue.
    #[default]
    Rgb,
    /// Grey.
    Gray,
}

/// Chroma subsampling of JPEG (`qlt=`'s second argument, I7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chroma {
    /// 0: 4:2:0.
    Halved,
    /// 1: 4:4:4.
    Full,
}

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "fmt",
        doc: "r-is-http-fmt",
        syntax: "format[,[pixelType][,[compression]]]",
        support: Support::Partial("jpeg, pjpeg, png and png-alpha; rgb and gray"),
        apply: Apply::Output(set_format),
    },
    Command {
        name: "qlt",
        doc: "r-is-http-qlt",
        syntax: "quality[,chroma]",
        support: Support::Full,
        apply: Apply::Output(|output, args| {
            let chroma =
                if args.switch(1)?.unwrap_or(false) { Chroma::Full } else { Chroma::Halved };
            let quality = args.within(0, 1.0, 100.0)?;
            output.quality = quality.map(|quality| (quality.round() as u8, chroma));
            Ok(())
        }),
    },
    Command {
        name: "printRes",
        doc: "r-printres",
        syntax: "val",
        support: Support::Full,
        apply: Apply::Output(|output, args| {
            output.print_resolution = args.factor(0)?;
            Ok(())
        }),
    },
    accepted("quantize", "r-is-http-quantize", "…", "only for gif and png8, which are refused"),
    refused("jpegSize", "r-jpegsize", "size", &[""]),
    refused("pscan", "r-pscan", "auto|3|4|5", &["", "auto", "need"]),
    refused("iccEmbed", "r-iccembed", "0|1", &["", "0", "false"]),
    refused("pathEmbed", "r-pathembed", "0|1", &["", "0", "false"]),
    refused("xmpEmbed", "r-xmpembed", "0|1", &["", "0", "false"]),
];

fn set_format(output: &mut Output, args: &Args) -> Result<()> {
    let name = args.text(0).unwrap_or("jpeg").to_ascii_lowercase();
    output.format = match name.as_str() {
        "jpeg" | "jpg" => Format::Jpeg,
        "pjpeg" | "pjpg" => Format::ProgressiveJpeg,
        "png" => Format::Png,
        "png-alpha" => Format::PngAlpha,
        "avif" | "avif-alpha" | "eps" | "f4m" | "gif" | "gif-alpha" | "heic" | "jpeg2000"
        | "jpeg2000-alpha" | "jpegxr" | "jpegxr-alpha" | "m3u8" | "pdf" | "png8" | "png8-alpha"
        | "swf" | "swf-alpha" | "swf3" | "swf3-alpha" | "tif" | "tiff" | "tif-alpha"
        | "tiff-alpha" | "web-alpha" | "webp" | "webp-alpha" => {
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
