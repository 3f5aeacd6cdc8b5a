//! Formatted text (c-text-formatting): a [`Document`] of paragraphs and runs, as plain data,
//! which [`rtf`] reads.

mod document;
mod format;
pub mod rtf;

pub use document::{
    Document, Face, LINE, Margins, Paragraph, Renderer, Run, TextFlow, VerticalAlign,
};
pub use format::{
    Alignment, CharacterFormat, Kerning, LineLimit, LineSpacing, Orientation, ParagraphFormat,
    Script, TabAlign, TabStop,
};
