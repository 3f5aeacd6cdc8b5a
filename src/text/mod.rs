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
