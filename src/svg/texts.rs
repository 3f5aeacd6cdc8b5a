//! The texts of a document: what they ask of fonts, and how much they are.

use resvg::usvg::roxmltree::{Document, Node};

use super::{SvgTexts, SvgVariables, document, document::SVG, substitute};
use crate::{error::Result, limits, sort::sort};

/// What the texts of a document with its variables ask of fonts.
pub fn texts(bytes: &[u8], variables: &SvgVariables) -> Result<SvgTexts> {
    let text = document::text(bytes)?;
    let written = document::parse(&text)?;
    let filled = substitute::variables(&written, variables)?;
    match &filled {
        None => Ok(of(&written)),
        Some(text) => Ok(of(&document::parse(text)?)),
    }
}

/// What the texts of a document ask of fonts.
pub fn of(document: &Document) -> SvgTexts {
    let mut texts = SvgTexts::default();
    for node in document.descendants() {
        if node.has_tag_name((SVG, "style")) {
            add_style(&mut texts, node.text().unwrap_or_default());
        }
        for attribute in node.attributes() {
            match attribute.name() {
                "font-family" | "font" | "style" => add_style(&mut texts, attribute.value()),
                "font-weight" => texts.bold = true,
                "font-style" => texts.italic = true,
                _ => {}
            }
        }
        if is_text(node) {
            texts.characters.extend(words(node));
            // A long text repeats its characters.
            if texts.characters.len() > limits::SVG_CHARACTERS as usize {
                unify(&mut texts.characters);
            }
        }
    }
    unify(&mut texts.characters);
    texts
}

fn add_style(texts: &mut SvgTexts, style: &str) {
    let style = style.to_lowercase();
    texts.bold |= ["bold", "weight", "00 "].iter().any(|word| style.contains(word));
    texts.italic |= ["italic", "oblique"].iter().any(|word| style.contains(word));
    texts.styles.push_str(&style);
    texts.styles.push(';');
}

fn unify(characters: &mut Vec<char>) {
    sort(characters);
    characters.dedup();
}

/// Whether a document has a text with words.
pub fn has_words(document: &Document) -> bool {
    let mut texts = document.descendants().filter(|node| is_text(*node));
    texts.any(|text| words(text).any(|c| !c.is_whitespace()))
}

fn is_text(node: Node) -> bool {
    node.has_tag_name((SVG, "text"))
}

/// The characters of an element, with those of the elements in it.
pub fn words<'a>(node: Node<'a, '_>) -> impl Iterator<Item = char> + use<'a> {
    let texts = node.descendants().filter(Node::is_text).filter_map(|node| node.text());
    let texts: Vec<&str> = texts.collect();
    texts.into_iter().flat_map(str::chars)
}

/// How much the texts of an element are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    /// Characters.
    pub characters: u64,
    /// The work of their layout, in characters that are shaped once.
    pub layout: u64,
}

/// The layout of a part of a text that has a place of its own, in characters.
const PLACED: u64 = 128;

impl Amount {
    /// That of a text. The renderer shapes the whole text for each of the spans in it, and anew
    /// from each character that has a place of its own.
    pub fn of(node: Node) -> Self {
        if !is_text(node) {
            return Self::default();
        }
        let characters = words(node).count() as u64;
        let elements = node.descendants().filter(Node::is_element);
        let (mut spans, mut places) = (0_u64, 0_u64);
        for element in elements {
            spans += 1;
            let lists = ["x", "y"].map(|name| element.attribute(name).unwrap_or_default());
            let places_of = |list: &str| list.split([' ', ',', '\n', '\t', '\r']).count() as u64;
            places += lists.map(places_of).into_iter().max().unwrap_or(0);
        }
        let layout = characters * spans + PLACED * places.min(characters);
        Self { characters, layout }
    }

    /// This and so many of another.
    pub fn add(&mut self, other: Self, times: u64) {
        let sum = |own: u64, other: u64| own.saturating_add(other.saturating_mul(times));
        self.characters = sum(self.characters, other.characters);
        self.layout = sum(self.layout, other.layout);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed<T>(body: &str, of: impl Fn(&Document) -> T) -> T {
        let text = format!("<svg xmlns='{SVG}'>{body}</svg>");
        of(&document::parse(&text).unwrap())
    }

    #[test]
    fn texts_ask_for_characters_and_styles_wherever_they_are_written() {
        let texts = parsed(
            "<style>.a { font-family: Lato }</style><g style='font: italic 9px \"Open Sans\"'>\
             <text font-family='Noto &#x53;ans'>ba<tspan>nana</tspan></text></g>\
             <desc>xyz</desc>",
            of,
        );
        assert_eq!(texts.characters, ['a', 'b', 'n']);
        assert!(texts.italic && !texts.bold);
        for name in ["Lato", "Open Sans", "Noto Sans"] {
            assert!(texts.names(name), "{name}");
        }
        assert!(!texts.names("xyz"));
        assert!(parsed("<text font-weight='600'>a</text>", of).bold);
        assert!(parsed("<text style='font:800 9px a'>a</text>", of).bold);
    }

    #[test]
    fn a_text_with_words_is_found() {
        assert!(parsed("<g><text> <tspan>a</tspan></text></g>", has_words));
        assert!(!parsed("<text> \n</text><desc>a</desc>", has_words));
    }

    #[test]
    fn an_amount_counts_spans_and_places() {
        let amount = |body: &str| {
            parsed(body, |document| Amount::of(document.root_element().first_child().unwrap()))
        };
        assert_eq!(amount("<text>abcd</text>"), Amount { characters: 4, layout: 4 + PLACED });
        let two = amount("<text x='1 2 3'>ab<tspan y='1'>cd</tspan></text>");
        assert_eq!(two, Amount { characters: 4, layout: 8 + PLACED * 4 });
        assert_eq!(amount("<g>abc</g>"), Amount::default());
    }
}
