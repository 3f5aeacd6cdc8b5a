//! The font table of RTF.

use std::collections::BTreeMap;

use super::code_page;
use crate::text::Face;

/// The font table, and the entry that is being read.
#[derive(Debug, Clone, Default)]
pub struct Fonts {
    entries: BTreeMap<i32, Entry>,
    number: i32,
    charset: Option<u8>,
    name: String,
}

/// An entry, and its place among the faces of the document once text has used it.
#[derive(Debug, Clone)]
struct Entry {
    face: Face,
    used: Option<u16>,
}

/// `DEFAULT_CHARSET`: that of the document.
const DEFAULT_CHARSET: u8 = 1;

impl Fonts {
    /// `\f` in the table: begins an entry.
    pub fn begin(&mut self, number: i32) {
        self.end();
        self.number = number;
    }

    /// `\fcharset` in the table.
    pub fn set_charset(&mut self, charset: i32) {
        self.charset = u8::try_from(charset).ok();
    }

    /// Adds a character of the table's text. A semicolon ends the entry.
    pub fn push(&mut self, character: char) {
        match character {
            ';' => self.end(),
            _ if character.is_control() => {}
            _ => self.name.push(character),
        }
    }

    /// Ends an entry, which may lack its semicolon. One without a name is dropped.
    pub fn end(&mut self) {
        let name = std::mem::take(&mut self.name);
        let charset = self.charset.take().unwrap_or(DEFAULT_CHARSET);
        if !name.trim().is_empty() {
            let face = Face { name: name.trim().to_owned(), charset };
            self.entries.insert(self.number, Entry { face, used: None });
        }
    }

    /// Whether the table has an entry of this number.
    pub fn has(&self, number: i32) -> bool {
        self.entries.contains_key(&number)
    }

    /// The code page of the bytes in the entry that is being read, or of text in a font; `None` for
    /// that of the document.
    pub fn code_page(&self, reading: bool, font: Option<i32>) -> Option<u16> {
        let charset = match reading {
            true => self.charset,
            false => font.and_then(|number| Some(self.entries.get(&number)?.face.charset)),
        };
        code_page::of_charset(charset?)
    }

    /// The place of a font among the faces of the document, to which it is added if it is new.
    /// `None` if the table has no such font.
    pub fn face(&mut self, number: i32, faces: &mut Vec<Face>) -> Option<u16> {
        let Entry { face, used } = self.entries.get_mut(&number)?;
        if used.is_none() {
            let place = faces.iter().position(|other| other == face).unwrap_or(faces.len());
            *used = u16::try_from(place).ok();
            if place == faces.len() && used.is_some() {
                faces.push(face.clone());
            }
        }
        *used
    }
}
