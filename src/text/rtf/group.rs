//! What a group changes, and what its end restores.

use super::colors::Table;
use crate::text::{CharacterFormat, LineSpacing, ParagraphFormat, TabAlign};

/// The state of a group. It begins as that of the group around it.
#[derive(Debug, Clone)]
pub struct Group {
    /// The format of characters.
    pub characters: Characters,
    /// The format of paragraphs.
    pub paragraphs: ParagraphState,
    /// `\uc`: how many characters after `\u` stand in for it.
    pub stand_ins: usize,
    /// What its text is.
    pub destination: Destination,
    /// Whether it began with `\*`: it is skipped unless its first word is known.
    pub ignorable: bool,
}

impl Default for Group {
    fn default() -> Self {
        Self {
            characters: Characters::default(),
            paragraphs: ParagraphState::default(),
            stand_ins: 1,
            destination: Destination::Text,
            ignorable: false,
        }
    }
}

/// What the text of a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// Text to draw.
    Text,
    /// Entries of the font table.
    Fonts,
    /// Entries of a colour table.
    Colors(Table),
    /// Neither.
    Skipped,
}

/// The format of characters, and their font by its number in RTF.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Characters {
    /// The format. Its face is set when text is added.
    pub format: CharacterFormat,
    /// `\f`; `None` is the default font.
    pub font: Option<i32>,
}

/// The format of paragraphs, and the words that have no effect alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParagraphState {
    /// The format.
    pub format: ParagraphFormat,
    /// The number of `\sl`.
    spacing: i32,
    /// `\slmult1`: the number of `\sl` is in 240ths of the fonts' own spacing.
    multiple: bool,
    /// The alignment of the next tab stop.
    pub tab: TabAlign,
}

impl ParagraphState {
    /// `\sl`. It has no number that is out of range.
    pub fn set_spacing(&mut self, spacing: i32) -> bool {
        self.spacing = spacing;
        self.set_line_spacing()
    }

    /// `\slmult`. It has no number that is out of range.
    pub fn set_multiple(&mut self, multiple: bool) -> bool {
        self.multiple = multiple;
        self.set_line_spacing()
    }

    fn set_line_spacing(&mut self) -> bool {
        let number = self.spacing;
        let size = i32::try_from(number.unsigned_abs()).unwrap_or(i32::MAX);
        self.format.line_spacing = match number {
            0 => LineSpacing::Auto,
            _ if self.multiple => LineSpacing::Multiple(size),
            1.. => LineSpacing::AtLeast(size),
            _ => LineSpacing::Exactly(size),
        };
        true
    }
}
