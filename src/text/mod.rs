//! Formatted text (c-text-formatting): a [`Document`] of paragraphs and runs, as plain data.

mod document;
mod format;

pub use document::{Document, Face, Margins, Paragraph, Renderer, Run, TextFlow, VerticalAlign};
pub use format::{
    Alignment, CharacterFormat, Kerning, LineLimit, LineSpacing, Orientation, ParagraphFormat,
    Script, TabAlign, TabStop,
};
