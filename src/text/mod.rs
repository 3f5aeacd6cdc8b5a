//! Formatted text (c-text-formatting): a [`Document`] of paragraphs and runs, as plain data,
//! which [`rtf`] reads, and its [`layout`] in the glyphs of [`font`]s.

mod document;
mod format;
pub mod rtf;
pub mod font;
mod layer_text;
pub mod layout;

pub use document::{
    Document, Face, LINE, Margins, Paragraph, Renderer, Run, TextFlow, VerticalAlign,
};
pub use format::{
    Alignment, CharacterFormat, Kerning, LineLimit, LineSpacing, Orientation, ParagraphFormat,
    Script, TabAlign, TabStop,
};
pub use layer_text::LayerText;

use crate::error::{Error, ErrorKind, Result};

/// Fails in a build without the feature `text`. Where texts are read and laid out and fonts are
/// opened, this comes first, so that the compiler leaves the shaper and the fonts out.
#[inline(always)]
pub fn require() -> Result<()> {
    match cfg!(feature = "text") {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::NotBuilt, "text= and textPs=: this build has no fonts")),
    }
}
