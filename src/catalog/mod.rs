//! What is stored about images: attributes and macros of the default catalog, and records.

mod attributes;
mod macros;
mod record;

use std::sync::OnceLock;

pub use attributes::Attributes;
pub use record::{Crop, Origin, Record, Swatch};

use crate::{error::Result, protocol::Macros};

/// A catalog: the defaults a request starts from, and the macros it may call.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// Values where a request says nothing.
    pub attributes: Attributes,
    /// Presets by name.
    pub macros: Macros,
}

impl Catalog {
    /// Reads an attribute file and a macro file.
    pub fn parse(attributes: &str, macros: &str) -> Result<Self> {
        Ok(Self { attributes: Attributes::parse(attributes)?, macros: macros::parse(macros)? })
    }

    /// The catalog in `presets/`, read once.
    ///
    /// It is part of the build and a test reads it, so a fault in it never reaches a request.
    pub fn builtin() -> &'static Self {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        CATALOG.get_or_init(|| Self::parse(ATTRIBUTES, MACROS).unwrap_or_default())
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
        assert_eq!(catalog.attributes, Attributes::default(), "the ini says what the code assumes");
        assert!(catalog.macros.names().any(|name| name == "product"));
    }
}
