//! What the SVGs of a picture are drawn with.

use super::Picture;
use crate::{
    svg::SvgVariables,
    text::font::{Faces, FontMap},
};

/// What an SVG is drawn with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct SvgInputs {
    /// The variables that are inserted into it.
    pub variables: SvgVariables,
    /// The fonts of its catalog.
    pub map: FontMap,
    /// Those that its texts may be drawn in. They are chosen once it is read.
    pub faces: Faces,
    /// The requests that its `<image>` elements name, each once. `None` until it is read, and for an
    /// SVG without images.
    pub images: Option<Vec<EmbeddedImage>>,
}

/// The picture of a request that an `<image>` of an SVG names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EmbeddedImage {
    /// The value of `href`.
    pub href: String,
    /// The picture.
    pub picture: Picture,
}
