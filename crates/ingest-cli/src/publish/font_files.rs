//! The files of fonts: unpacks those of the web, checks them, and reads which scripts they have.

use std::collections::BTreeMap;

use azulejo::{limits, text::font::Font};
use skrifa::{FontRef, MetadataProvider, raw::FileRef, string::StringId};
use unicode_script::{Script, UnicodeScript};

use super::files::Files;

/// The endings of packed fonts.
const PACKED: [&str; 2] = [".woff2", ".woff"];

/// How many characters of a script a font has at least, if it has the script.
const CHARACTERS: usize = 12;

/// What a font says of itself.
#[derive(Debug, Default, PartialEq)]
pub struct Description {
    /// Its PostScript name; empty if it has none.
    pub ps_name: String,
    /// The codes of the scripts that it has, in alphabetical order.
    pub scripts: Vec<String>,
}

/// Unpacks the fonts of the web in a folder, because the server reads plain ones. A file that
/// cannot be unpacked stays as it is.
pub fn unpack(files: &mut Files) {
    for (name, bytes) in files.iter_mut() {
        let unpacked = match PACKED.map(|ending| ends_with(name, ending)) {
            [true, _] => wuff::decompress_woff2(bytes).ok(),
            [_, true] => wuff::decompress_woff1(bytes).ok(),
            _ => None,
        };
        if let Some(unpacked) = unpacked {
            *bytes = unpacked;
        }
    }
}

/// The name under which the file of a font is stored: that of a packed one ends in `.ttf`.
pub fn stored_name(name: &str) -> String {
    let packed = PACKED.iter().find(|ending| ends_with(name, ending));
    let stem = packed.and_then(|ending| name.get(..name.len() - ending.len()));
    stem.map_or_else(|| name.to_owned(), |stem| format!("{stem}.ttf"))
}

fn ends_with(name: &str, ending: &str) -> bool {
    let from = name.len().checked_sub(ending.len());
    from.and_then(|from| name.get(from..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

/// Checks a font as the server opens it, and describes it. Fails with the reason.
pub fn describe(bytes: &[u8]) -> Result<Description, String> {
    if bytes.len() as u64 > limits::FONT_BYTES {
        let (len, most) = (bytes.len(), limits::FONT_BYTES);
        return Err(format!("{len} bytes; a font may have {most}"));
    }
    Font::open(bytes.to_vec()).map_err(|error| error.message)?;
    let font = first(bytes).ok_or("no TrueType or OpenType font")?;
    let names = font.localized_strings(StringId::POSTSCRIPT_NAME);
    let ps_name = names.english_or_first().map(|name| name.to_string()).unwrap_or_default();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (character, _) in font.charmap().mappings() {
        let script = char::from_u32(character).map_or(Script::Unknown, |it| it.script());
        if !matches!(script, Script::Common | Script::Inherited | Script::Unknown) {
            *counts.entry(script.short_name()).or_default() += 1;
        }
    }
    counts.retain(|_, count| *count >= CHARACTERS);
    let scripts = counts.keys().map(|script| (*script).to_owned()).collect();
    Ok(Description { ps_name, scripts })
}

fn first(bytes: &[u8]) -> Option<FontRef<'_>> {
    match FileRef::new(bytes).ok()? {
        FileRef::Font(font) => Some(font),
        FileRef::Collection(fonts) => fonts.get(0).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: &[u8] = include_bytes!("../../../../src/text/font/dejavu/DejaVuSans.ttf");

    #[test]
    fn a_font_is_described_by_its_name_and_its_scripts() {
        let description = describe(FONT).unwrap();
        assert_eq!(description.ps_name, "DejaVuSans");
        assert_eq!(description.scripts, ["Latn"]);
    }

    #[test]
    fn what_is_no_font_is_refused() {
        assert!(describe(b"GIF89a").is_err());
        assert!(describe(&FONT[..100]).is_err());
    }

    #[test]
    fn a_packed_font_is_stored_unpacked_under_another_name() {
        assert_eq!(stored_name("a/Lato.WOFF2"), "a/Lato.ttf");
        assert_eq!(stored_name("Lato.otf"), "Lato.otf");
        let mut files = Files::from([
            ("a.woff".to_owned(), include_bytes!("../../tests/fixtures/dejavu.woff").to_vec()),
            ("a.woff2".to_owned(), include_bytes!("../../tests/fixtures/dejavu.woff2").to_vec()),
            ("bad.woff2".to_owned(), b"wOF2".to_vec()),
        ]);
        unpack(&mut files);
        for name in ["a.woff", "a.woff2"] {
            assert_eq!(describe(&files[name]).unwrap().scripts, ["Latn"], "{name}");
        }
        assert_eq!(files["bad.woff2"], b"wOF2", "it cannot be unpacked");
    }
}
