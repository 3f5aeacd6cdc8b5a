//! How the colours of a request are managed (r-color-management).

use crate::{
    commands::Reply,
    picture::{Assumed, ConversionOptions, ProfileName},
    pixel::ColorModel,
    store::Version,
};

/// The profiles of a request, and how colours are converted between them.
#[derive(Debug, Clone)]
pub struct ColorManagement {
    /// `icc=`: the profile that the reply is converted to.
    pub requested: Option<ProfileName>,
    /// The catalog's profiles for replies in grey, RGB and CMYK.
    pub output: [Option<ProfileName>; 3],
    /// The catalog's profiles for images that contain none, and for colours that end in `s`.
    pub source: Assumed,
    /// How colours are converted.
    pub options: ConversionOptions,
    /// The stored profiles among all that are named.
    pub stored: Vec<StoredProfile>,
}

/// A stored profile that was looked up.
#[derive(Debug, Clone)]
pub struct StoredProfile {
    /// Its key in the object store.
    pub key: String,
    /// Its version.
    pub version: Version,
    /// Its length in bytes.
    pub len: u64,
    /// The colours that it describes.
    pub model: ColorModel,
}

impl ColorManagement {
    /// The stored profile at a key; `None` if it does not exist or was not looked up.
    pub fn stored(&self, key: &str) -> Option<&StoredProfile> {
        self.stored.iter().find(|profile| profile.key == key)
    }

    /// The colours that a profile describes; `None` if it does not exist.
    pub fn model_of(&self, name: &ProfileName) -> Option<ColorModel> {
        match name {
            ProfileName::BuiltIn(_) => Some(ColorModel::Rgb),
            ProfileName::Stored { key, .. } => self.stored(key).map(|profile| profile.model),
        }
    }

    /// The profile of a reply with these colours.
    pub fn of_reply(&self, model: ColorModel) -> Option<&ProfileName> {
        let requested = self.requested.as_ref();
        let requested = requested.filter(|name| self.model_of(name) == Some(model));
        requested.or(self.output[model.nth()].as_ref())
    }

    /// Whether colours matter to a kind of reply: a mask has none.
    pub fn applies_to(reply: Reply) -> bool {
        reply != Reply::Mask
    }
}
