//! Reads and writes the text of `text=` and `textPs=`: RTF, of which plain text is the simplest kind.
//!
//! The format is RTF 1.6 as far as the reference has it (c-text-formatting), without the group
//! `{\rtf1 …}` that files begin with, or with it. What it says and is not drawn is ignored and
//! listed. Time and memory are proportional to the length of the text.

mod character_words;
mod characters;
mod code_page;
mod colors;
mod fonts;
mod group;
mod ignored;
mod paragraph_words;
mod paragraphs;
mod reader;
mod token;
mod words;
mod write;

pub use ignored::{Ignored, Why};
pub use write::write;

use super::{Document, Renderer};
use crate::{
    error::{Error, Result},
    limits,
};

/// A text that has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What is drawn.
    pub document: Document,
    /// What is ignored: each once, in the order of its first place.
    pub ignored: Vec<Ignored>,
}

/// Reads a decoded value of `text=` or `textPs=`, with its variables replaced.
///
/// Fails in a build without text, if the text is too long, if its groups are too deep, or if bytes
/// are in a code page that is unsupported. An error begins with the name of the command.
pub fn read(text: &str, renderer: Renderer) -> Result<Reading> {
    super::require()?;
    let (length, limit) = (text.len(), limits::EXPANDED_BYTES);
    if length > limit {
        let message =
            format!("{}=…: a text of {length} bytes; at most {limit}", renderer.command());
        return Err(Error::too_large(message));
    }
    reader::Reader::new(text, renderer).read()
}

#[cfg(test)]
mod tests;
