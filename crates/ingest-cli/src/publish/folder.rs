//! A compiled catalog folder.

use std::collections::{BTreeMap, BTreeSet};

use azulejo::catalog::{Compiled, Record};

use super::{
    problem::Problems,
    records::{Row, Rows},
};

/// The content of a catalog folder, ready to be stored.
#[derive(Debug, Default)]
pub struct Folder {
    /// Catalogs by rootId, including `default`.
    pub catalogs: BTreeMap<String, Compiled>,
    /// Rows of data files, each with its rootId.
    pub rows: Vec<(String, Row)>,
    /// Keys of the records of bad rows. They stay as they are stored.
    pub skipped_records: BTreeSet<String>,
    /// Fonts and profiles: the key, and the path of the file to store there.
    pub objects: BTreeMap<String, String>,
    /// The names in bad lines, by rootId. The stored macros, fonts and profiles of these names
    /// stay.
    pub bad_names: BTreeMap<String, BadNames>,
    /// Keys of fonts and profiles that stay because their lines are bad.
    pub retained_objects: BTreeSet<String>,
    /// The objects that attributes and macros refer to.
    pub references: Vec<Reference>,
    /// The errors and warnings.
    pub problems: Problems,
}

impl Folder {
    /// The effective rows, by the keys of their records. The last row of an id wins.
    pub fn by_record(&self) -> BTreeMap<String, Rows<'_>> {
        let mut rows: BTreeMap<String, Rows> = BTreeMap::new();
        for (root, row) in &self.rows {
            rows.entry(Record::key(root, &row.id)).or_default().insert(row.table, row);
        }
        rows.retain(|key, _| !self.skipped_records.contains(key));
        rows
    }
}

/// The names in the bad lines of a catalog's files.
#[derive(Debug, Default)]
pub struct BadNames {
    /// Names of macros, in lower case.
    pub macros: BTreeSet<String>,
    /// Names of fonts.
    pub fonts: BTreeSet<String>,
    /// Names of ICC profiles.
    pub icc: BTreeSet<String>,
}

impl BadNames {
    /// The number of names.
    pub fn count(&self) -> usize {
        self.macros.len() + self.fonts.len() + self.icc.len()
    }
}

/// A reference to an object in a catalog file.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The rootId of the catalog.
    pub root: String,
    /// The file that contains the reference.
    pub file: String,
    /// The line in the file, counted from 1.
    pub line: usize,
    /// The attribute, field or command.
    pub field: String,
    /// The object's name as written.
    pub name: String,
}
