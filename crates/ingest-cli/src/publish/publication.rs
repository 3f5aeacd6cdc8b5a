//! The list of what the last publish of a folder stored, `publications/<name>.json`. With it the
//! next publish finds what the folder no longer contains.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter,
    path::Path,
};

use anyhow::{Context, Result, bail};
use azulejo::{
    catalog::{Compiled, Record},
    store::keys::Kind,
};
use serde::{Deserialize, Serialize};

use super::{
    fields::Fields,
    folder::Folder,
    records::{Rows, apply_to},
};
use crate::{
    args::root_id,
    store::{Bucket, Change},
};

/// Everything that a publish has stored.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Publication {
    /// The rootIds of its catalogs.
    pub catalogs: BTreeSet<String>,
    /// The keys of its fonts and profiles.
    pub objects: BTreeSet<String>,
    /// The fields that rows set, by the keys of their records.
    pub records: BTreeMap<String, Fields>,
    /// What earlier publishes stored and an unfinished publish replaces. The store may still
    /// contain it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<Self>,
}

/// The name of a publication: that of `--name`, or else the folder's name.
pub fn name(folder: &Path, named: Option<&str>) -> Result<String> {
    if let Some(name) = named {
        return Ok(name.to_owned());
    }
    let folder = folder.canonicalize().with_context(|| folder.display().to_string())?;
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    match root_id(name) {
        Ok(name) => Ok(name),
        Err(wanted) => {
            bail!("{}: as the name of a publication, {wanted}: use --name", folder.display())
        }
    }
}

impl Publication {
    /// The key of a publication.
    pub fn key(name: &str) -> String {
        Kind::Publication.key(name)
    }

    /// The publication of a compiled folder.
    pub fn new(folder: &Folder, rows: &BTreeMap<String, Rows>) -> Result<Self> {
        let fields = |(key, rows): (&String, &Rows)| -> Result<_> {
            let mut record = Record::default();
            apply_to(rows, &mut record).with_context(|| key.clone())?;
            Ok((key.clone(), serde_json::from_slice(&record.to_json()?)?))
        };
        Ok(Self {
            catalogs: folder.catalogs.keys().cloned().collect(),
            objects: folder.objects.keys().cloned().collect(),
            records: rows.iter().map(fields).collect::<Result<_>>()?,
            replaces: Vec::new(),
        })
    }

    /// Copies the fields of these records from an earlier publication, unless they are set.
    pub fn retain_records(&mut self, before: &Self, records: &BTreeSet<String>) {
        for layer in before.layers() {
            let retained = layer.records.iter().filter(|(key, _)| records.contains(*key));
            for (key, fields) in retained {
                self.records.entry(key.clone()).or_insert_with(|| fields.clone());
            }
        }
    }

    /// Parses the stored publication of a key; empty if there is none.
    pub fn parse(key: &str, stored: Option<&[u8]>) -> Result<Self> {
        let Some(bytes) = stored else { return Ok(Self::default()) };
        serde_json::from_slice(bytes).with_context(|| format!("{key}: repair or delete it"))
    }

    /// Reads the publication of a key; empty if there is none.
    pub async fn read(bucket: &Bucket, key: &str) -> Result<Self> {
        Self::parse(key, bucket.get(key).await?.as_deref())
    }

    /// Reads all publications of a store except the one at `key`.
    pub async fn others(bucket: &Bucket, key: &str) -> Result<Vec<Self>> {
        let mut others = Vec::new();
        for other in
            bucket.list(Kind::Publication.folder()).await?.iter().filter(|other| *other != key)
        {
            others.push(Self::read(bucket, other).await?);
        }
        Ok(others)
    }

    /// The change that stores it.
    pub fn change(&self) -> Result<Change> {
        Ok(Change::Put(serde_json::to_vec(self)?))
    }

    /// Whether both contain the same, apart from replaced layers.
    pub fn has_same_content(&self, other: &Self) -> bool {
        (&self.catalogs, &self.objects, &self.records)
            == (&other.catalogs, &other.objects, &other.records)
    }

    /// The publication itself, and the ones that it replaces.
    pub fn layers(&self) -> impl Iterator<Item = &Self> {
        iter::once(self).chain(&self.replaces)
    }

    /// Whether it contains a key.
    pub fn holds(&self, key: &str) -> bool {
        self.layers().any(|layer| {
            layer.records.contains_key(key)
                || layer.objects.contains(key)
                || layer.catalogs.iter().any(|root| Compiled::key(root) == key)
        })
    }

    /// The publication `now`, with this one as a replaced layer.
    pub fn with_replaced(&self, now: &Self) -> Self {
        let mut replaces: Vec<Self> = Vec::new();
        for layer in self.layers() {
            let layer = Self { replaces: Vec::new(), ..layer.clone() };
            let is_old = layer != *now && layer != Self::default();
            if is_old && !replaces.contains(&layer) {
                replaces.push(layer);
            }
        }
        Self { replaces, ..now.clone() }
    }
}
