//! What a text says and is ignored.

use std::fmt;

use crate::text::Renderer;

/// A part of an RTF text that is ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// It as written: `\hyphauto`, without its number.
    pub written: String,
    /// The character of the text where it stands first, from 1.
    pub position: usize,
    /// Why it is ignored.
    pub why: Why,
}

/// Why a part of an RTF text is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The reference does not list it.
    Unknown,
    /// Only the other renderer has it.
    Only(Renderer),
    /// Its group has text or a picture that is not drawn.
    Unsupported,
    /// Its number is out of range.
    Number,
    /// There are too many of it.
    Many,
    /// It has a place of its own: a group that begins with it, or a colour table.
    Place,
    /// The font table has no such entry: the default font stands in.
    NoFont,
    /// No colour table has such an entry: black stands in.
    NoColor,
    /// An entry of a colour table is no colour: black stands in.
    BadColor,
    /// It closes no group.
    Surplus,
    /// No brace closes its group.
    Unclosed,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "it is none of the RTF commands of the reference",
            Self::Only(Renderer::Text) => "only text= has it",
            Self::Only(Renderer::TextPs) => "only textPs= has it",
            Self::Unsupported => "its group is not drawn",
            Self::Number => "its number is out of range",
            Self::Many => "there are too many",
            Self::Place => "it is out of place",
            Self::NoFont => "the font table has no such entry; the default font is used",
            Self::NoColor => "no colour table has such an entry; the text is black",
            Self::BadColor => "the entry is no colour; the text is black",
            Self::Surplus => "it closes no group",
            Self::Unclosed => "a group is not closed",
        })
    }
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { written, position, why } = self;
        write!(f, "{written} at character {position} is ignored: {why}")
    }
}
