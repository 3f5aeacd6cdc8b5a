//! A font file: the shaper's data, metrics, characters and outlines.

use std::{
    borrow::Cow,
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
    fmt,
    rc::Rc,
    sync::Arc,
};

use harfrust::ShaperData;
use skrifa::{
    GlyphId, MetadataProvider,
    charmap::Charmap,
    instance::{LocationRef, Size},
    outline::DrawSettings,
    raw::{FileRef, FontRef, TableProvider, tables::glyf::Glyph},
};

use super::{metrics::Metrics, outline::Outline};
use crate::{
    error::{Error, ErrorKind, Result},
    svg::FontBytes,
    text,
};

/// An opened font. It holds the bytes of its file, and caches the outlines that were drawn.
pub struct Font {
    /// The renderer of SVG shares them.
    bytes: FontBytes,
    shaping: ShaperData,
    /// Its metrics.
    pub metrics: Metrics,
    outlines: RefCell<Outlines>,
    is_sound: OnceCell<bool>,
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
        text::require()?;
        let mut bytes = bytes.into();
        if let Cow::Owned(bytes) = &mut bytes {
            hide_tables(bytes);
        }
        let font = first(&bytes).ok_or_else(|| wrong("no TrueType or OpenType font"))?;
        let metrics = Metrics::read(&font).ok_or_else(|| wrong("a font without usable metrics"))?;
        let outlines = font.outline_glyphs().format();
        outlines.ok_or_else(|| wrong("a font without outlines"))?;
        let shaping = ShaperData::new(&font);
        let bytes: FontBytes = match bytes {
            Cow::Borrowed(bytes) => Arc::new(bytes),
            Cow::Owned(bytes) => Arc::new(bytes),
        };
        let outlines = RefCell::default();
        Ok(Self { bytes, shaping, metrics, outlines, is_sound: OnceCell::new() })
    }

    /// The bytes of the file, without tables that are not read.
    pub fn shared(&self) -> FontBytes {
        Arc::clone(&self.bytes)
    }

    /// Whether each glyph can be read by a program that does not look for damage.
    pub fn is_sound(&self) -> bool {
        *self.is_sound.get_or_init(|| {
            let Some(font) = first(self.file()) else { return false };
            let count = font.maxp().map_or(0, |maxp| maxp.num_glyphs());
            (0..count).all(|glyph| has_points(&font, glyph.into(), &mut { COMPONENTS }))
        })
    }

    fn file(&self) -> &[u8] {
        (*self.bytes).as_ref()
    }

    /// The tables of the font.
    pub fn tables(&self) -> Result<FontRef<'_>> {
        first(self.file()).ok_or_else(|| Error::bug("an opened font has no tables"))
    }

    /// What the shaper has prepared.
    pub fn shaping(&self) -> &ShaperData {
        &self.shaping
    }

    /// Bytes of the file.
    pub fn file_len(&self) -> usize {
        self.file().len()
    }

    /// The glyph of a hyphen, and its advance.
    pub fn hyphen(&self) -> (u32, f64) {
        let Some(font) = first(self.file()) else { return (0, 0.0) };
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
        let font = first(self.file())?;
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

    /// The glyph of a character; `None` if the font has none.
    pub fn glyph(&self, character: char) -> Option<u32> {
        self.0.map(character).map(GlyphId::to_u32).filter(|glyph| *glyph != 0)
    }

    /// Whether the font has a glyph for a character.
    pub fn has(&self, character: char) -> bool {
        self.glyph(character).is_some()
    }
}

impl fmt::Debug for Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Font({} bytes)", self.file().len())
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

/// Tables of coloured and of bitmap glyphs, and of variations.
const HIDDEN: [&[u8; 4]; 6] = [b"COLR", b"SVG ", b"sbix", b"CBDT", b"EBDT", b"fvar"];

/// Bytes of the header of a font, and of each record of its tables (OpenType 1.9.1, Organization of
/// an OpenType Font).
const RECORDS: (usize, usize) = (12, 16);

/// Makes the tables empty that are not drawn. Otherwise the renderer of SVG would draw them.
fn hide_tables(file: &mut [u8]) {
    let number = |bytes: &[u8], at: usize| {
        bytes.get(at..at + 4).and_then(|bytes| Some(u32::from_be_bytes(bytes.try_into().ok()?)))
    };
    // The first font of a collection.
    let is_collection = file.starts_with(b"ttcf");
    let start = if is_collection { number(file, 12) } else { Some(0) };
    let Some(font) = start.and_then(|start| file.get_mut(start as usize..)) else { return };
    let Some(count) = font.get(4..6) else { return };
    let count = usize::from(count[0]) << 8 | usize::from(count[1]);
    let (header, record) = RECORDS;
    let records = font.get_mut(header..).unwrap_or_default();
    for record in records.chunks_exact_mut(record).take(count) {
        if HIDDEN.iter().any(|tag| record.starts_with(*tag)) {
            // The length of the table.
            record[12..].fill(0);
        }
    }
}

/// The font of a file, or the first one of a collection. All that reads fonts begins here.
fn first(bytes: &[u8]) -> Option<FontRef<'_>> {
    text::require().ok()?;
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
        assert!(whole.is_sound() && !font.is_sound());
        for glyph in [a, accented] {
            assert!(!whole.outline(glyph).pieces.is_empty());
            assert_eq!(*font.outline(glyph), Outline::default());
        }
        assert_eq!(font.outline(b), whole.outline(b));
    }

    #[test]
    fn tables_that_are_not_drawn_are_empty() {
        let mut file = REGULAR.to_vec();
        let records = FontRef::new(REGULAR).unwrap().table_directory.table_records().to_vec();
        let nth = records.iter().position(|record| record.tag() == Tag::new(b"GPOS")).unwrap();
        let at = RECORDS.0 + RECORDS.1 * nth;
        file[at..at + 4].copy_from_slice(b"COLR");
        hide_tables(&mut file);
        assert_eq!(file[at + 12..at + 16], [0; 4]);
        let others: usize = file.iter().zip(REGULAR).filter(|(own, other)| own != other).count();
        assert!(others <= 4 + 4, "only this record changes");
        hide_tables(&mut []);
        hide_tables(&mut b"ttcf\0\0\0\0\0\0\0\x01\xff\xff\xff\xff".to_vec());
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
