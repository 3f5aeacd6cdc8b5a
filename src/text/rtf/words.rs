//! The table of control words (c-supported-rtf-commands-and-keywords). Words that it does not list
//! are ignored.

use super::{
    character_words, code_page,
    colors::{Channel, Table},
    group::ParagraphState,
    paragraph_words,
};
use crate::text::{CharacterFormat, Document, LINE, Renderer, TextFlow, VerticalAlign};

/// A control word.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// Its name without the backslash.
    pub name: &'static str,
    /// The renderer that has it; `None` for both.
    pub only: Option<Renderer>,
    /// What it does.
    pub action: Action,
}

/// What a control word does.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// It says something that both renderers do without.
    Nothing,
    /// It stands for a character.
    Character(char),
    /// `\par`
    Paragraph,
    /// It switches a property of characters on; off if its number is 0.
    Switch(fn(&mut CharacterFormat, bool)),
    /// It sets a number of the format of characters. The first number is that of the word without
    /// one. The function returns false if the number is out of range.
    Characters(i32, fn(&mut CharacterFormat, i32) -> bool),
    /// It changes the format of paragraphs by its number, 0 if it has none. The function returns
    /// false if the number is out of range.
    Paragraphs(fn(&mut ParagraphState, i32) -> bool),
    /// It changes the text box by its number, 0 if it has none.
    Box(fn(&mut Document, i32)),
    /// `\f`: selects a font, or begins its entry in the font table.
    Font,
    /// `\fcharset`: the character set of an entry.
    Charset,
    /// `\cf`: selects a colour.
    Color,
    /// A channel of an entry of a colour table, 0 to the number that is full.
    Channel(Channel, i32),
    /// `\plain`: the default format of characters.
    Plain,
    /// `\pard`: the default format of paragraphs.
    Pard,
    /// `\deff`: the default font.
    DefaultFont,
    /// `\ansicpg` and its like: the code page; 0 for the number of the word.
    CodePage(u16),
    /// `\u`: a character by its number.
    Unicode,
    /// `\uc`: how many characters after `\u` stand in for it.
    StandIns,
    /// `\fonttbl`: the group is the font table.
    Fonts,
    /// The group is a colour table.
    Colors(Table),
    /// The group has no text to draw.
    Data,
    /// The group has text or a picture that is not drawn.
    Unsupported,
}

/// The row of a word.
pub fn find(name: &str) -> Option<&'static Word> {
    let tables = [WORDS, character_words::WORDS, paragraph_words::WORDS];
    tables.into_iter().flatten().find(|word| word.name == name)
}

/// A word of both renderers.
pub const fn both(name: &'static str, action: Action) -> Word {
    Word { name, only: None, action }
}

/// A word of `textPs=`.
pub const fn text_ps(name: &'static str, action: Action) -> Word {
    Word { name, only: Some(Renderer::TextPs), action }
}

/// A word of `text=`.
pub const fn text(name: &'static str, action: Action) -> Word {
    Word { name, only: Some(Renderer::Text), action }
}

const WORDS: &[Word] = &[
    // r-document-text-box-properties
    both("fonttbl", Action::Fonts),
    both("f", Action::Font),
    both("fcharset", Action::Charset),
    both("deff", Action::DefaultFont),
    both("colortbl", Action::Colors(Table::Rgb)),
    text("cmykcolortbl", Action::Colors(Table::Cmyk)),
    text_ps("iscolortbl", Action::Colors(Table::ImageServing)),
    both("cf", Action::Color),
    both("red", Action::Channel(Channel::Red, 255)),
    both("green", Action::Channel(Channel::Green, 255)),
    both("blue", Action::Channel(Channel::Blue, 255)),
    text("cyan", Action::Channel(Channel::Cyan, 100)),
    text("magenta", Action::Channel(Channel::Magenta, 100)),
    text("yellow", Action::Channel(Channel::Yellow, 100)),
    text("black", Action::Channel(Channel::Black, 100)),
    text_ps("margl", Action::Box(|document, twips| document.margins.left = twips)),
    text_ps("margr", Action::Box(|document, twips| document.margins.right = twips)),
    text_ps("margt", Action::Box(|document, twips| document.margins.top = twips)),
    text_ps("margb", Action::Box(|document, twips| document.margins.bottom = twips)),
    both("vertalt", Action::Box(|document, _| document.vertical_align = VerticalAlign::Top)),
    both("vertalc", Action::Box(|document, _| document.vertical_align = VerticalAlign::Center)),
    both("vertalb", Action::Box(|document, _| document.vertical_align = VerticalAlign::Bottom)),
    text_ps("stextflow", Action::Box(flow)),
    // The spelling of the table in c-text-formatting.
    text_ps("stextFlow", Action::Box(flow)),
    // r-special-text-entities, and the characters that RTF has words for besides.
    both("par", Action::Paragraph),
    both("line", Action::Character(LINE)),
    both("tab", Action::Character('\t')),
    both("bullet", Action::Character('•')),
    both("endash", Action::Character('–')),
    both("emdash", Action::Character('—')),
    both("lquote", Action::Character('‘')),
    both("rquote", Action::Character('’')),
    both("ldblquote", Action::Character('“')),
    both("rdblquote", Action::Character('”')),
    both("enspace", Action::Character('\u{2002}')),
    both("emspace", Action::Character('\u{2003}')),
    both("qmspace", Action::Character('\u{2005}')),
    both("zwj", Action::Character('\u{200d}')),
    both("zwnj", Action::Character('\u{200c}')),
    both("ltrmark", Action::Character('\u{200e}')),
    both("rtlmark", Action::Character('\u{200f}')),
    // r-is-http-character-encoding
    both("u", Action::Unicode),
    both("uc", Action::StandIns),
    both("ansi", Action::CodePage(code_page::WINDOWS_LATIN)),
    both("ansicpg", Action::CodePage(0)),
    both("mac", Action::CodePage(10_000)),
    both("pc", Action::CodePage(437)),
    both("pca", Action::CodePage(850)),
    // The bytes say by the font's character set what they are.
    both("loch", Action::Nothing),
    both("hich", Action::Nothing),
    both("dbch", Action::Nothing),
    // What word processors write into each file.
    both("rtf", Action::Nothing),
    both("lang", Action::Nothing),
    both("langfe", Action::Nothing),
    both("langnp", Action::Nothing),
    both("langfenp", Action::Nothing),
    both("deflang", Action::Nothing),
    both("deflangfe", Action::Nothing),
    both("noproof", Action::Nothing),
    both("viewkind", Action::Nothing),
    both("viewscale", Action::Nothing),
    both("nouicompat", Action::Nothing),
    both("sectd", Action::Nothing),
    both("fnil", Action::Nothing),
    both("froman", Action::Nothing),
    both("fswiss", Action::Nothing),
    both("fmodern", Action::Nothing),
    both("fscript", Action::Nothing),
    both("fdecor", Action::Nothing),
    both("ftech", Action::Nothing),
    both("fbidi", Action::Nothing),
    both("fprq", Action::Nothing),
    both("field", Action::Nothing),
    both("fldrslt", Action::Nothing),
    both("info", Action::Data),
    both("stylesheet", Action::Data),
    both("filetbl", Action::Data),
    both("fldinst", Action::Data),
    both("generator", Action::Data),
    both("panose", Action::Data),
    both("falt", Action::Data),
    both("header", Action::Unsupported),
    both("headerl", Action::Unsupported),
    both("headerr", Action::Unsupported),
    both("headerf", Action::Unsupported),
    both("footer", Action::Unsupported),
    both("footerl", Action::Unsupported),
    both("footerr", Action::Unsupported),
    both("footerf", Action::Unsupported),
    both("footnote", Action::Unsupported),
    both("pict", Action::Unsupported),
    both("object", Action::Unsupported),
];

fn flow(document: &mut Document, number: i32) {
    document.flow = if number == 1 { TextFlow::Vertical } else { TextFlow::Horizontal };
}
