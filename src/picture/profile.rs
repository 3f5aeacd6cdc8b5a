//! The ICC profiles that a request and its catalogs name.

use std::rc::Rc;

use crate::color::icc::{Intent, RgbSpace};

/// A profile that a command or an attribute names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ProfileName {
    /// The profile of an RGB space, which the engine makes itself.
    BuiltIn(&'static RgbSpace),
    /// A stored profile.
    Stored {
        /// Its key in the object store.
        key: String,
        /// The command or attribute with its value, for messages.
        named_by: String,
    },
}

impl ProfileName {
    /// The name as it is written, or that which Photoshop shows.
    pub fn name(&self) -> &str {
        match self {
            Self::BuiltIn(space) => space.common_name,
            Self::Stored { named_by, .. } => {
                named_by.split_once('=').map_or(named_by.as_str(), |(_, name)| name)
            }
        }
    }
}

/// The profiles that an image without a profile has, or none: for grey, RGB and CMYK.
pub type Assumed = Rc<[Option<ProfileName>; 3]>;

/// How colours are converted from one profile to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConversionOptions {
    /// The rendering intent.
    pub intent: Intent,
    /// Whether black point compensation is used.
    pub black_point: bool,
    /// Whether it dithers.
    pub dither: bool,
}

/// `icc=`: a profile that a picture is converted to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OutputProfile {
    /// The profile.
    pub name: ProfileName,
    /// How.
    pub options: ConversionOptions,
}
