//! The characters of a paragraph, with the font, direction and script that each is shaped in.

use unicode_bidi::{Level, ParagraphBidiInfo};
use unicode_script::{Script, UnicodeScript};

use super::shape::{Opened, Span};
use crate::{
    error::Result,
    text::{CharacterFormat, Paragraph, font::Characters},
};

/// A character, and how it is shaped.
#[derive(Debug, Clone, Copy)]
pub struct Character {
    /// Its byte in the text of the paragraph.
    pub start: usize,
    /// The character itself.
    pub character: char,
    /// What it has in common with the characters that it is shaped with.
    pub item: Item,
}

/// What characters that are shaped together have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// The index of their span.
    pub span: usize,
    /// The index of their font.
    pub font: u16,
    /// Their embedding level.
    pub level: u8,
    /// Their script.
    pub script: Script,
}

/// The text of a paragraph in the order of reading.
pub struct Prepared {
    /// The text: with capitals where `\caps` makes them, and marks of direction for `\rtlch`.
    pub text: String,
    /// Its spans in order.
    pub spans: Vec<Span>,
    /// Its characters, without marks of direction.
    pub characters: Vec<Character>,
    /// Whether the paragraph as a whole runs from right to left.
    pub is_right_to_left: bool,
}

/// U+202E starts and U+202C ends characters that run from right to left, whatever they are (UAX #9,
/// X5 and X7).
const OVERRIDE: [char; 2] = ['\u{202E}', '\u{202C}'];

/// Prepares a paragraph for shaping.
pub fn prepare(paragraph: &Paragraph, opened: &Opened) -> Result<Prepared> {
    let mut text = String::new();
    // The span of each character of the text.
    let (mut spans, mut of): (Vec<Span>, Vec<usize>) = (Vec::new(), Vec::new());
    for run in &paragraph.runs {
        let style = opened.chosen.style(&run.format)?;
        let mut add = |character: char, small: bool| {
            let span = Span { format: run.format, style, small };
            if spans.last() != Some(&span) {
                spans.push(span);
            }
            text.push(character);
            of.push(spans.len() - 1);
        };
        if run.format.right_to_left {
            add(OVERRIDE[0], false);
        }
        let CharacterFormat { caps, small_caps, .. } = run.format;
        for character in run.text.chars() {
            if (caps || small_caps) && character.is_lowercase() {
                character.to_uppercase().for_each(|capital| add(capital, !caps));
            } else {
                add(character, false);
            }
        }
        if run.format.right_to_left {
            add(OVERRIDE[1], false);
        }
    }
    // No character below the Hebrew block runs from right to left.
    let bidi = text.chars().any(|character| character >= '\u{590}');
    let bidi = bidi.then(|| ParagraphBidiInfo::new(&text, None));
    let level = |at: usize| {
        let levels = bidi.as_ref().map(|bidi| bidi.levels.as_slice()).unwrap_or_default();
        levels.get(at).map_or(0, Level::number)
    };
    let fonts = opened.fonts.iter().map(|font| Characters::of(font)).collect::<Result<Vec<_>>>()?;
    let has = |font: u16, character: char| {
        fonts.get(usize::from(font)).is_some_and(|font| font.has(character))
    };
    let mut characters: Vec<Character> = Vec::with_capacity(of.len());
    for ((start, character), span) in text.char_indices().zip(of) {
        if is_direction(character) {
            continue;
        }
        let own = spans.get(span).map_or(0, |span| span.style.font);
        let before = characters.last().map(|last| last.item);
        let before = before.filter(|before| before.span == span);
        let script = character.script();
        let follows = script == Script::Inherited;
        let font = match before {
            // A mark stays with its letter where the letter's font has it.
            Some(before) if follows && has(before.font, character) => before.font,
            Some(before) if is_invisible(character) => before.font,
            _ if is_invisible(character) || has(own, character) => own,
            _ => {
                let mut fallbacks = opened.chosen.fallbacks.iter().copied();
                fallbacks.find(|&font| has(font, character)).unwrap_or(own)
            }
        };
        let item = Item { span, font, level: level(start), script };
        characters.push(Character { start, character, item });
    }
    resolve_scripts(&mut characters);
    let is_right_to_left = bidi.as_ref().is_some_and(|bidi| bidi.paragraph_level.is_rtl());
    drop(bidi);
    drop(fonts);
    Ok(Prepared { text, spans, characters, is_right_to_left })
}

/// Gives characters without a script of their own that of their neighbours: of those before them,
/// else of those after them (UAX #24, section 5.2).
fn resolve_scripts(characters: &mut [Character]) {
    let has_own = |script: Script| !matches!(script, Script::Common | Script::Inherited);
    let scripts = characters.iter().map(|character| character.item.script);
    let mut script = scripts.into_iter().find(|&script| has_own(script)).unwrap_or(Script::Latin);
    for Character { item, .. } in characters {
        if has_own(item.script) {
            script = item.script;
        }
        item.script = script;
    }
}

/// Whether a character only sets the direction of others.
fn is_direction(character: char) -> bool {
    matches!(character, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character needs no glyph.
fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}
