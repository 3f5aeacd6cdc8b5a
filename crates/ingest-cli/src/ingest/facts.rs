//! What is worth telling about an original: its format, size, colours and profile, and warnings.

use azulejo::pixel::{ColorModel, PixelFormat};
use originals::{Decoded, Profile};
use serde::Serialize;

/// An original whose longer side has fewer pixels is small: a product page shows 500 px, twice as
/// dense on most phones.
const SMALL: u32 = 1000;

/// A picture that is more than this many times as long as it is wide has an odd ratio. Panoramas
/// have 3:1.
const LONGEST_RATIO: u64 = 3;

/// What a report tells about an original.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// The name of its format, as `--formats` lists it.
    pub format: Option<&'static str>,
    /// Width of the upright picture in pixels.
    pub width: Option<u32>,
    /// Height of the upright picture in pixels.
    pub height: Option<u32>,
    /// `grey`, `RGB` or `CMYK`, with `+alpha` if it has alpha.
    pub model: Option<&'static str>,
    /// The description of its ICC profile.
    pub profile: Option<String>,
}

/// Something about an original that its owner should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What it is about.
    pub code: Code,
    /// The same with numbers.
    pub message: String,
}

/// The kinds of warnings. Their names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// CMYK without a profile: the catalog's profile decides its colours.
    CmykWithoutProfile,
    /// The profile is for another colour model and is left out.
    UnsuitableProfile,
    /// The longer side has fewer than 1000 pixels.
    Small,
    /// The longer side is more than 3 times the shorter one.
    OddRatio,
    /// A part could not be decoded.
    Damaged,
    /// It replaces what was stored of another original.
    Replaced,
    /// Something of a Photoshop file that the template lacks.
    NotCarriedOver,
}

impl Code {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::CmykWithoutProfile => "cmyk-without-profile",
            Self::UnsuitableProfile => "unsuitable-profile",
            Self::Small => "small",
            Self::OddRatio => "odd-ratio",
            Self::Damaged => "damaged",
            Self::Replaced => "replaced",
            Self::NotCarriedOver => "not-carried-over",
        }
    }

    /// Whether the run prints it at once. The others are about the picture, not about what the run
    /// does, and are only counted.
    pub fn is_printed(self) -> bool {
        matches!(self, Self::Damaged | Self::Replaced)
    }
}

impl Facts {
    /// The facts of an original that was decoded.
    pub fn of(format: &'static str, decoded: &Decoded) -> Self {
        let profile = match &decoded.profile {
            Profile::Embedded(name) => Some(name.clone()),
            Profile::None | Profile::OtherModel(_) => None,
        };
        Self {
            format: Some(format),
            width: Some(decoded.size.width),
            height: Some(decoded.size.height),
            model: Some(model(decoded.pixel)),
            profile,
        }
    }

    /// What is unusual about the picture.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        if self.profile.is_none() && self.model.is_some_and(|model| model.starts_with("CMYK")) {
            let message = "CMYK without a profile: its colours are those of the catalog's \
                           IccProfileSrcCmyk, or else of a standard press"
                .to_owned();
            warnings.push(Warning { code: Code::CmykWithoutProfile, message });
        }
        let (Some(width), Some(height)) = (self.width, self.height) else { return warnings };
        let (long, short) = (width.max(height), width.min(height));
        if long < SMALL {
            let message =
                format!("{width} × {height} pixels: the longer side has fewer than {SMALL}");
            warnings.push(Warning { code: Code::Small, message });
        }
        if u64::from(long) > LONGEST_RATIO * u64::from(short) {
            let message = format!(
                "{width} × {height} pixels: the longer side is more than {LONGEST_RATIO} times the \
                 shorter one"
            );
            warnings.push(Warning { code: Code::OddRatio, message });
        }
        warnings
    }
}

/// The warnings about an original that was decoded.
pub fn warnings(facts: &Facts, decoded: &Decoded) -> Vec<Warning> {
    let mut warnings = facts.warnings();
    if let Profile::OtherModel(name) = &decoded.profile {
        let model = facts.model.unwrap_or_default();
        let message = format!("its profile \"{name}\" is not for {model}, and is left out");
        warnings.push(Warning { code: Code::UnsuitableProfile, message });
    }
    let damage = decoded.damage.clone();
    warnings.extend(damage.map(|message| Warning { code: Code::Damaged, message }));
    warnings
}

/// The colour model as reports name it.
pub fn model(pixel: PixelFormat) -> &'static str {
    match (pixel.model, pixel.alpha) {
        (ColorModel::Gray, false) => "grey",
        (ColorModel::Gray, true) => "grey+alpha",
        (ColorModel::Rgb, false) => "RGB",
        (ColorModel::Rgb, true) => "RGB+alpha",
        (ColorModel::Cmyk, false) => "CMYK",
        (ColorModel::Cmyk, true) => "CMYK+alpha",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(width: u32, height: u32, model: &'static str, profile: Option<&str>) -> Vec<Code> {
        let facts = Facts {
            format: Some("JPEG"),
            width: Some(width),
            height: Some(height),
            model: Some(model),
            profile: profile.map(str::to_owned),
        };
        facts.warnings().into_iter().map(|warning| warning.code).collect()
    }

    #[test]
    fn thresholds_are_exact() {
        assert_eq!(codes(1000, 334, "RGB", None), []);
        assert_eq!(codes(999, 333, "RGB", None), [Code::Small]);
        assert_eq!(codes(400, 1200, "RGB", None), []);
        assert_eq!(codes(400, 1201, "RGB", None), [Code::OddRatio]);
        assert_eq!(codes(2000, 2000, "CMYK", None), [Code::CmykWithoutProfile]);
        assert_eq!(codes(2000, 2000, "CMYK+alpha", Some("SWOP")), []);
        assert_eq!(codes(u32::MAX, u32::MAX / 3, "RGB", None), []);
    }

    #[test]
    fn names_are_those_of_json() {
        for code in [
            Code::CmykWithoutProfile,
            Code::UnsuitableProfile,
            Code::Small,
            Code::OddRatio,
            Code::Damaged,
            Code::Replaced,
            Code::NotCarriedOver,
        ] {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        }
    }
}
