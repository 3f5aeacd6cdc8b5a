//! Draws SVG documents (r-svg-support): size, variables, limits, pixels.
//!
//! [usvg](https://docs.rs/usvg) reads a document and [resvg](https://docs.rs/resvg) draws it; their
//! types stay in here. A document is checked before they see it: what they would draw wrongly is
//! refused by name, and references are counted before they are followed.

#[cfg(not(feature = "svg"))]
mod absent;
#[cfg(feature = "svg")]
mod document;
#[cfg(feature = "svg")]
mod drawing;
#[cfg(feature = "svg")]
mod expansion;
#[cfg(feature = "svg")]
mod filter;
mod fonts;
#[cfg(feature = "svg")]
mod glyphs;
#[cfg(feature = "svg")]
mod images;
#[cfg(feature = "svg")]
mod load;
#[cfg(feature = "svg")]
mod mend;
#[cfg(feature = "svg")]
mod path;
mod pixels;
#[cfg(feature = "svg")]
mod places;
#[cfg(feature = "svg")]
mod references;
#[cfg(feature = "svg")]
mod size;
#[cfg(feature = "svg")]
mod style;
#[cfg(feature = "svg")]
mod substitute;
#[cfg(feature = "svg")]
mod texts;
mod variables;
#[cfg(feature = "svg")]
mod with_images;

#[cfg(not(feature = "svg"))]
pub use absent::{Drawing, embedded_request, images, natural, texts};
pub use fonts::{FontBytes, SvgFace, SvgFonts, SvgTexts};
pub use pixels::{SvgImage, SvgPixels, SvgPlace};
pub use variables::SvgVariables;
#[cfg(feature = "svg")]
pub use {
    drawing::Drawing, images::embedded_request, images::images, mend::mended, size::natural,
    texts::texts,
};

use crate::geometry::{Size, SourceSpace};

/// What is known of a document before its variables are inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Natural {
    /// Its size in pixels.
    pub size: Size<SourceSpace>,
    /// Whether it has texts with words.
    pub texts: bool,
    /// Whether it has images.
    pub images: bool,
}

/// What an image of a document names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageHref {
    /// The value of `href`.
    pub href: String,
    /// Whether variables are or will be a part of it.
    pub has_variables: bool,
}

/// A cell of a drawing: what drawing it takes at most.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Load {
    /// Bytes of memory, the pixels of the cell included.
    pub memory: u64,
    /// Work, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    pub work: u64,
    /// How far a filter reads around a pixel, in pixels.
    pub reach: f64,
}
