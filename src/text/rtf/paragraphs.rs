//! Puts paragraphs together from characters and their formats.

use crate::text::{CharacterFormat, LINE, Paragraph, ParagraphFormat, Run};

/// The paragraphs so far. The last one is open.
#[derive(Debug, Default)]
pub struct Paragraphs {
    finished: Vec<Paragraph>,
    open: Paragraph,
}

impl Paragraphs {
    /// Adds text. The paragraph takes the format that its last character has, so that
    /// `{\qc centred}\par` is centred (N15).
    pub fn push(&mut self, text: &str, characters: &CharacterFormat, format: &ParagraphFormat) {
        if text.is_empty() {
            return;
        }
        if self.open.format != *format {
            self.open.format = format.clone();
        }
        match self.open.runs.last_mut() {
            Some(run) if run.format == *characters => run.text.push_str(text),
            Some(_) | None => {
                self.open.runs.push(Run { text: text.to_owned(), format: *characters });
            }
        }
    }

    /// `\par`: ends the paragraph.
    pub fn end(&mut self, characters: &CharacterFormat, format: &ParagraphFormat) {
        let mut paragraph = std::mem::take(&mut self.open);
        if paragraph.runs.is_empty() {
            paragraph.format = format.clone();
        }
        paragraph.end = *characters;
        self.finished.push(paragraph);
    }

    /// Whether a paragraph is missing: the last one is open, or there is none.
    pub fn is_open(&self) -> bool {
        !self.open.runs.is_empty() || self.finished.is_empty()
    }

    /// The format of the last character of the open paragraph.
    pub fn last_format(&self) -> Option<CharacterFormat> {
        self.open.runs.last().map(|run| run.format)
    }

    /// The same, if the character is in the last line: no line break ends it.
    pub fn line_format(&self) -> Option<CharacterFormat> {
        let last = self.open.runs.last()?;
        (!last.text.ends_with(LINE)).then_some(last.format)
    }

    /// All paragraphs that have ended. A `\par` at the end of the text ends the last one and
    /// begins none.
    pub fn finish(self) -> Vec<Paragraph> {
        self.finished
    }
}
