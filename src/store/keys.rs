//! The keys of the bucket's objects. Only this module builds and parses them.

/// The kind of an object in the bucket. It determines the folder and the suffix of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The pyramid of an image: `assets/<rootId>/<id>.tif`
    Asset,
    /// The record of an image or of static content: `records/<rootId>/<id>.json`
    Record,
    /// A compiled catalog: `catalogs/<rootId>.json`
    Catalog,
    /// An SVG in place of a pyramid: `svg/<rootId>/<id>.svg`
    Svg,
    /// A file of static content: `content/<rootId>/<id>`
    Content,
    /// A stored original: `originals/<rootId>/<id>.<extension>`
    Original,
    /// An ICC profile: `icc/<name>.icc`
    Profile,
    /// A font: `fonts/<file>`
    Font,
    /// The list of what the last publish of a folder stored: `publications/<name>.json`
    Publication,
}

impl Kind {
    /// The folder of the kind's keys, with a trailing slash.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Asset => "assets/",
            Self::Record => "records/",
            Self::Catalog => "catalogs/",
            Self::Svg => "svg/",
            Self::Content => "content/",
            Self::Original => "originals/",
            Self::Profile => "icc/",
            Self::Font => "fonts/",
            Self::Publication => "publications/",
        }
    }

    const fn ending(self) -> &'static str {
        match self {
            Self::Asset => ".tif",
            Self::Record | Self::Catalog | Self::Publication => ".json",
            Self::Svg => ".svg",
            Self::Profile => ".icc",
            Self::Content | Self::Original | Self::Font => "",
        }
    }

    /// The key of `name`, which is `rootId/id` or, for other kinds, the placeholder in the kind's
    /// key.
    pub fn key(self, name: &str) -> String {
        [self.folder(), name, self.ending()].concat()
    }

    /// The key of an id in a catalog.
    pub fn key_of(self, root: &str, id: &str) -> String {
        [self.folder(), root, "/", id, self.ending()].concat()
    }

    /// The name in a key of this kind; `None` for any other key.
    pub fn name(self, key: &str) -> Option<&str> {
        key.strip_prefix(self.folder())?.strip_suffix(self.ending())
    }

    /// Whether a key is in the folder of this kind.
    pub fn holds(self, key: &str) -> bool {
        key.starts_with(self.folder())
    }
}

/// The key of the index that `ingest --as-is` stores beside a third-party pyramid if it is too long
/// for the record.
pub fn index_of(pyramid: &str) -> String {
    format!("{pyramid}.index")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_what_it_was_made_of() {
        for (kind, name, key) in [
            (Kind::Asset, "Shop/a/b", "assets/Shop/a/b.tif"),
            (Kind::Record, "Shop/a.tif", "records/Shop/a.tif.json"),
            (Kind::Catalog, "Shop", "catalogs/Shop.json"),
            (Kind::Svg, "Shop/logo", "svg/Shop/logo.svg"),
            (Kind::Content, "Shop/a.css", "content/Shop/a.css"),
            (Kind::Original, "Shop/a.psd", "originals/Shop/a.psd"),
            (Kind::Profile, "sRGB", "icc/sRGB.icc"),
            (Kind::Font, "Lato-Bold.ttf", "fonts/Lato-Bold.ttf"),
            (Kind::Publication, "shop", "publications/shop.json"),
        ] {
            assert_eq!(kind.key(name), key);
            assert_eq!(kind.name(key), Some(name));
            assert!(kind.holds(key));
            if let Some((root, id)) = name.split_once('/') {
                assert_eq!(kind.key_of(root, id), key);
            }
        }
        assert_eq!(Kind::Asset.name("assets/Shop/a.png"), None);
        assert_eq!(Kind::Asset.name("https://img.example.com/a.tif"), None);
        assert!(!Kind::Record.holds("records"));
    }
}
