//! Whether the images are there that rows lead to: a publish must not take one down in silence.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use anyhow::{Context, Result};
use azulejo::{
    catalog::{Attributes, Compiled, DEFAULT, Record, load},
    resolve::pyramid_keys,
    store::Version,
};

use super::{
    folder::Folder,
    problem::Problems,
    records::{Row, Rows, Table, lay_over},
};
use crate::{asset::Asset, record, store::Bucket};

/// Warns of rows whose `Path` leads to no pyramid.
pub async fn missing(
    bucket: &Bucket,
    folder: &Folder,
    rows: &BTreeMap<String, Rows<'_>>,
) -> Result<Problems> {
    let mut problems = Problems::default();
    let mut stored = Pyramids { bucket, folders: HashMap::new() };
    for root in folder.rows.iter().map(|(root, _)| root).collect::<BTreeSet<_>>() {
        let now = attributes(bucket, folder, root).await?;
        let before = attributes(bucket, &Folder::default(), root).await?;
        let of_root = |(of, row): &&(String, Row)| of == root && row.table == Table::Images;
        for (_, row) in folder.rows.iter().filter(of_root) {
            let key = Record::key(root, &row.id);
            // The last row of an id counts.
            let Some(rows) = rows.get(&key) else { continue };
            if rows.get(&Table::Images).is_none_or(|last| !std::ptr::eq(*last, row)) {
                continue;
            }
            let mut record = Record::default();
            lay_over(rows, &mut record).with_context(|| key.clone())?;
            let Some(path) = record.fields.path.as_deref().filter(|path| !path.is_empty()) else {
                continue;
            };
            let keys = pyramid_keys(&now, root, path);
            if stored.any(&keys).await? {
                continue;
            }
            let asset = Asset { root: root.clone(), id: row.id.clone() };
            let works = stored.works(&asset, &before).await?;
            let taken = if works { "; the image that works today will be missing" } else { "" };
            let [key, _] = keys;
            let message = format!(
                "Id={}: Path={path}: no pyramid at {key}{taken}: ingest it, or correct the Path",
                row.id
            );
            problems.warning(&row.file, row.line, message);
        }
    }
    Ok(problems)
}

/// What holds in a catalog: as the folder has it, or else the store.
async fn attributes(bucket: &Bucket, folder: &Folder, root: &str) -> Result<Attributes> {
    let mut catalogs = Vec::new();
    for name in [DEFAULT, root] {
        let key = Compiled::key(name);
        let json = match folder.catalogs.get(name) {
            Some(compiled) => Some(compiled.to_json()?),
            None => bucket.get(&key).await?,
        };
        // Compiled catalogs are remembered by their versions.
        let version = Version(json.as_ref().map_or_else(String::new, |json| sha256(json)));
        catalogs.push(json.map(|json| (key, version, json)));
    }
    let mut stored = catalogs.iter().map(|catalog| {
        catalog.as_ref().map(|(key, version, json)| (key.as_str(), version, json.as_slice()))
    });
    let (default, named) = (stored.next().flatten(), stored.next().flatten());
    let named = named.filter(|_| root != DEFAULT);
    Ok(load(default, named)?.attributes.clone())
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The pyramids of a store, folder by folder.
struct Pyramids<'a> {
    bucket: &'a Bucket,
    folders: HashMap<String, HashSet<String>>,
}

impl Pyramids<'_> {
    /// Whether one of these is there. A folder is listed once: one request for a thousand rows.
    async fn any(&mut self, keys: &[String]) -> Result<bool> {
        for key in keys {
            let folder = key.split('/').take(2).collect::<Vec<_>>().join("/") + "/";
            if !self.folders.contains_key(&folder) {
                let list = self.bucket.list(&folder).await?;
                self.folders.insert(folder.clone(), list.into_iter().collect());
            }
            if self.folders.get(&folder).is_some_and(|list| list.contains(key)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether an image can be seen before the publish.
    async fn works(&mut self, asset: &Asset, before: &Attributes) -> Result<bool> {
        let record = record::read(self.bucket, &asset.record()).await?.unwrap_or_default();
        match record.fields.path.as_deref() {
            _ if record.svg == Some(true) => Ok(false),
            None => self.any(&[asset.pyramid()]).await,
            Some("") => Ok(false),
            Some(path) => self.any(&pyramid_keys(before, &asset.root, path)).await,
        }
    }
}
