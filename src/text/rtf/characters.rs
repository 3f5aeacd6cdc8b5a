//! The characters of an RTF text, however they are written.

use super::{Why, code_page, group::Destination, reader::Reader};
use crate::{
    error::{Error, Result},
    text::{CharacterFormat, LINE, Renderer},
};

/// Paragraph separator.
const PARAGRAPH: char = '\u{2029}';

impl Reader<'_> {
    /// Characters as they are.
    pub(super) fn characters(&mut self, text: &str, at: usize) {
        let mut rest = text.chars();
        while self.stand_ins > 0 {
            match rest.next() {
                // They are layout of the file.
                Some('\r' | '\n') => {}
                Some(_) => self.stand_ins -= 1,
                None => return,
            }
        }
        if !self.add(rest.as_str()) {
            self.ignore(";", at, Why::BadColor);
        }
    }

    /// Adds text to the destination of the group. False if it ends an entry that is no colour.
    fn add(&mut self, text: &str) -> bool {
        if text.is_empty() {
            return true;
        }
        self.end_half();
        match self.group.destination {
            Destination::Text => {
                self.group.ignorable = false;
                // RTF has words for what others control.
                let odd = |character: char| character.is_control() && character != '\t';
                let format = self.format();
                let paragraph = &self.group.paragraphs.format;
                if text.contains(|character| odd(character) || character == PARAGRAPH) {
                    let kept = text.chars().filter(|&character| !odd(character));
                    let line = |character| if character == PARAGRAPH { LINE } else { character };
                    let text: String = kept.map(line).collect();
                    self.paragraphs.push(&text, &format, paragraph);
                } else {
                    self.paragraphs.push(text, &format, paragraph);
                }
                true
            }
            Destination::Fonts => {
                text.chars().for_each(|character| self.fonts.push(character));
                true
            }
            Destination::Colors(table) => {
                let push = |valid, character| self.colors.push(table, character) && valid;
                text.chars().fold(true, push)
            }
            Destination::Skipped => true,
        }
    }

    /// Adds one character.
    pub(super) fn push(&mut self, character: char) {
        self.add(character.encode_utf8(&mut [0; 4]));
    }

    /// `\par`
    pub(super) fn end_paragraph(&mut self) {
        self.end_half();
        let format = self.paragraphs.line_format().unwrap_or_else(|| self.format());
        self.paragraphs.end(&format, &self.group.paragraphs.format);
    }

    /// The format of characters, with its face.
    pub(super) fn format(&mut self) -> CharacterFormat {
        let characters = &self.group.characters;
        let face = characters.font.and_then(|font| self.fonts.face(font, &mut self.document.faces));
        CharacterFormat { face, ..characters.format }
    }

    /// A control symbol (r-special-text-entities).
    pub(super) fn symbol(&mut self, symbol: char, at: usize) {
        if self.group.destination == Destination::Skipped {
            return;
        }
        if self.stand_ins > 0 && symbol != '*' {
            self.stand_ins -= 1;
            return;
        }
        match symbol {
            '\\' | '{' | '}' => self.push(symbol),
            '\t' => self.push('\t'),
            '\r' | '\n' => self.end_paragraph(),
            '*' => self.group.ignorable = true,
            // text= keeps them, too: a word does not lose its characters (N14).
            '~' => self.push('\u{a0}'),
            '_' => self.push('\u{2011}'),
            '-' if self.document.renderer == Renderer::TextPs => self.push('\u{ad}'),
            '-' => self.ignore(r"\-", at, Why::Only(Renderer::TextPs)),
            _ => self.ignore(&format!("\\{symbol}"), at, Why::Unknown),
        }
    }

    /// `\u`: a UTF-16 code unit, below 0 for those from 8000 on; or any other character's number.
    pub(super) fn unicode(&mut self, parameter: Option<i32>) -> Result<(), Why> {
        self.stand_ins = self.group.stand_ins;
        let number = parameter.ok_or(Why::Number)?;
        let number = if number < 0 { number.saturating_add(0x1_0000) } else { number };
        let number = u32::try_from(number).ok().ok_or(Why::Number)?;
        match (u16::try_from(number), self.half) {
            (Ok(unit @ 0xD800..0xDC00), _) => {
                self.end_half();
                self.half = Some(unit);
            }
            (Ok(unit @ 0xDC00..0xE000), Some(half)) => {
                self.half = None;
                let pair = char::decode_utf16([half, unit]).next();
                self.push(pair.and_then(Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            _ => self.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
        Ok(())
    }

    /// Adds the first half of a surrogate pair that has no second one.
    pub(super) fn end_half(&mut self) {
        if self.half.take().is_some() {
            self.push(char::REPLACEMENT_CHARACTER);
        }
    }

    /// Decodes the bytes that wait. Fails if text to draw is in a code page that is unsupported.
    pub(super) fn decode(&mut self) -> Result<()> {
        let bytes = std::mem::take(&mut self.bytes);
        let destination = self.group.destination;
        let Some(&first) = bytes.first().filter(|_| destination != Destination::Skipped) else {
            return Ok(());
        };
        let reading = destination == Destination::Fonts;
        let code_page = self.fonts.code_page(reading, self.group.characters.font);
        let code_page = code_page.unwrap_or(self.code_page);
        match code_page::decode(code_page, &bytes) {
            Some(text) => {
                self.add(&text);
            }
            // The font map does not have the name either.
            None if reading => self.push(char::REPLACEMENT_CHARACTER),
            None => {
                let command = self.document.renderer.command();
                return Err(Error::unsupported(format!(
                    "{command}=…: \\'{first:02x} is in code page {code_page}, which is \
                     unsupported; write the characters as \\u or in UTF-8"
                )));
            }
        }
        Ok(())
    }
}
