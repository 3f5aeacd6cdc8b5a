//! What a catalog folder holds, compiled.

use std::collections::{BTreeMap, BTreeSet};

use azulejo::catalog::{Compiled, Record};

use super::{
    problem::Problems,
    records::{Row, Rows},
};

/// All that a folder holds, ready to be stored.
#[derive(Debug, Default)]
pub struct Folder {
    /// Catalogs by rootId, `default` among them.
    pub catalogs: BTreeMap<String, Compiled>,
    /// Rows of data files: rootId, and what it says of an object.
    pub rows: Vec<(String, Row)>,
    /// Keys of the records that a bad row is about: they stay as they are.
    pub left_out: BTreeSet<String>,
    /// Fonts and profiles: keys of the bucket, and the file that goes there.
    pub objects: BTreeMap<String, String>,
    /// By rootId: what bad lines are about. It stays as it is stored.
    pub stale: BTreeMap<String, Stale>,
    /// Keys of fonts and profiles that stay for that reason.
    pub kept: BTreeSet<String>,
    /// Objects that attributes and macros name.
    pub named: Vec<Named>,
    /// What is wrong.
    pub problems: Problems,
}

impl Folder {
    /// The rows that count, by the keys of their records: each record is written once, and the last
    /// instance of an id prevails.
    pub fn by_record(&self) -> BTreeMap<String, Rows<'_>> {
        let mut rows: BTreeMap<String, Rows> = BTreeMap::new();
        for (root, row) in &self.rows {
            rows.entry(Record::key(root, &row.id)).or_default().insert(row.table, row);
        }
        rows.retain(|key, _| !self.left_out.contains(key));
        rows
    }
}

/// Names of what bad lines of a catalog's files are about.
#[derive(Debug, Default)]
pub struct Stale {
    /// Macros, in lower case.
    pub macros: BTreeSet<String>,
    /// Fonts.
    pub fonts: BTreeSet<String>,
    /// Colour profiles.
    pub icc: BTreeSet<String>,
}

impl Stale {
    /// How many names.
    pub fn count(&self) -> usize {
        self.macros.len() + self.fonts.len() + self.icc.len()
    }
}

/// An object that is named somewhere.
#[derive(Debug, Clone)]
pub struct Named {
    /// The catalog that names it.
    pub root: String,
    /// The file of the folder, and its line.
    pub file: String,
    /// See `file`.
    pub line: usize,
    /// The attribute, field or command.
    pub field: String,
    /// The object, as it is named.
    pub name: String,
}
