//! Attributes of thumbnails: the defaults of `req=tmb`.

use super::{
    Attribute, Attributes,
    Empty::Inherits,
    set::{choice, full, positive, size},
};
use crate::{color::Color, error::Result, protocol::Args, ratio::Ratio};

/// The properties of a thumbnail that neither its request nor a record sets.
#[derive(Debug, Clone, PartialEq)]
pub struct Thumbnail {
    /// `DefaultThumbPix`: width × height in pixels; 0 leaves a side unset.
    pub size: [u32; 2],
    /// `ThumbType`
    pub kind: ThumbnailType,
    /// `ThumbHorizAlign` and `ThumbVertAlign`: −1 left or top, 0 centre, 1 right or bottom.
    pub align: [Ratio; 2],
    /// `ThumbBkgColor`
    pub background: Color,
    /// `ThumbRes`: the resolution of a texture thumbnail, in the unit of `Resolution`.
    pub resolution: Ratio,
}

/// How an image is scaled to its thumbnail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ThumbnailType {
    /// The image fills the thumbnail; the excess is cropped.
    Crop,
    /// The whole image fits into the thumbnail.
    #[default]
    Fit,
    /// The image is scaled by `ThumbRes` ÷ `Resolution`, then cropped or padded.
    Texture,
}

impl ThumbnailType {
    /// The type of a number, 1 to 3. Any other number is `Fit`.
    pub fn of(number: u8) -> Self {
        match number {
            1 => Self::Crop,
            3 => Self::Texture,
            _ => Self::Fit,
        }
    }

    /// The number of the type, 1 to 3.
    pub fn number(self) -> u8 {
        match self {
            Self::Crop => 1,
            Self::Fit => 2,
            Self::Texture => 3,
        }
    }
}

impl Default for Thumbnail {
    fn default() -> Self {
        Self {
            size: [100, 100],
            kind: ThumbnailType::Fit,
            align: [Ratio::ZERO; 2],
            background: Color::WHITE,
            resolution: Ratio::from(72_u32),
        }
    }
}

pub(super) const ATTRIBUTES: &[Attribute] = &[
    full("DefaultThumbPix", "r-defaultthumbpix", Inherits, |attributes, args| {
        attributes.thumbnail.size = size(args)?;
        Ok(())
    }),
    full("ThumbType", "r-thumbtype", Inherits, |attributes, args| {
        let number = choice(args, 1, 3, "1 crop, 2 fit or 3 texture")?;
        attributes.thumbnail.kind = ThumbnailType::of(number as u8);
        Ok(())
    }),
    full("ThumbHorizAlign", "r-thumbhorizalign", Inherits, |attributes, args| {
        align(attributes, args, 0, "1 left, 2 centre or 3 right")
    }),
    full("ThumbVertAlign", "r-thumbvertalign", Inherits, |attributes, args| {
        align(attributes, args, 1, "1 top, 2 centre or 3 bottom")
    }),
    full("ThumbBkgColor", "r-thumbbkgcolor", Inherits, |attributes, args| {
        attributes.thumbnail.background = Color::parse(args.command, args.value)?;
        Ok(())
    }),
    full("ThumbRes", "r-thumbres", Inherits, |attributes, args| {
        attributes.thumbnail.resolution = positive(args)?;
        Ok(())
    }),
];

fn align(attributes: &mut Attributes, args: &Args, axis: usize, wanted: &str) -> Result<()> {
    attributes.thumbnail.align[axis] = Ratio::from(choice(args, 1, 3, wanted)? - 2);
    Ok(())
}
