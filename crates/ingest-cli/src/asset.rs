//! An asset, and the keys of all that is stored of it.

use azulejo::catalog::Record;
use serde::{Deserialize, Serialize};

/// What a URL calls `<rootId>/<id>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Asset {
    /// The catalog it belongs to.
    pub root: String,
    /// Its name there; it may hold slashes.
    pub id: String,
}

impl Asset {
    /// The asset whose pyramid is at `key`.
    pub fn of_pyramid(key: &str) -> Option<Self> {
        let (root, id) = key.strip_prefix("assets/")?.strip_suffix(".tif")?.split_once('/')?;
        Some(Self { root: root.to_owned(), id: id.to_owned() })
    }

    /// `assets/<rootId>/<id>.tif`
    pub fn pyramid(&self) -> String {
        format!("assets/{}/{}.tif", self.root, self.id)
    }

    /// `records/<rootId>/<id>.json`
    pub fn record(&self) -> String {
        Record::key(&self.root, &self.id)
    }

    /// `originals/<rootId>/<id>.<extension>`
    pub fn original(&self, extension: &str) -> String {
        format!("originals/{}/{}.{extension}", self.root, self.id)
    }
}
