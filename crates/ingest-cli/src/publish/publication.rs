//! What the last publish of a folder stored, `publications/<name>.json`: by it the next one knows
//! what the folder says no more.

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
    records::{Rows, lay_over},
};
use crate::{
    args::root_id,
    store::{Bucket, Change},
};

/// Everything that a folder says, by key.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Publication {
    /// The rootIds of its catalogs.
    pub catalogs: BTreeSet<String>,
    /// The keys of its fonts and profiles.
    pub objects: BTreeSet<String>,
    /// By the keys of records: the fields that its rows set, and their values.
    pub records: BTreeMap<String, Fields>,
    /// What stood there when a publish began that has not ended: it may stand there still.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<Self>,
}

/// What a publication is called: as `--name` says, else as the folder.
pub fn name(folder: &Path, named: Option<&str>) -> Result<String> {
    if let Some(name) = named {
        return Ok(name.to_owned());
    }
    let folder = folder.canonicalize().with_context(|| folder.display().to_string())?;
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    match root_id(name) {
        Ok(name) => Ok(name),
        Err(wanted) => {
            bail!("{}: as the name of a publication, {wanted}: say --name", folder.display())
        }
    }
}

impl Publication {
    /// The key of a publication.
    pub fn key(name: &str) -> String {
        Kind::Publication.key(name)
    }

    /// What a compiled folder says.
    pub fn of(folder: &Folder, rows: &BTreeMap<String, Rows>) -> Result<Self> {
        let said = |(key, rows): (&String, &Rows)| -> Result<_> {
            let mut record = Record::default();
            lay_over(rows, &mut record).with_context(|| key.clone())?;
            Ok((key.clone(), serde_json::from_slice(&record.to_json()?)?))
        };
        Ok(Self {
            catalogs: folder.catalogs.keys().cloned().collect(),
            objects: folder.objects.keys().cloned().collect(),
            records: rows.iter().map(said).collect::<Result<_>>()?,
            replaces: Vec::new(),
        })
    }

    /// Takes over what was said of these records before.
    pub fn stays(&mut self, before: &Self, records: &BTreeSet<String>) {
        for layer in before.layers() {
            let stay = layer.records.iter().filter(|(key, _)| records.contains(*key));
            for (key, fields) in stay {
                self.records.entry(key.clone()).or_insert_with(|| fields.clone());
            }
        }
    }

    /// The publication that is stored under a key; an empty one where there is none.
    pub fn parse(key: &str, stored: Option<&[u8]>) -> Result<Self> {
        let Some(bytes) = stored else { return Ok(Self::default()) };
        serde_json::from_slice(bytes).with_context(|| format!("{key}: repair or delete it"))
    }

    /// The same, read.
    pub async fn read(bucket: &Bucket, key: &str) -> Result<Self> {
        Self::parse(key, bucket.get(key).await?.as_deref())
    }

    /// Every publication of a store but that under `key`.
    pub async fn others(bucket: &Bucket, key: &str) -> Result<Vec<Self>> {
        let mut others = Vec::new();
        for other in
            bucket.list(Kind::Publication.folder()).await?.iter().filter(|other| *other != key)
        {
            others.push(Self::read(bucket, other).await?);
        }
        Ok(others)
    }

    /// What it takes to store it.
    pub fn change(&self) -> Result<Change> {
        Ok(Change::Put(serde_json::to_vec(self)?))
    }

    /// Whether it says the same, whatever else may stand there still.
    pub fn says_the_same(&self, other: &Self) -> bool {
        (&self.catalogs, &self.objects, &self.records)
            == (&other.catalogs, &other.objects, &other.records)
    }

    /// What is said now, and what may stand there still.
    pub fn layers(&self) -> impl Iterator<Item = &Self> {
        iter::once(self).chain(&self.replaces)
    }

    /// Whether a key is in it.
    pub fn holds(&self, key: &str) -> bool {
        self.layers().any(|layer| {
            layer.records.contains_key(key)
                || layer.objects.contains(key)
                || layer.catalogs.iter().any(|root| Compiled::key(root) == key)
        })
    }

    /// What is true while `now` replaces this.
    pub fn replaced_by(&self, now: &Self) -> Self {
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
