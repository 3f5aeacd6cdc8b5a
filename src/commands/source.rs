//! Attributes of a layer's source image: which part of it, at what scale.

use super::{Apply, Command, Support, refused};

/// What is taken of the source image.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Source {
    /// `crop=` or `cropN=`, whichever came last.
    pub crop: Option<Crop>,
    /// `scale=`: layer pixels per source pixel, greater than 0.
    pub scale: Option<f64>,
}

/// A part of the source: x, y, width, height. It may pass the image's edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Crop {
    /// In pixels of the full-resolution image.
    Pixels([i64; 4]),
    /// As parts of the image's width and height, from its top-left corner.
    Normalized([f64; 4]),
}

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "crop",
        doc: "r-crop",
        syntax: "x,y,width,height",
        support: Support::Full,
        apply: Apply::Source(|source, args| {
            source.crop = args.pixel_rectangle()?.map(Crop::Pixels);
            Ok(())
        }),
    },
    Command {
        name: "cropN",
        doc: "r-crop",
        syntax: "x,y,width,height (0…1)",
        support: Support::Full,
        apply: Apply::Source(|source, args| {
            source.crop = args.rectangle()?.map(Crop::Normalized);
            Ok(())
        }),
    },
    Command {
        name: "scale",
        doc: "r-is-http-scale",
        syntax: "factor",
        support: Support::Full,
        apply: Apply::Source(|source, args| {
            source.scale = args.factor(0)?;
            Ok(())
        }),
    },
    refused("res", "r-res", "resolution", &[""]),
    refused("src", "r-src", "object|{nested request}", &[]),
    refused("mask", "r-mask", "object|{nested request}", &[]),
    refused("maskUse", "r-maskuse", "norm|invert|off", &["", "norm"]),
    refused("cropPathE", "r-croppath", "pathName[,pathName…]", &[""]),
    refused("icc", "r-icc", "profile[,intent[,blackpoint[,dither]]]", &[""]),
];
