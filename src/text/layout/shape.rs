//! Shapes a paragraph: characters become glyphs, in pieces of one font, direction and script.

use std::{ops::Range, rc::Rc};

use harfrust::{Direction, Feature, ShapeOptions, Tag, UnicodeBuffer};
use unicode_linebreak::{BreakOpportunity, linebreaks};

use super::spans::{Character, Item, Prepared, prepare};
use crate::{
    error::{Error, Result},
    text::{
        CharacterFormat, Paragraph,
        font::{Font, Fonts, Style},
    },
};

/// A shaped paragraph. It does not depend on the sizes of its fonts, but for kerning.
#[derive(Debug)]
pub struct Shaped {
    /// Its clusters in the order of reading.
    pub clusters: Vec<Cluster>,
    /// The glyphs of all clusters.
    pub glyphs: Vec<Glyph>,
    /// The formats of its characters.
    pub spans: Vec<Span>,
    /// The format of its end.
    pub end: Span,
    /// Whether it runs from right to left as a whole.
    pub is_right_to_left: bool,
}

/// Characters of one format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Their format.
    pub format: CharacterFormat,
    /// Their own font and style.
    pub style: Style,
    /// Whether they are small letters that are drawn as small capitals.
    pub small: bool,
}

/// The smallest part of a text that can stand alone: a character with its marks, or a ligature.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// The byte of its first character in the text of the paragraph.
    pub start: usize,
    /// Its glyphs, from left to right.
    pub glyphs: Range<usize>,
    /// The index of its span.
    pub span: usize,
    /// The index of the font that it is drawn in: that of its style, or of a fallback.
    pub font: u16,
    /// The sum of its glyphs' advances, in units of the font.
    pub advance: f64,
    /// Its embedding level (UAX #9). Odd ones run from right to left.
    pub level: u8,
    /// What it is.
    pub kind: Kind,
    /// Whether a line may end before it.
    pub breaks_before: bool,
}

/// What a cluster is to the layout of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A part of a word.
    Word,
    /// A digit's separator: where text is aligned at a decimal tab stop.
    Point,
    /// A space. At the end of a line it takes no room.
    Space,
    /// A space that is a part of its line wherever it stands.
    NoBreakSpace,
    /// A tab.
    Tab,
    /// A forced end of the line.
    Break,
    /// A place for a hyphen. It shows none unless the line ends there.
    SoftHyphen,
}

/// A glyph of a cluster. Lengths are in units of the font, with y upwards.
#[derive(Debug, Clone, Copy)]
pub struct Glyph {
    /// Its number in the font.
    pub id: u32,
    /// From its pen position to that of the next glyph.
    pub advance: f64,
    /// From its pen position to its origin.
    pub offset: [f64; 2],
}

/// The opened fonts of a text.
pub struct Opened<'a> {
    /// The font of each handle.
    pub fonts: &'a [Rc<Font>],
    /// Which styles they are for.
    pub chosen: &'a Fonts,
}

impl Opened<'_> {
    /// The font with this index.
    pub fn font(&self, index: u16) -> Result<&Font> {
        let font = self.fonts.get(usize::from(index));
        font.map(Rc::as_ref).ok_or_else(|| Error::bug("a text names a font that it does not have"))
    }
}

/// How much a font is made bolder, in parts of an em. FreeType's `FT_GlyphSlot_Embolden` has it.
pub const BOLDER: f64 = 1.0 / 24.0;

/// Shapes a paragraph.
pub fn shape(paragraph: &Paragraph, opened: &Opened) -> Result<Shaped> {
    let Prepared { text, spans, characters, is_right_to_left } = prepare(paragraph, opened)?;
    let style = opened.chosen.style(&paragraph.end)?;
    let end = Span { format: paragraph.end, style, small: false };
    let (clusters, glyphs) = (Vec::with_capacity(characters.len()), Vec::new());
    let mut shaped = Shaped { clusters, glyphs, spans, end, is_right_to_left };
    let mut rest = characters.as_slice();
    while let Some(first) = rest.first() {
        let kind = kind(first.character);
        let stands_alone = |kind| matches!(kind, Kind::Tab | Kind::Break | Kind::SoftHyphen);
        if stands_alone(kind) {
            let at = shaped.glyphs.len();
            shaped.clusters.push(cluster(first, at..at, kind));
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let same = |other: &&Character| {
            other.item == first.item && !stands_alone(self::kind(other.character))
        };
        let len = rest.iter().take_while(same).count();
        let (part, after) = rest.split_at(len);
        shape_part(part, first.item, opened, &mut shaped)?;
        rest = after;
    }
    let mut breaks = linebreaks(&text).filter(|(_, is)| *is == BreakOpportunity::Allowed);
    let mut next = breaks.next();
    for cluster in &mut shaped.clusters {
        while next.is_some_and(|(at, _)| at < cluster.start) {
            next = breaks.next();
        }
        cluster.breaks_before = next.is_some_and(|(at, _)| at == cluster.start);
    }
    Ok(shaped)
}

/// Shapes characters that have everything in common, and appends their clusters.
fn shape_part(part: &[Character], item: Item, opened: &Opened, shaped: &mut Shaped) -> Result<()> {
    let font = opened.font(item.font)?;
    let span =
        shaped.spans.get(item.span).ok_or_else(|| Error::bug("a character without a span"))?;
    let mut buffer = UnicodeBuffer::new();
    buffer.reserve(part.len());
    for character in part {
        buffer.add(character.character, character.start as u32);
    }
    let is_right_to_left = item.level % 2 == 1;
    buffer.set_direction(match is_right_to_left {
        true => Direction::RightToLeft,
        false => Direction::LeftToRight,
    });
    let script = item.script.short_name().as_bytes();
    let tag = script.first_chunk::<4>().map(Tag::new);
    if let Some(script) = tag.and_then(harfrust::Script::from_iso15924_tag) {
        buffer.set_script(script);
    }
    let tables = font.tables()?;
    let shaper = font.shaping().shaper(&tables).build();
    let features = features(&span.format);
    let options = ShapeOptions::new().features(&features);
    let made = shaper.shape(buffer, options);
    let bolder = span.style.embolden && item.font == span.style.font;
    let bolder = if bolder { font.metrics.em * BOLDER } else { 0.0 };
    let from = shaped.clusters.len();
    let all = made.glyph_infos().iter().zip(made.glyph_positions());
    for (info, position) in all {
        let start = info.cluster as usize;
        let advance = f64::from(position.x_advance);
        let advance = if advance > 0.0 { advance + bolder } else { advance };
        let offset = [position.x_offset.into(), position.y_offset.into()];
        shaped.glyphs.push(Glyph { id: info.glyph_id, advance, offset });
        let end = shaped.glyphs.len();
        match shaped.clusters.get_mut(from..).and_then(<[Cluster]>::last_mut) {
            Some(last) if last.start == start => {
                last.glyphs.end = end;
                last.advance += advance;
            }
            _ => {
                let at = part.binary_search_by(|character| character.start.cmp(&start));
                let first = at.ok().and_then(|at| part.get(at));
                let first = first.ok_or_else(|| Error::bug("a glyph without a character"))?;
                let made = cluster(first, end - 1..end, kind(first.character));
                shaped.clusters.push(Cluster { advance, ..made });
            }
        }
    }
    if is_right_to_left {
        shaped.clusters.get_mut(from..).unwrap_or_default().reverse();
    }
    Ok(())
}

fn cluster(first: &Character, glyphs: Range<usize>, kind: Kind) -> Cluster {
    let Character { start, item: Item { span, font, level, .. }, .. } = *first;
    Cluster { start, glyphs, span, font, advance: 0.0, level, kind, breaks_before: false }
}

fn kind(character: char) -> Kind {
    match character {
        '\t' => Kind::Tab,
        '\u{2028}' => Kind::Break,
        '\u{AD}' => Kind::SoftHyphen,
        '.' | ',' => Kind::Point,
        '\u{A0}' | '\u{202F}' => Kind::NoBreakSpace,
        _ if character.is_whitespace() => Kind::Space,
        _ => Kind::Word,
    }
}

/// The features of a font that a format switches off. A ligature would not be spaced.
fn features(format: &CharacterFormat) -> Vec<Feature> {
    let off = |tag: &[u8; 4]| Feature::new(Tag::new(tag), 0, ..);
    let mut features = Vec::new();
    if format.kerning_from == 0 || format.size < format.kerning_from {
        features.push(off(b"kern"));
    }
    if format.tracking != 0 {
        features.extend([off(b"liga"), off(b"clig")]);
    }
    features
}
