//! A font file: the shaper's data, metrics, characters and outlines.

use std::{borrow::Cow, cell::RefCell, collections::BTreeMap, fmt, rc::Rc};

use harfrust::ShaperData;
use skrifa::{
    GlyphId, MetadataProvider,
    charmap::Charmap,
    instance::{LocationRef, Size},
    outline::DrawSettings,
    raw::{FileRef, FontRef, TableProvider, tables::glyf::Glyph},
};

use super::{metrics::Metrics, outline::Outline};
use crate::error::{Error, ErrorKind, Result};

/// An opened font. It holds the bytes of its file, and caches the outlines that were drawn.
pub struct Font {
    bytes: Cow<'static, [u8]>,
    shaping: ShaperData,
    /// Its metrics.
    pub metrics: Metrics,
    outlines: RefCell<Outlines>,
}

/// The outlines of a font that have been read, by glyph, and their memory in bytes.
#[derive(Default)]
struct Outlines {
    of: BTreeMap<u32, Rc<Outline>>,
    memory: usize,
}

/// Bytes of outlines that a font caches.
const OUTLINE_BYTES: usize = 512 << 10;

impl Font {
    /// Opens a TrueType or OpenType font; of a collection the first one. Fails if its tables make
    /// no sense.
    pub fn open(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self> {
        let bytes = bytes.into();
        let font = first(&bytes).ok_or_else(|| wrong("no TrueType or OpenType font"))?;
        let metrics = Metrics::read(&font).ok_or_else(|| wrong("a font without usable metrics"))?;
        let outlines = font.outline_glyphs().format();
        outlines.ok_or_else(|| wrong("a font without outlines"))?;
        let shaping = ShaperData::new(&font);
        Ok(Self { bytes, shaping, metrics, outlines: RefCell::default() })
    }

    /// The tables of the font.
    pub fn tables(&self) -> Result<FontRef<'_>> {
        first(&self.bytes).ok_or_else(|| Error::bug("an opened font has no tables"))
    }

    /// What the shaper has prepared.
    pub fn shaping(&self) -> &ShaperData {
        &self.shaping
    }

    /// Bytes of the file.
    pub fn file_len(&self) -> usize {
        self.bytes.len()
    }

    /// The glyph of a hyphen, and its advance.
    pub fn hyphen(&self) -> (u32, f64) {
        let Some(font) = first(&self.bytes) else { return (0, 0.0) };
        let characters = font.charmap();
        let glyph = ['\u{2010}', '-'].into_iter().find_map(|hyphen| characters.map(hyphen));
        let glyph = glyph.unwrap_or_default();
        let advances = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        (glyph.to_u32(), advances.advance_width(glyph).unwrap_or(0.0).into())
    }

    /// The outline of a glyph; empty for one that the font lacks, or whose data is damaged.
    pub fn outline(&self, glyph: u32) -> Rc<Outline> {
        if let Some(outline) = self.outlines.borrow().of.get(&glyph) {
            return Rc::clone(outline);
        }
        let outline = Rc::new(self.read_outline(glyph).unwrap_or_default());
        let mut outlines = self.outlines.borrow_mut();
        outlines.memory += outline.memory();
        if outlines.memory > OUTLINE_BYTES {
            *outlines = Outlines { of: BTreeMap::new(), memory: outline.memory() };
        }
        outlines.of.insert(glyph, Rc::clone(&outline));
        outline
    }

    fn read_outline(&self, glyph: u32) -> Option<Outline> {
        let font = first(&self.bytes)?;
        if !has_points(&font, GlyphId::new(glyph), &mut { COMPONENTS }) {
            return None;
        }
        let glyphs = font.outline_glyphs();
        let mut outline = Outline::default();
        let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
        glyphs.get(GlyphId::new(glyph))?.draw(settings, &mut outline).ok()?;
        Some(outline.finish())
    }
}

/// The glyphs of characters.
pub struct Characters<'a>(Charmap<'a>);

impl<'a> Characters<'a> {
    /// Those of a font.
    pub fn of(font: &'a Font) -> Result<Self> {
        Ok(Self(font.tables()?.charmap()))
    }

    /// Whether the font has a glyph for a character.
    pub fn has(&self, character: char) -> bool {
        self.0.map(character).is_some_and(|glyph| glyph.to_u32() != 0)
    }
}

impl fmt::Debug for Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Font({} bytes)", self.bytes.len())
    }
}

/// The most components of a glyph, with those of its components.
const COMPONENTS: u32 = 256;

/// Whether a glyph of TrueType, and each of its components, has points if it has data at all.
/// `skrifa` 0.44 takes this for granted. Glyphs of CFF are not looked at.
fn has_points(font: &FontRef, glyph: GlyphId, left: &mut u32) -> bool {
    let (Ok(loca), Ok(glyf)) = (font.loca(None), font.glyf()) else { return true };
    let Some(rest) = left.checked_sub(1) else { return false };
    *left = rest;
    match loca.get_glyf(glyph, &glyf) {
        Ok(None) => true,
        Ok(Some(Glyph::Simple(simple))) => simple.num_points() > 0,
        Ok(Some(Glyph::Composite(composite))) => {
            composite.components().all(|part| has_points(font, part.glyph.into(), left))
        }
        Err(_) => false,
    }
}

/// The font of a file, or the first one of a collection.
fn first(bytes: &[u8]) -> Option<FontRef<'_>> {
    match FileRef::new(bytes).ok()? {
        FileRef::Font(font) => Some(font),
        FileRef::Collection(fonts) => fonts.get(0).ok(),
    }
}

fn wrong(what: &str) -> Error {
    Error::new(ErrorKind::BadSource, what)
}

#[cfg(test)]
mod tests {
    use skrifa::raw::types::Tag;

    use super::*;

    const REGULAR: &[u8] = include_bytes!("dejavu/DejaVuSans.ttf");

    /// The number of a character's glyph, and where its data begins in the file.
    fn place(character: char) -> (u32, usize) {
        let font = FontRef::new(REGULAR).unwrap();
        let glyph = font.charmap().map(character).unwrap();
        let glyf = font.table_directory.table_records().iter();
        let glyf = glyf.clone().find(|record| record.tag() == Tag::new(b"glyf")).unwrap();
        let offset = font.loca(None).unwrap().get_raw(glyph.to_u32() as usize).unwrap();
        (glyph.to_u32(), glyf.offset() as usize + offset as usize)
    }

    #[test]
    fn a_glyph_with_data_and_no_points_is_empty_and_so_are_those_made_of_it() {
        let [(a, at), (accented, _), (b, _)] = ['A', '\u{c4}', 'B'].map(place);
        let whole = Font::open(REGULAR).unwrap();
        let mut damaged = REGULAR.to_vec();
        damaged[at..at + 2].copy_from_slice(&[0, 0]);
        let font = Font::open(damaged).unwrap();
        for glyph in [a, accented] {
            assert!(!whole.outline(glyph).pieces.is_empty());
            assert_eq!(*font.outline(glyph), Outline::default());
        }
        assert_eq!(font.outline(b), whole.outline(b));
    }

    #[test]
    fn a_glyph_that_is_a_component_of_itself_is_empty() {
        let (accented, at) = place('\u{c4}');
        let mut damaged = REGULAR.to_vec();
        // After the number of contours, the bounds and the flags comes the first component.
        assert_eq!(damaged[at..at + 2], [0xff, 0xff], "a composite glyph");
        damaged[at + 12..at + 14].copy_from_slice(&(accented as u16).to_be_bytes());
        let font = Font::open(damaged).unwrap();
        assert_eq!(*font.outline(accented), Outline::default());
    }
}
