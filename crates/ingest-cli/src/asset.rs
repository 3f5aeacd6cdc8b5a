//! Assets and their keys.

use anyhow::{Result, bail, ensure};
use azulejo::{catalog::Record, store::keys::Kind};
use serde::{Deserialize, Serialize};

/// An asset. URLs call it `<rootId>/<id>`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Asset {
    /// The rootId of its catalog.
    pub root: String,
    /// Its id, which may contain slashes.
    pub id: String,
}

/// The most bytes between two slashes of an id. File systems allow 255, and a key adds an
/// extension.
const ELEMENT_BYTES: usize = 245;

/// The most bytes of an id with its rootId. A key may have 1024.
const ID_BYTES: usize = 1000;

impl Asset {
    /// Fails if a URL or a store cannot have this id.
    pub fn check(&self) -> Result<()> {
        let len = self.root.len() + self.id.len();
        ensure!(
            len <= ID_BYTES,
            "its id is {len} bytes long with the rootId, of at most {ID_BYTES}"
        );
        for element in self.id.split('/') {
            let len = element.len();
            ensure!(
                len <= ELEMENT_BYTES,
                "its id has {len} bytes between two slashes, of at most {ELEMENT_BYTES}: rename it"
            );
            let plain = !matches!(element, "" | "." | "..");
            ensure!(plain, "\"{element}\" cannot stand between the slashes of an id: rename it");
            if let Some(harmful) = element.chars().find(|&c| c.is_control() || "%\\".contains(c)) {
                let harmful = harmful.escape_default();
                bail!("{harmful} cannot stand in an id: rename it");
            }
        }
        Ok(())
    }

    /// `<rootId>/<id>`
    pub fn name(&self) -> String {
        format!("{}/{}", self.root, self.id)
    }

    /// The asset whose pyramid is at `key`.
    pub fn of_pyramid(key: &str) -> Option<Self> {
        let (root, id) = Kind::Asset.name(key)?.split_once('/')?;
        Some(Self { root: root.to_owned(), id: id.to_owned() })
    }

    /// `assets/<rootId>/<id>.tif`
    pub fn pyramid(&self) -> String {
        Kind::Asset.key_of(&self.root, &self.id)
    }

    /// `svg/<rootId>/<id>.svg`
    pub fn svg(&self) -> String {
        Record::svg_key(&self.root, &self.id)
    }

    /// `content/<rootId>/<id>`
    pub fn content(&self) -> String {
        Record::content_key(&self.root, &self.id)
    }

    /// `records/<rootId>/<id>.json`
    pub fn record(&self) -> String {
        Record::key(&self.root, &self.id)
    }

    /// `originals/<rootId>/<id>.<extension>`
    pub fn original(&self, extension: &str) -> String {
        Kind::Original.key(&format!("{}/{}.{extension}", self.root, self.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_urls_or_stores_cannot_have_are_refused() {
        let check = |id: &str| Asset { root: "Shop".into(), id: id.into() }.check();
        for good in
            ["a#1", "a?b", "a b", ".hidden", "ümläut", "a:b", "x/y", "a..b", &"x".repeat(245)]
        {
            assert!(check(good).is_ok(), "{good}");
        }
        for (bad, message) in [
            ("100%", "% cannot stand"),
            ("a\\b", "\\\\ cannot stand"),
            ("a\nb", "\\n cannot stand"),
            ("..", "\"..\" cannot stand"),
            ("a/./b", "\".\" cannot stand"),
            ("a//b", "\"\" cannot stand"),
            (&"x".repeat(246), "246 bytes between"),
            (&"x/".repeat(500), "1004 bytes long"),
        ] {
            let error = check(bad).unwrap_err().to_string();
            assert!(error.contains(message), "{bad}: {error}");
        }
    }
}
