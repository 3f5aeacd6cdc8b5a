//! Takes the place of the renderer in a build without the feature `svg`.

use super::{
    ImageHref, Load, Natural, SvgFonts, SvgImage, SvgPixels, SvgPlace, SvgTexts, SvgVariables,
};
use crate::{
    error::{Error, Result},
    geometry::{Size, SourceSpace},
};

/// A document; there is none in this build.
#[derive(Debug)]
pub enum Drawing {}

/// Fails: this build draws no SVG.
pub fn natural(_: &[u8]) -> Result<Natural> {
    Err(absent())
}

/// Fails: this build draws no SVG.
pub fn images(_: &[u8], _: &SvgVariables) -> Result<Vec<ImageHref>> {
    Err(absent())
}

/// Fails: this build draws no SVG.
pub fn embedded_request(_: &str) -> Result<&str> {
    Err(absent())
}

/// Fails: this build draws no SVG.
pub fn texts(_: &[u8], _: &SvgVariables) -> Result<SvgTexts> {
    Err(absent())
}

fn absent() -> Error {
    Error::unsupported(
        "the source image is an SVG, which the preview page does not draw; ask the server",
    )
}

impl Drawing {
    /// Fails: this build draws no SVG.
    pub fn read(_: &[u8], _: &SvgVariables, _: SvgFonts, _: Option<&[SvgImage]>) -> Result<Self> {
        Err(absent())
    }

    /// Its size.
    pub fn size(&self) -> Size<SourceSpace> {
        match *self {}
    }

    /// A hash of its text.
    pub fn hash(&self) -> [u8; 16] {
        match *self {}
    }

    /// Bytes of memory that it takes.
    pub fn memory(&self) -> u64 {
        match *self {}
    }

    /// What drawing a cell takes at most.
    pub fn load(&self, _: [f64; 6], _: [u32; 2], _: bool) -> Load {
        match *self {}
    }

    /// Where its images are drawn.
    pub fn places(&self, _: [f64; 6], _: [u32; 2]) -> Result<Vec<SvgPlace>> {
        match *self {}
    }

    /// Draws a cell.
    pub fn draw(&self, _: [f64; 6], _: [u32; 2], _: &[Option<SvgPixels>]) -> Result<Vec<u8>> {
        match *self {}
    }
}
