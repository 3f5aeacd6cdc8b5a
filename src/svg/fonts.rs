//! The fonts of the texts in a document.

use std::{fmt, sync::Arc};

/// The bytes of a font file.
pub type FontBytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// What the texts of a document ask of fonts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SvgTexts {
    /// The values and style sheets that may name a family, in lower case.
    pub styles: String,
    /// Whether anything may be bold.
    pub bold: bool,
    /// Whether anything may be italic or oblique.
    pub italic: bool,
    /// The characters of its texts, each once, in their order.
    pub characters: Vec<char>,
}

impl SvgTexts {
    /// Whether a style names a family. It may also find a name in a longer one.
    pub fn names(&self, family: &str) -> bool {
        let family = family.trim().to_lowercase();
        let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '-');
        !family.is_empty()
            && self.styles.match_indices(&family).any(|(at, found)| {
                let (before, rest) = self.styles.split_at(at);
                ends(before.chars().next_back()) && ends(rest.chars().nth(found.chars().count()))
            })
    }
}

/// A font, and the names by which a document can ask for it.
#[derive(Clone)]
pub struct SvgFace {
    /// The name of its family, and its PostScript name; empty where it has none.
    pub names: [String; 2],
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it is italic.
    pub italic: bool,
    /// The key and the version of its file.
    pub id: String,
    /// Its file.
    pub bytes: FontBytes,
    /// Those of the document's characters that it has, in their order.
    pub characters: Vec<char>,
    /// The most points that one of them has.
    pub points: u64,
}

/// The fonts that the texts of a document can be drawn in.
#[derive(Debug, Clone, Default)]
pub struct SvgFonts {
    /// All fonts.
    pub faces: Vec<SvgFace>,
    /// The families of texts whose own families are not there.
    pub defaults: Vec<String>,
    /// Indexes of the fonts for characters that a family lacks, in order.
    pub fallbacks: Vec<usize>,
}

impl SvgFonts {
    /// The font for a list of families and a style: of the first family that is there, the face that
    /// is closest. `None` without any font.
    pub fn find<'a>(
        &'a self,
        families: impl Iterator<Item = &'a str>,
        bold: bool,
        italic: bool,
    ) -> Option<usize> {
        let order = [(bold, italic), (false, italic), (bold, false), (false, false)];
        let of_family = |family: &str| {
            let named = |face: &SvgFace| {
                face.names.iter().any(|name| name.trim().eq_ignore_ascii_case(family.trim()))
            };
            let with = |(bold, italic): (bool, bool)| {
                let fits =
                    |face: &SvgFace| named(face) && face.bold == bold && face.italic == italic;
                self.faces.iter().position(fits)
            };
            order.into_iter().find_map(with).or_else(|| self.faces.iter().position(named))
        };
        let families = families.chain(self.defaults.iter().map(String::as_str));
        let mut families = families.filter(|family| !family.trim().is_empty());
        families.find_map(of_family)
    }
}

impl fmt::Debug for SvgFace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SvgFace").field("names", &self.names).field("id", &self.id).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(name: &str, bold: bool, italic: bool) -> SvgFace {
        let (names, id) = ([name.to_owned(), name.replace(' ', "")], format!("{name}@1"));
        SvgFace {
            names,
            bold,
            italic,
            id,
            bytes: Arc::new([0_u8; 0]),
            characters: Vec::new(),
            points: 1,
        }
    }

    #[test]
    fn styles_name_families_as_whole_words() {
        let styles = "font-family:'open sans', sans-serif".to_owned();
        let texts = SvgTexts { styles, ..SvgTexts::default() };
        assert!(texts.names("Open Sans"));
        assert!(texts.names(" open "));
        for name in ["Sans Serif", "serif", "Pen Sans", "Open San", ""] {
            assert!(!texts.names(name), "{name}");
        }
        assert!(!texts.names("sans-serif2"));
    }

    #[test]
    fn a_font_is_the_closest_of_the_first_family_that_is_there() {
        let faces = vec![
            face("Lato", false, false),
            face("Lato", true, false),
            face("Heavy", true, false),
            face("DejaVu Sans", false, false),
        ];
        let defaults = ["None", "Heavy"].map(str::to_owned).to_vec();
        let fonts = SvgFonts { faces, defaults, fallbacks: vec![3] };
        let find =
            |families: &[&str], bold, italic| fonts.find(families.iter().copied(), bold, italic);
        assert_eq!(find(&["Arial", "lato", "Heavy"], false, false), Some(0));
        assert_eq!(find(&["Lato"], true, true), Some(1));
        assert_eq!(find(&["Heavy"], false, true), Some(2));
        assert_eq!(find(&["DejaVuSans"], true, false), Some(3));
        assert_eq!(find(&["Arial"], false, false), Some(2), "the default");
        assert_eq!(find(&[""], true, true), Some(2));
    }
}
