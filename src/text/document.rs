//! A formatted text as a whole: the text box, its paragraphs, their runs.

use super::format::{Alignment, CharacterFormat, ParagraphFormat};

/// A formatted text. Equal documents in equal fonts have equal pixels.
///
/// Lengths keep the units of RTF. A twip is 1/1440 inch, so a point has 20 twips. `textAttr=` sets
/// how many pixels an inch has; its default is 72, where a point is a pixel.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Document {
    /// The renderer that lays it out.
    pub renderer: Renderer,
    /// The faces that its runs use, each once, in the order of their first use.
    pub faces: Vec<Face>,
    /// The space between the text box and its text: `\margl`, `\margt`, `\margr`, `\margb`.
    pub margins: Margins,
    /// The vertical position of the text in its box: `\vertalt`, `\vertalc`, `\vertalb`.
    pub vertical_align: VerticalAlign,
    /// The direction of lines: `\stextflow`.
    pub flow: TextFlow,
    /// The paragraphs from top to bottom. There is at least one.
    pub paragraphs: Vec<Paragraph>,
}

/// The two renderers of the protocol, which place text differently (r-text-positioning; N8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Renderer {
    /// That of `text=`: similar to WordPad.
    Text,
    /// That of `textPs=`: similar to Photoshop.
    TextPs,
}

/// An entry of `\fonttbl`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Face {
    /// Its name, as `font::Name` of the font map has it: `Courier New`.
    pub name: String,
    /// `\fcharset`: the character set, 1 (default) where the entry has none. The text is decoded
    /// already.
    pub charset: u8,
}

/// Distances of the text from the sides of its box, in twips. They may be negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Margins {
    /// `\margl`
    pub left: i32,
    /// `\margt`
    pub top: i32,
    /// `\margr`
    pub right: i32,
    /// `\margb`
    pub bottom: i32,
}

/// The vertical position of a text in its box.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum VerticalAlign {
    /// `\vertalt`
    #[default]
    Top,
    /// `\vertalc`
    Center,
    /// `\vertalb`
    Bottom,
}

/// The direction of lines, and of one line after the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum TextFlow {
    /// `\stextflow0`: lines run to the right, and follow each other downwards.
    #[default]
    Horizontal,
    /// `\stextflow1`: lines run downwards, and follow each other to the left.
    Vertical,
}

/// A paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Paragraph {
    /// Its format.
    pub format: ParagraphFormat,
    /// Its text. No run is empty, and neighbours differ in format.
    pub runs: Vec<Run>,
    /// The format of its end, which sets the height of its last line where that is empty. Where it
    /// is not, this is the format of the last run.
    pub end: CharacterFormat,
}

/// `\line` in a [`Run`].
pub const LINE: char = '\u{2028}';

/// Characters of one format.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Run {
    /// The text in the order of reading. Characters that RTF has commands for stand as in Unicode:
    ///
    /// | character | RTF |
    /// | --- | --- |
    /// | U+2028 line separator | `\line`: the line ends after it |
    /// | U+0009 tab | `\tab`: the text goes on at the next tab stop |
    /// | U+00AD soft hyphen | `\-`: a line may end here, and then shows a hyphen |
    /// | U+00A0 no-break space | `\~` |
    /// | U+2011 non-breaking hyphen | `\_` |
    ///
    /// There are no other control characters.
    pub text: String,
    /// Their format.
    pub format: CharacterFormat,
}

impl Renderer {
    /// The renderer of a command; `None` if it has none.
    pub fn of(command: &str) -> Option<Self> {
        [Self::Text, Self::TextPs].into_iter().find(|renderer| renderer.command() == command)
    }

    /// The name of its command.
    pub fn command(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::TextPs => "textPs",
        }
    }
}

impl Document {
    /// A document without text.
    pub fn new(renderer: Renderer) -> Self {
        Self {
            renderer,
            faces: Vec::new(),
            margins: Margins::default(),
            vertical_align: VerticalAlign::default(),
            flow: TextFlow::default(),
            paragraphs: vec![Paragraph::default()],
        }
    }

    /// The first two alignments of its paragraphs that differ. A self-sizing layer of `text=` must
    /// have but one (r-text; N7).
    pub fn mixed_alignments(&self) -> Option<[Alignment; 2]> {
        let mut alignments = self.paragraphs.iter().map(|paragraph| paragraph.format.alignment);
        let first = alignments.next()?;
        alignments.find(|&alignment| alignment != first).map(|other| [first, other])
    }

    /// Whether it has no character: no line break either.
    pub fn is_empty(&self) -> bool {
        self.paragraphs.len() <= 1 && self.paragraphs.iter().all(|one| one.runs.is_empty())
    }
}
