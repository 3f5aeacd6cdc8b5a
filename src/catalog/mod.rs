//! Stored metadata of images: catalogs (attributes, macros, fonts, rules) and records.
//!
//! `azulejo publish` compiles catalog files into `catalogs/<rootId>.json` and `records/…`. A
//! catalog holds the defaults of its requests, a record the metadata of one object.

mod address;
mod area;
mod attributes;
mod compiled;
mod content;
mod fields;
pub mod files;
mod image_set;
mod locale;
pub mod lock;
mod record;
mod rules;
mod set_kind;
mod cache;
mod shown;
pub mod signature;
mod strings;

use std::sync::LazyLock;

pub use address::AddressFilter;
pub use area::{Area, Attribute as AreaAttribute};
pub use attributes::{
    Attribute, Attributes, ColorAttributes, Empty, Thumbnail, ThumbnailType, find as attribute,
    is_image_allowed, is_static_allowed, rows as attributes,
};
pub use cache::{Stored, load};
pub use compiled::{Catalog, Compiled, FORMAT, Font};
pub use content::{StaticContent, StoredContent};
pub use fields::Fields;
pub use image_set::{ImageSet, Item, Member};
pub use locale::LocaleMap;
pub use record::{Crop, Origin, Part, Record, SWATCH, Swatch};
pub use rules::{ATTRIBUTES as RULE_ATTRIBUTES, Applied, OnMatch, Rule, RuleHeader, RuleSet};
pub use set_kind::SetKind;
pub use strings::Strings;

use crate::error::Result;

/// The rootId of the default catalog in the bucket. No other catalog can have it.
pub const DEFAULT: &str = "default";

/// The catalog in `presets/`. It applies while the bucket has no `catalogs/default.json`.
///
/// It is compiled into the engine and a test parses it, so a fault in it never reaches a request.
static BUILTIN: LazyLock<(Compiled, Catalog)> = LazyLock::new(|| {
    let compiled = Compiled::of_files(ATTRIBUTES, MACROS).unwrap_or_default();
    let catalog = Catalog::of(&compiled, None).unwrap_or_default();
    (compiled, catalog)
});

impl Compiled {
    /// Compiles an attribute file and a macro file. Fonts, profiles and rules stay empty.
    pub fn of_files(attributes: &str, macros: &str) -> Result<Self> {
        let attributes = files::attributes(attributes)?;
        let macros = files::macros(macros);
        Ok(Self {
            format: FORMAT,
            attributes: attributes
                .into_iter()
                .map(|(_, name, value)| (spelled(name), value))
                .collect(),
            macros: macros.into_iter().map(|(_, name, value)| (name, value)).collect(),
            ..Self::default()
        })
    }
}

/// An attribute's name as the reference spells it. An unknown name is returned unchanged.
pub fn spelled(name: String) -> String {
    attribute(&name).map_or(name, |row| row.name.to_owned())
}

impl Catalog {
    /// Parses an attribute file and a macro file into a catalog without a default catalog below it.
    pub fn parse(attributes: &str, macros: &str) -> Result<Self> {
        Self::of(&Compiled::of_files(attributes, macros)?, None)
    }

    /// The catalog in `presets/`, parsed once.
    pub fn builtin() -> &'static Self {
        &BUILTIN.1
    }
}

const ATTRIBUTES: &str = include_str!("../../presets/default.ini");
const MACROS: &str = include_str!("../../presets/default_macros.txt");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_catalog_is_sound() {
        let catalog = Catalog::parse(ATTRIBUTES, MACROS).unwrap();
        let mut expected = Attributes::default();
        expected.set("MacroFile", "default_macros.txt").unwrap();
        assert_eq!(catalog.attributes, expected, "the ini says what the code assumes");
        assert!(catalog.macros.names().any(|name| name == "product"));
    }

    #[test]
    fn names_ignore_case_and_the_last_one_counts() {
        let text = "# comment\r\nmaxpix=10,20\r\n\r\nMaxPix = 30 , 40\nUnknown=x";
        let catalog = Catalog::parse(text, "").unwrap();
        assert_eq!(catalog.attributes.max_pix, [30, 40]);
    }

    #[test]
    fn a_bad_value_names_its_attribute() {
        let error = Catalog::parse("ResMode=9", "").unwrap_err();
        assert!(error.message.starts_with("ResMode=9"), "{}", error.message);
    }
}
