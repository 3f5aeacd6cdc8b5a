//! What an original was, once it has been decoded.

use azulejo::{
    geometry::{Size, SourceSpace},
    pixel::{ColorModel, PixelFormat},
    pyramid::profile_name,
};

/// What an original was, once it has been decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The size of the upright picture, before it is cropped.
    pub size: Size<SourceSpace>,
    /// The pixels, as the pyramid has them.
    pub pixel: PixelFormat,
    /// The ICC profile.
    pub profile: Profile,
    /// The damage that [`crate::Options::allow_damaged`] tolerated.
    pub damage: Option<String>,
}

/// The ICC profile of an original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Profile {
    /// It has none.
    None,
    /// It has one, with this description.
    Embedded(String),
    /// It has one for pixels of another colour model, which is left out.
    OtherModel(String),
}

impl Profile {
    /// Judges the profile of a picture with pixels of this model.
    pub(crate) fn of(icc: Option<&[u8]>, model: ColorModel) -> Self {
        let Some(icc) = icc else { return Self::None };
        let name = profile_name(icc).unwrap_or_else(|| "without a description".to_owned());
        if is_for(icc, model) { Self::Embedded(name) } else { Self::OtherModel(name) }
    }
}

/// Whether the profile's colour space (ICC.1:2022, 7.2.6) matches the pixels.
fn is_for(icc: &[u8], model: ColorModel) -> bool {
    let space = match model {
        ColorModel::Gray => b"GRAY",
        ColorModel::Rgb => b"RGB ",
        ColorModel::Cmyk => b"CMYK",
    };
    icc.get(16..20) == Some(space)
}
