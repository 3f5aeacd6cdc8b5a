//! How the reply is encoded.

use super::{
    Apply, Command, Support,
    format::{Manifest, set_format},
    source::object,
};
use crate::{
    codec::{Compression, Format, Metadata, Palette, Quantization, Subsampling},
    color::{Color, icc::Intent},
    error::Result,
    pixel::ColorModel,
    protocol::Args,
    ratio::Ratio,
    usage::Usage,
};

/// Attributes of the reply's encoding.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Output {
    /// `fmt=`, its first argument: the format.
    pub format: &'static Format,
    /// Whether the name in `fmt=` selects an alpha channel.
    pub alpha: bool,
    /// `fmt=` if it names a streaming manifest instead of an image format.
    pub manifest: Option<Manifest>,
    /// `fmt=`, its second argument: the colour model.
    pub model: Option<ColorModel>,
    /// `fmt=`, its third argument: the compression.
    pub compression: Option<Compression>,
    /// `qlt=`, its first argument: 1 to 100.
    pub quality: Option<u8>,
    /// `qlt=`, its second argument (I7); 4:2:0 if only a quality is given.
    pub subsampling: Option<Subsampling>,
    /// `printRes=`: pixels per inch, written into the file.
    pub print_resolution: Option<f64>,
    /// `icc=`: the profile that the reply is converted to.
    pub profile: Option<Profile>,
    /// `quantize=`: how the palette is made; only for formats that have one.
    pub quantization: Option<Quantization>,
    /// `jpegSize=`: the largest size of a JPEG in KiB; `None` means no limit.
    pub jpeg_size: Option<u32>,
    /// `pscan=`: scans of a progressive JPEG, 3 to 5; `None` means automatic.
    pub scans: Option<u8>,
    /// `iccEmbed=`: whether the file contains the profile of `icc=`, or else the working profile.
    pub embed_profile: bool,
    /// `pathEmbed=`: whether the file contains the Photoshop paths of layer 0's image.
    pub embed_paths: bool,
    /// `xmpEmbed=`: whether the file contains the XMP packet of layer 0's image.
    pub embed_xmp: bool,
}

/// `icc=profile,intent,blackpoint,dither`. A modifier that is `None` is inherited from the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name in the ICC profile map of a catalog, or the relative path of its file.
    pub object: String,
    /// The rendering intent.
    pub intent: Option<Intent>,
    /// Whether black point compensation is used.
    pub black_point: Option<bool>,
    /// Whether the conversion dithers, which reduces banding.
    pub dither: Option<bool>,
}

impl Output {
    /// The metadata that the file shall contain.
    pub fn embedded(&self) -> Vec<Metadata> {
        let Self { embed_profile, embed_xmp, embed_paths, .. } = *self;
        let embeds = [
            (embed_profile, Metadata::Profile),
            (embed_xmp, Metadata::Xmp),
            (embed_paths, Metadata::Paths),
        ];
        embeds.into_iter().filter_map(|(embed, metadata)| embed.then_some(metadata)).collect()
    }
}

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "fmt",
        doc: "r-is-http-fmt",
        usage: Usage::new(
            "Format",
            "format: jpeg|pjpeg|png|png-alpha|png8|png8-alpha|gif|gif-alpha|tif|tif-alpha|webp|\
             webp-alpha|avif|avif-alpha|pdf|eps[,pixelType: rgb|gray|cmyk[,compression: jpeg|\
             lossy|lossless|lzw|none|zip]]",
        )
        .help(
            "The file format. WebP and AVIF are smaller than JPEG; names with -alpha keep \
                 transparency.",
        )
        .example("wid=400&fmt=webp")
        .basic(),
        support: Support::Partial(
            "jpeg, pjpeg, png, png-alpha, png8, png8-alpha, gif, gif-alpha, tif, tif-alpha, webp, \
             webp-alpha, avif, avif-alpha, pdf and eps; rgb and gray, cmyk where the format has it",
        ),
        apply: Apply::Output(set_format),
    },
    Command {
        name: "qlt",
        doc: "r-is-http-qlt",
        usage: Usage::new("Quality", "quality (integer 1…100)[,chroma: 0|1]")
            .help(
                "The quality of JPEG and other lossy formats, from 1 to 100. With 1 as the second \
                 number, colours keep their full sharpness and the file grows a little.",
            )
            .example("wid=400&qlt=30")
            .basic(),
        support: Support::Full,
        apply: Apply::Output(|output, args| {
            let quality = args.within(0, 1.0, 100.0)?;
            output.quality = quality.map(|quality| quality.round() as u8);
            let full = args.switch(1)?.or(quality.map(|_| false));
            let of = |full| if full { Subsampling::Yuv444 } else { Subsampling::Yuv420 };
            output.subsampling = full.map(of);
            Ok(())
        }),
    },
    Command {
        name: "printRes",
        doc: "r-printres",
        usage: Usage::new("Print resolution", "resolution (0… ppi)").help(
            "The pixels per inch that are written into the file. They set how large it prints \
                 and change no pixel.",
        ),
        support: Support::Full,
        apply: Apply::Output(|output, args| {
            output.print_resolution = args.factor(0)?.map(Ratio::to_f64);
            Ok(())
        }),
    },
    Command {
        name: "quantize",
        doc: "r-is-http-quantize",
        usage: Usage::new(
            "Palette",
            "palette: adaptive|web|mac[,dither: diffuse|off[,numColors (integer 2…256)[,\
             colorList]]]",
        )
        .help(
            "The colours of a GIF or an 8-bit PNG: the best for this picture, or a standard \
                 palette, with or without dithering. Colours at the end are always part of it.",
        )
        .example("wid=400&fmt=gif&quantize=adaptive,diffuse,16"),
        support: Support::Full,
        apply: Apply::Output(|output, args| {
            output.quantization = quantization(args)?;
            Ok(())
        }),
    },
    Command {
        name: "jpegSize",
        doc: "r-jpegsize",
        usage: Usage::new("Largest file", "size (integer 0… KiB)")
            .help(
                "The largest size of a JPEG. The quality is lowered until the file fits; 0 is no \
                 limit.",
            )
            .example("wid=400&jpegSize=12"),
        support: Support::Full,
        apply: Apply::Output(|output, args| {
            let size = args.int(0)?.map(u32::try_from).transpose();
            let size = size.ok().ok_or_else(|| args.wrong("a size in KiB; 0 is any"))?;
            output.jpeg_size = size.filter(|size| *size > 0);
            Ok(())
        }),
    },
    Command {
        name: "pscan",
        doc: "r-pscan",
        usage: Usage::new("Progressive scans", "scans: auto|3|4|5")
            .help("In how many passes a progressive JPEG becomes sharp while it loads."),
        support: Support::Full,
        apply: Apply::Output(|output, args| {
            // Sites send `need` and the like, which mean auto (I16).
            let keywords = [("3", 3), ("4", 4), ("5", 5)];
            output.scans = args.keyword(0, &keywords).unwrap_or(None);
            Ok(())
        }),
    },
    Command {
        name: "icc",
        doc: "r-icc",
        usage: Usage::new(
            "Colour profile",
            "profile (object)[,intent: perceptual|relative|saturation|absolute[,blackPoint: 0|1[,\
             dither: 0|1]]]",
        )
        .help(
            "Converts the picture to a colour profile of the catalog, for example for print. \
                 The other values set how colours outside of it are mapped.",
        ),
        support: Support::Full,
        apply: Apply::Output(|output, args| {
            output.profile = profile(args)?;
            Ok(())
        }),
    },
    Command {
        name: "iccEmbed",
        doc: "r-iccembed",
        usage: Usage::new("Embed profile", "embed: 0|1").help(
            "With 1 the file contains its colour profile, so that other programs show the \
                 same colours.",
        ),
        support: Support::Full,
        apply: Apply::Output(|output, args| {
            output.embed_profile = args.switch(0)?.unwrap_or(false);
            Ok(())
        }),
    },
    Command {
        name: "pathEmbed",
        doc: "r-pathembed",
        usage: Usage::new("Embed paths", "embed: 0|1")
            .help("With 1 the file contains the Photoshop paths of the original."),
        support: Support::Full,
        apply: Apply::Output(|output, args| {
            output.embed_paths = args.switch(0)?.unwrap_or(false);
            Ok(())
        }),
    },
    Command {
        name: "xmpEmbed",
        doc: "r-xmpembed",
        usage: Usage::new("Embed metadata", "embed: 0|1").help(
            "With 1 the file contains the XMP metadata of the original, such as title and \
                 copyright.",
        ),
        support: Support::Full,
        apply: Apply::Output(|output, args| {
            output.embed_xmp = args.switch(0)?.unwrap_or(false);
            Ok(())
        }),
    },
];

fn profile(args: &Args) -> Result<Option<Profile>> {
    let Some(name) = args.text(0) else { return Ok(None) };
    let intents = [
        ("perceptual", Intent::Perceptual),
        ("relative", Intent::Relative),
        ("saturation", Intent::Saturation),
        ("absolute", Intent::Absolute),
    ];
    Ok(Some(Profile {
        object: object(&Args { command: args.command, value: name })?.to_owned(),
        intent: args.keyword(1, &intents)?,
        black_point: args.switch(2)?,
        dither: args.switch(3)?,
    }))
}

fn quantization(args: &Args) -> Result<Option<Quantization>> {
    if args.is_empty() {
        return Ok(None);
    }
    let palettes = [("adaptive", Palette::Adaptive), ("web", Palette::Web), ("mac", Palette::Mac)];
    let colors = args.int(2)?.unwrap_or(256);
    let Some(colors) = u16::try_from(colors).ok().filter(|colors| (2..=256).contains(colors))
    else {
        return Err(args.wrong("2 to 256 colours"));
    };
    let forced = args.rest(3).unwrap_or_default().split(',').filter(|color| !color.is_empty());
    let wrong = || args.wrong("forced colours as six hex digits, such as ff0000");
    let forced = forced.map(|color| match color.trim() {
        hex if hex.len() == 6 => Color::parse_rgb(hex).map(Color::rgb).ok_or_else(wrong),
        _ => Err(wrong()),
    });
    let forced: Vec<[u8; 3]> = forced.collect::<Result<_>>()?;
    if forced.len() > usize::from(colors) {
        return Err(
            args.wrong(&format!("at most {colors} forced colours, as its third argument is"))
        );
    }
    Ok(Some(Quantization {
        palette: args.keyword(0, &palettes)?.unwrap_or(Palette::Adaptive),
        diffuse: args.keyword(1, &[("diffuse", true), ("off", false)])?.unwrap_or(true),
        colors,
        forced,
    }))
}
