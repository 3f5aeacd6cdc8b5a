//! Colour management: names of profiles, and how colours are converted.

use super::{
    Attribute, Attributes,
    Empty::Inherits,
    set::{choice, full},
    values,
};
use crate::{color::icc::Intent, error::Result, pixel::ColorModel, protocol::Args};

/// The attributes of colour management.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColorAttributes {
    /// `IccProfileGray`, `IccProfileRgb` and `IccProfileCmyk`: names of the profiles of replies;
    /// empty for none. `none`, our extension, switches an inherited one off.
    pub output: [String; 3],
    /// `IccProfileSrc…`: the same of images that contain no profile; empty for that of replies.
    pub source: [String; 3],
    /// `IccRenderIntent`
    pub intent: Intent,
    /// `IccBlackPointCompensation`
    pub black_point: bool,
    /// `IccDither`
    pub dither: bool,
}

impl Default for ColorAttributes {
    fn default() -> Self {
        Self {
            // H14: browsers show a picture without a profile as sRGB.
            output: [String::new(), "sRGB".to_owned(), String::new()],
            source: Default::default(),
            intent: Intent::Relative,
            black_point: true,
            dither: false,
        }
    }
}

fn output(attributes: &mut Attributes, args: &Args, model: ColorModel) -> Result<()> {
    args.value.clone_into(&mut attributes.color.output[model.nth()]);
    Ok(())
}

fn source(attributes: &mut Attributes, args: &Args, model: ColorModel) -> Result<()> {
    args.value.clone_into(&mut attributes.color.source[model.nth()]);
    Ok(())
}

pub(super) const ATTRIBUTES: &[Attribute] = &[
    full("IccProfileRgb", "r-iccprofilergb", Inherits, |attributes, args| {
        output(attributes, args, ColorModel::Rgb)
    }),
    full("IccProfileCmyk", "r-iccprofilecmyk", Inherits, |attributes, args| {
        output(attributes, args, ColorModel::Cmyk)
    }),
    full("IccProfileGray", "r-iccprofilegray", Inherits, |attributes, args| {
        output(attributes, args, ColorModel::Gray)
    }),
    full("IccProfileSrcRgb", "r-iccprofilesrcrgb", Inherits, |attributes, args| {
        source(attributes, args, ColorModel::Rgb)
    }),
    full("IccProfileSrcCmyk", "r-iccprofilesrccmyk", Inherits, |attributes, args| {
        source(attributes, args, ColorModel::Cmyk)
    }),
    full("IccProfileSrcGray", "r-iccprofilesrcgray", Inherits, |attributes, args| {
        source(attributes, args, ColorModel::Gray)
    }),
    full("IccRenderIntent", "r-iccrenderintent", Inherits, |attributes, args| {
        let wanted = "0 perceptual, 1 relative, 2 saturation or 3 absolute";
        attributes.color.intent = match choice(args, 0, 3, wanted)? {
            0 => Intent::Perceptual,
            1 => Intent::Relative,
            2 => Intent::Saturation,
            _ => Intent::Absolute,
        };
        Ok(())
    }),
    full(
        "IccBlackPointCompensation",
        "r-iccblackpointcompensation",
        Inherits,
        |attributes, args| {
            attributes.color.black_point = values::flag(args)?;
            Ok(())
        },
    ),
    full("IccDither", "r-iccdither", Inherits, |attributes, args| {
        attributes.color.dither = values::flag(args)?;
        Ok(())
    }),
];
