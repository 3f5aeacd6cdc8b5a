//! Carries out the tokens of an RTF text.

use super::{
    Ignored, Reading, Why, code_page,
    colors::Colors,
    fonts::Fonts,
    group::{Characters, Destination, Group, ParagraphState},
    paragraphs::Paragraphs,
    token::{Token, Tokens},
    words::{Action, Word, find},
};
use crate::{
    color::Color,
    error::{Error, Result},
    limits,
    text::{CharacterFormat, Document, Renderer},
};

/// A text that is being read.
pub struct Reader<'a> {
    text: &'a str,
    pub(super) document: Document,
    pub(super) paragraphs: Paragraphs,
    pub(super) fonts: Fonts,
    pub(super) colors: Colors,
    /// The state of the innermost group.
    pub(super) group: Group,
    /// The states of the groups around it.
    outer: Vec<Group>,
    /// `\ansicpg`
    pub(super) code_page: u16,
    /// `\deff`
    default_font: Option<i32>,
    /// The bytes that have not been decoded yet: a character may have several.
    pub(super) bytes: Vec<u8>,
    /// The first half of a surrogate pair of `\u`.
    pub(super) half: Option<u16>,
    /// How many characters are to be skipped, because they stand in for that of `\u`.
    pub(super) stand_ins: usize,
    ignored: Vec<Ignored>,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str, renderer: Renderer) -> Self {
        Self {
            text,
            document: Document::new(renderer),
            paragraphs: Paragraphs::default(),
            fonts: Fonts::default(),
            colors: Colors::default(),
            group: Group::default(),
            outer: Vec::new(),
            code_page: code_page::WINDOWS_LATIN,
            default_font: None,
            bytes: Vec::new(),
            half: None,
            stand_ins: 0,
            ignored: Vec::new(),
        }
    }

    pub fn read(mut self) -> Result<Reading> {
        for (at, token) in Tokens::new(self.text) {
            if !matches!(token, Token::Byte(_)) {
                self.decode()?;
            }
            match token {
                Token::Open => self.open()?,
                Token::Close => self.close(at),
                Token::Word { name, parameter } => self.word(name, parameter, at),
                Token::Symbol(symbol) => self.symbol(symbol, at),
                Token::Byte(byte) if self.stand_ins == 0 => self.bytes.push(byte),
                Token::Byte(_) => self.stand_ins -= 1,
                Token::Text(text) => self.characters(text, at),
            }
        }
        self.decode()?;
        self.end_half();
        if !self.outer.is_empty() {
            self.ignore("{", self.text.len(), Why::Unclosed);
        }
        if self.paragraphs.is_open() {
            let last = self.paragraphs.last_format();
            let format = last.unwrap_or_else(|| self.format());
            self.paragraphs.end(&format, &self.group.paragraphs.format);
        }
        self.document.paragraphs = self.paragraphs.finish();
        Ok(Reading { document: self.document, ignored: self.ignored })
    }

    fn open(&mut self) -> Result<()> {
        self.stand_ins = 0;
        if self.outer.len() >= limits::RTF_DEPTH {
            let command = self.document.renderer.command();
            let limit = limits::RTF_DEPTH;
            let message = format!("{command}=…: more than {limit} groups {{…}} in one another");
            return Err(Error::too_large(message));
        }
        self.outer.push(self.group.clone());
        self.group.ignorable = false;
        Ok(())
    }

    fn close(&mut self, at: usize) {
        self.stand_ins = 0;
        let Some(outer) = self.outer.pop() else { return self.ignore("}", at, Why::Surplus) };
        match self.group.destination {
            Destination::Fonts => self.fonts.end(),
            Destination::Colors(table) => {
                if !self.colors.end(table) {
                    self.ignore("}", at, Why::BadColor);
                }
            }
            Destination::Text | Destination::Skipped => {}
        }
        self.group = outer;
    }

    fn word(&mut self, name: &str, parameter: Option<i32>, at: usize) {
        if self.group.destination == Destination::Skipped {
            return;
        }
        let word = find(name);
        if self.stand_ins > 0 && matches!(word, Some(Word { action: Action::Character(_), .. })) {
            self.stand_ins -= 1;
            return;
        }
        self.stand_ins = 0;
        let ignorable = std::mem::take(&mut self.group.ignorable);
        let done = match word {
            None => {
                if ignorable {
                    self.skip();
                }
                Err(Why::Unknown)
            }
            Some(Word { only: Some(only), action, .. }) if *only != self.document.renderer => {
                if matches!(action, Action::Colors(_)) {
                    self.skip();
                }
                Err(Why::Only(*only))
            }
            Some(word) => self.apply(word.action, parameter),
        };
        // Word processors write more about fonts and colours than is drawn.
        let table = matches!(self.group.destination, Destination::Fonts | Destination::Colors(_));
        if let Err(why) = done
            && (!table || why != Why::Unknown)
        {
            self.ignore(&format!("{}\\{name}", if ignorable { r"\*" } else { "" }), at, why);
        }
    }

    /// Skips the rest of the group. Without a group, nothing would end what is skipped.
    fn skip(&mut self) {
        if !self.outer.is_empty() {
            self.group.destination = Destination::Skipped;
        }
    }

    /// Makes the text of the group something else than text to draw.
    fn begin(&mut self, destination: Destination) -> Result<(), Why> {
        if self.outer.is_empty() {
            return Err(Why::Place);
        }
        self.group.destination = destination;
        Ok(())
    }

    /// Does what a word of this renderer says.
    fn apply(&mut self, action: Action, parameter: Option<i32>) -> Result<(), Why> {
        let number = parameter.unwrap_or(0);
        let valid = |valid: bool| if valid { Ok(()) } else { Err(Why::Number) };
        let group = &mut self.group;
        match (action, group.destination) {
            (Action::Fonts, Destination::Text) => return self.begin(Destination::Fonts),
            (Action::Colors(table), Destination::Text) => {
                self.colors.begin(table);
                return self.begin(Destination::Colors(table));
            }
            (Action::Data, _) => return self.begin(Destination::Skipped),
            (Action::Unsupported, _) => {
                return self.begin(Destination::Skipped).and(Err(Why::Unsupported));
            }
            (Action::Font, Destination::Fonts) => self.fonts.begin(number),
            (Action::Charset, Destination::Fonts) => self.fonts.set_charset(number),
            (Action::Channel(channel, full), Destination::Colors(_)) => {
                self.colors.set(channel, number, full);
            }
            (Action::Character(character), _) => self.push(character),
            (Action::Unicode, _) => return self.unicode(parameter),
            (Action::StandIns, _) => {
                group.stand_ins = usize::try_from(number).unwrap_or(0);
            }
            (Action::CodePage(0), _) => {
                self.code_page = u16::try_from(number).ok().ok_or(Why::Number)?;
            }
            (Action::CodePage(code_page), _) => self.code_page = code_page,
            (Action::DefaultFont, _) => {
                self.default_font = parameter;
                group.characters.font = group.characters.font.or(parameter);
            }
            (Action::Nothing, _) => {}
            (_, Destination::Fonts | Destination::Colors(_) | Destination::Skipped) => {}
            (Action::Font, _) => {
                let known = self.fonts.has(number);
                group.characters.font = known.then_some(number).or(self.default_font);
                return if known { Ok(()) } else { Err(Why::NoFont) };
            }
            (Action::Color, _) => {
                let color = self.colors.get(number);
                group.characters.format.color = color.unwrap_or(Color::BLACK);
                // Index 0 is the automatic colour.
                return if color.is_some() || number == 0 { Ok(()) } else { Err(Why::NoColor) };
            }
            (Action::Switch(switch), _) => {
                switch(&mut group.characters.format, parameter != Some(0));
            }
            (Action::Characters(usual, set), _) => {
                let number = parameter.unwrap_or(usual);
                return valid(set(&mut group.characters.format, number));
            }
            (Action::Paragraphs(set), _) => return valid(set(&mut group.paragraphs, number)),
            (Action::Box(set), _) => set(&mut self.document, number),
            (Action::Paragraph, _) => self.end_paragraph(),
            (Action::Plain, _) => {
                let format = CharacterFormat::default();
                group.characters = Characters { format, font: self.default_font };
            }
            (Action::Pard, _) => group.paragraphs = ParagraphState::default(),
            (Action::Charset | Action::Channel(..), _) => return Err(Why::Place),
        }
        Ok(())
    }

    /// Lists something as ignored. `at` is the byte where it begins.
    pub(super) fn ignore(&mut self, written: &str, at: usize, why: Why) {
        let full = self.ignored.len() >= limits::RTF_IGNORED;
        if full || self.ignored.iter().any(|one| one.written == written && one.why == why) {
            return;
        }
        let position = self.text.char_indices().take_while(|(begin, _)| *begin < at).count() + 1;
        self.ignored.push(Ignored { written: written.to_owned(), position, why });
    }
}
