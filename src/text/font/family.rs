//! Which font each run of a text is drawn in (r-font-handling; c-font-map-reference).

use unicode_script::{Script, UnicodeScript};

use super::{
    builtin::{BuiltIn, FAMILY},
    handle::{FontHandle, FontSource},
};
use crate::{
    catalog,
    error::{Error, ErrorKind, Result},
    text::{CharacterFormat, Document},
};

/// The fonts that a catalog has.
#[derive(Debug, Clone, Copy)]
pub struct Families<'a> {
    /// The font map.
    pub map: &'a [catalog::Font],
    /// `DefaultFont`: the name of the font of text that names none; empty for the built-in one.
    pub default: &'a str,
    /// `SynthesizeFontStyles`: whether a missing bold or italic is made from the standard face.
    pub synthesize: bool,
}

/// The fonts of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Fonts {
    /// Each font once: first those of the styles, then those for characters that they lack.
    pub handles: Vec<FontHandle>,
    /// The font of each face and style that the text uses.
    styles: Vec<(Wanted, Style)>,
    /// Indexes of the fonts for characters that a style's own font lacks, in order.
    pub fallbacks: Vec<u16>,
}

/// The face of a format, and whether it is bold and italic.
type Wanted = (Option<u16>, bool, bool);

/// A font, and what is synthesized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Style {
    /// The index of its handle.
    pub font: u16,
    /// Whether its outlines are made bold.
    pub embolden: bool,
    /// Whether its outlines are slanted.
    pub slant: bool,
}

impl Fonts {
    /// The style of characters.
    pub fn style(&self, format: &CharacterFormat) -> Result<Style> {
        let wanted = (format.face, format.bold, format.italic);
        let found = self.styles.iter().find(|(style, _)| *style == wanted);
        found.map(|(_, style)| *style).ok_or_else(|| Error::bug("a run of text without a font"))
    }

    /// The index of a font, which is added if it is new.
    fn index(&mut self, source: FontSource) -> u16 {
        let handle = FontHandle::new(source);
        let found = self.handles.iter().position(|other| *other == handle);
        let index = found.unwrap_or_else(|| {
            self.handles.push(handle);
            self.handles.len() - 1
        });
        index as u16
    }
}

/// Chooses the fonts of a document. Fails if the font map lacks a font, or one of its styles where
/// none is synthesized.
pub fn fonts(document: &Document, families: Families) -> Result<Fonts> {
    let mut fonts = Fonts::default();
    let mut lacking: Vec<Script> = Vec::new();
    for paragraph in &document.paragraphs {
        let runs = paragraph.runs.iter().map(|run| (run.format, run.text.as_str()));
        // The end of an empty line has a height.
        for (format, text) in runs.chain([(paragraph.end, "")]) {
            let found = family(document, format.face, families)?;
            let style = (format.face, format.bold, format.italic);
            if !fonts.styles.iter().any(|(other, _)| *other == style) {
                let (source, embolden, slant) =
                    found.font(format.bold, format.italic, families.synthesize)?;
                let font = fonts.index(source);
                fonts.styles.push((style, Style { font, embolden, slant }));
            }
            for script in text.chars().map(|character| character.script()) {
                if !lacking.contains(&script) && !found.covers(script) {
                    lacking.push(script);
                }
            }
        }
    }
    for script in lacking {
        let covers = |font: &&catalog::Font| {
            !font.bold && !font.italic && font.scripts.iter().any(|of| of == script.short_name())
        };
        if let Some(font) = families.map.iter().find(covers) {
            let index = fonts.index(stored(font));
            fonts.fallbacks.push(index);
        }
    }
    let last = fonts.index(FontSource::BuiltIn(BuiltIn::Regular));
    fonts.fallbacks.push(last);
    fonts.fallbacks.dedup();
    Ok(fonts)
}

/// The entries of a font map with one name, or the built-in family.
enum Family<'a> {
    Mapped(&'a str, Vec<&'a catalog::Font>),
    BuiltIn,
}

fn family<'a>(
    document: &'a Document,
    face: Option<u16>,
    families: Families<'a>,
) -> Result<Family<'a>> {
    let face = face.and_then(|face| document.faces.get(usize::from(face)));
    let name = face.map_or(families.default, |face| &face.name).trim();
    let named = |font: &&catalog::Font| font.name.trim().eq_ignore_ascii_case(name);
    let mut mapped: Vec<&catalog::Font> = families.map.iter().filter(named).collect();
    if mapped.is_empty() && !name.is_empty() {
        // Photoshop calls a single font of a family by its PostScript name.
        mapped.extend(families.map.iter().find(|font| font.ps_name == name));
    }
    match mapped.as_slice() {
        [] if name.is_empty() || name.eq_ignore_ascii_case(FAMILY) => Ok(Family::BuiltIn),
        // N20: without a font map, each name is the built-in font.
        [] if families.map.is_empty() => Ok(Family::BuiltIn),
        [] => {
            let message = format!(
                "{name}: no such font in the font map of the catalog; add it to FontMapFile, or \
                 leave it out of \\fonttbl"
            );
            Err(Error::new(ErrorKind::Value, message))
        }
        _ => Ok(Family::Mapped(name, mapped)),
    }
}

impl Family<'_> {
    /// The font of a style, and whether it has to be made bold or slanted.
    fn font(&self, bold: bool, italic: bool, synthesize: bool) -> Result<(FontSource, bool, bool)> {
        let (name, found) = match self {
            Self::BuiltIn => {
                let font = if bold { BuiltIn::Bold } else { BuiltIn::Regular };
                (FAMILY, Some((FontSource::BuiltIn(font), false, italic)))
            }
            Self::Mapped(name, fonts) => {
                // What a style lacks is synthesized; a real italic is better than a real bold.
                let order = [(bold, italic), (false, italic), (bold, false), (false, false)];
                let of = |(bold, italic): (bool, bool)| {
                    fonts.iter().find(|font| font.bold == bold && font.italic == italic)
                };
                // A family may have bold or italic fonts only.
                let font = order.into_iter().find_map(of).or(fonts.first());
                let style = |font: &&catalog::Font| {
                    (stored(font), bold && !font.bold, italic && !font.italic)
                };
                (*name, font.map(style))
            }
        };
        let (source, embolden, slant) =
            found.ok_or_else(|| Error::bug("a family without fonts"))?;
        if (embolden || slant) && !synthesize {
            let style = match (bold, italic) {
                (true, true) => "bold italic",
                (true, false) => "bold",
                (false, _) => "italic",
            };
            let message = format!(
                "{name}: the font map has no {style} font; add it, or set SynthesizeFontStyles=1"
            );
            return Err(Error::new(ErrorKind::Value, message));
        }
        Ok((source, embolden, slant))
    }

    /// Whether the family has characters of a script, as far as the font map tells.
    fn covers(&self, script: Script) -> bool {
        if matches!(script, Script::Common | Script::Inherited | Script::Unknown) {
            return true;
        }
        match self {
            Self::BuiltIn => script == Script::Latin,
            Self::Mapped(_, fonts) => fonts.iter().any(|font| {
                font.scripts.is_empty() || font.scripts.iter().any(|of| of == script.short_name())
            }),
        }
    }
}

/// The stored file of an entry.
pub(super) fn stored(font: &catalog::Font) -> FontSource {
    FontSource::Stored { key: font.path.clone(), version: None }
}
