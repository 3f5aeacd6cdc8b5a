//! Colour management: names of profiles and how colours are converted.

use super::{
    Attribute,
    Empty::Inherits,
    set::{accepted, choice, flag, text},
};

const NO_ICC: &str = "colour conversion by catalog profiles is unsupported";

const fn profile(name: &'static str, doc: &'static str) -> Attribute {
    accepted(name, doc, Inherits, NO_ICC, text)
}

pub(super) const ATTRIBUTES: &[Attribute] = &[
    profile("IccProfileRgb", "r-iccprofilergb"),
    profile("IccProfileCmyk", "r-iccprofilecmyk"),
    profile("IccProfileGray", "r-iccprofilegray"),
    profile("IccProfileSrcRgb", "r-iccprofilesrcrgb"),
    profile("IccProfileSrcCmyk", "r-iccprofilesrccmyk"),
    profile("IccProfileSrcGray", "r-iccprofilesrcgray"),
    accepted("IccRenderIntent", "r-iccrenderintent", Inherits, NO_ICC, |attributes, args| {
        let wanted = "0 perceptual, 1 relative, 2 saturation or 3 absolute";
        choice(args, 0, 3, wanted)?;
        text(attributes, args)
    }),
    accepted("IccBlackPointCompensation", "r-iccblackpointcompensation", Inherits, NO_ICC, flag),
    accepted("IccDither", "r-iccdither", Inherits, NO_ICC, flag),
];
