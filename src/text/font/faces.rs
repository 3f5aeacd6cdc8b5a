//! Which fonts the texts of an SVG may be drawn in.

use std::sync::Arc;

use unicode_script::{Script, UnicodeScript};

use super::{
    builtin::{BuiltIn, FAMILY},
    family::stored,
    file::Font,
    handle::{FontHandle, FontSource},
};
use crate::{
    catalog,
    error::{Error, ErrorKind, Result},
    svg::{SvgFace, SvgFonts, SvgTexts},
};

/// The font map of a catalog, for the SVGs of its requests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct FontMap {
    /// Its entries.
    pub fonts: Arc<[catalog::Font]>,
    /// `DefaultFont`: its name; empty for the built-in one.
    pub default: String,
}

/// The fonts that the texts of an SVG may be drawn in; none without texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Faces {
    /// Each font once.
    pub handles: Vec<FontHandle>,
    faces: Vec<Face>,
    fallbacks: Vec<u16>,
    default: String,
    characters: Vec<char>,
}

/// A font of the same index in the handles.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Face {
    names: [String; 2],
    bold: bool,
    italic: bool,
}

impl Faces {
    /// The fonts of a font map that texts may ask for: the families that any style names, the
    /// default, and those for characters of scripts that these lack. The last is the built-in one.
    pub fn choose(texts: SvgTexts, map: &FontMap) -> Self {
        let mut faces = Self { default: map.default.clone(), ..Self::default() };
        if texts.characters.is_empty() {
            return faces;
        }
        let is_default = |font: &catalog::Font| {
            [&font.name, &font.ps_name].iter().any(|name| name.eq_ignore_ascii_case(&map.default))
        };
        let wanted = |font: &&catalog::Font| {
            is_default(font) || texts.names(&font.name) || texts.names(&font.ps_name)
        };
        let wanted: Vec<&catalog::Font> = map.fonts.iter().filter(wanted).collect();
        for font in &wanted {
            let is_used = (!font.bold || texts.bold) && (!font.italic || texts.italic);
            // A family may have bold or italic fonts only.
            let family = |other: &&&catalog::Font| other.name.eq_ignore_ascii_case(&font.name);
            let plain = wanted.iter().filter(family).any(|other| !other.bold && !other.italic);
            if is_used || !plain {
                faces.add(stored(font), [&font.name, &font.ps_name], font.bold, font.italic);
            }
        }
        let covers = |font: &catalog::Font, script: Script| {
            font.scripts.iter().any(|of| of == script.short_name())
        };
        let mut scripts: Vec<Script> = Vec::new();
        for script in texts.characters.iter().map(|character| character.script()) {
            let is_covered = wanted.iter().any(|font| covers(font, script))
                || script == Script::Latin && !map.fonts.iter().any(is_default);
            let any = matches!(script, Script::Common | Script::Inherited | Script::Unknown);
            if !any && !is_covered && !scripts.contains(&script) {
                scripts.push(script);
            }
        }
        for script in scripts {
            let fits = |font: &&catalog::Font| !font.bold && !font.italic && covers(font, script);
            if let Some(font) = map.fonts.iter().find(fits) {
                faces.add(stored(font), [&font.name, &font.ps_name], false, false);
            }
        }
        let built_in = |font| FontSource::BuiltIn(font);
        if texts.bold {
            faces.add(built_in(BuiltIn::Bold), [FAMILY, ""], true, false);
        }
        faces.add(built_in(BuiltIn::Regular), [FAMILY, ""], false, false);
        faces.fallbacks = (0..faces.handles.len() as u16).collect();
        faces.characters = texts.characters;
        faces
    }

    fn add(&mut self, source: FontSource, names: [&str; 2], bold: bool, italic: bool) {
        let handle = FontHandle::new(source);
        let names = names.map(str::to_owned);
        // One file may have several names in a font map.
        self.handles.push(handle);
        self.faces.push(Face { names, bold, italic });
    }

    /// The opened fonts. Fails for one that was not read, and for one with a damaged glyph.
    pub fn fonts(&self) -> Result<SvgFonts> {
        let faces = self.handles.iter().zip(&self.faces).map(|(handle, face)| {
            let font = handle.font()?;
            let id = match &handle.source {
                FontSource::BuiltIn(font) => format!("{font:?}"),
                FontSource::Stored { key, version } => {
                    format!("{key}@{}", version.as_ref().map_or("", |version| &version.0))
                }
            };
            if !font.is_sound() {
                let message = format!("{id}: a font with damaged glyphs, which no SVG can have");
                return Err(Error::new(ErrorKind::BadSource, message));
            }
            let Face { names, bold, italic } = face.clone();
            let (characters, points) = characters(&font, &self.characters)?;
            Ok(SvgFace { names, bold, italic, id, bytes: font.shared(), characters, points })
        });
        Ok(SvgFonts {
            faces: faces.collect::<Result<_>>()?,
            defaults: vec![self.default.clone(), FAMILY.to_owned()],
            fallbacks: self.fallbacks.iter().map(|face| usize::from(*face)).collect(),
        })
    }
}

/// Those of some characters that a font has, and the most points that one of them has.
fn characters(font: &Font, wanted: &[char]) -> Result<(Vec<char>, u64)> {
    let glyphs = super::Characters::of(font)?;
    let (mut found, mut most) = (Vec::new(), 0);
    for &character in wanted {
        if let Some(glyph) = glyphs.glyph(character) {
            // A piece of an outline has two points on average.
            most = most.max(2 * font.outline(glyph).pieces.len() as u64);
            found.push(character);
        }
    }
    Ok((found, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(fonts: &[(&str, bool, &str)]) -> FontMap {
        let font = |&(name, bold, script): &(&str, bool, &str)| catalog::Font {
            name: name.to_owned(),
            ps_name: format!("{}-PS", name.replace(' ', "")),
            bold,
            path: format!("fonts/{name}{bold}.ttf"),
            scripts: vec![script.to_owned()],
            ..catalog::Font::default()
        };
        FontMap { fonts: fonts.iter().map(font).collect(), default: String::new() }
    }

    fn keys(styles: &str, bold: bool, text: &str, map: &FontMap) -> Vec<String> {
        let texts = SvgTexts {
            styles: styles.to_owned(),
            bold,
            italic: false,
            characters: text.chars().collect(),
        };
        let faces = Faces::choose(texts, map);
        faces.handles.iter().map(|font| font.key().unwrap_or("built-in").to_owned()).collect()
    }

    #[test]
    fn fonts_are_those_that_a_style_names() {
        let mut map = map(&[
            ("Lato", false, "Latn"),
            ("Lato", true, "Latn"),
            ("Heavy", true, "Latn"),
            ("Noto", false, "Hebr"),
        ]);
        assert_eq!(keys("", false, "", &map), [""; 0], "no text");
        assert_eq!(keys("", false, "a", &map), ["built-in"]);
        assert_eq!(keys("lato", false, "a", &map), ["fonts/Latofalse.ttf", "built-in"]);
        let both = ["fonts/Latofalse.ttf", "fonts/Latotrue.ttf", "built-in", "built-in"];
        assert_eq!(keys("lato", true, "a", &map), both);
        assert_eq!(keys("heavy-ps", false, "a", &map), ["fonts/Heavytrue.ttf", "built-in"]);
        assert_eq!(keys("", false, "\u{5d0}", &map), ["fonts/Notofalse.ttf", "built-in"]);
        map.default = "heavy".to_owned();
        assert_eq!(keys("arial", false, "a", &map), ["fonts/Heavytrue.ttf", "built-in"]);
    }

    #[test]
    fn a_font_knows_which_characters_it_has() {
        let texts = SvgTexts { characters: vec!['A', '\u{5d0}'], ..SvgTexts::default() };
        let fonts = Faces::choose(texts, &FontMap::default()).fonts().unwrap();
        assert_eq!(fonts.faces[0].characters, ['A']);
        assert!(fonts.faces[0].points > 10, "{}", fonts.faces[0].points);
    }
}
