//! Whether the objects are there that a folder leads to: a publish must not take one down in
//! silence.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use anyhow::{Context, Result};
use azulejo::{
    catalog::{Attributes, Compiled, DEFAULT, Record, load},
    picture::ObjectId,
    resolve::{object::candidates, pyramid_keys},
    store::{Version, keys::Kind},
};

use super::{
    folder::{Folder, Named},
    named,
    problem::Problems,
    records::{Row, Rows, Table, lay_over},
};
use crate::{asset::Asset, record, store::Bucket};

/// Warns of rows whose `Path` or `MaskPath` leads to nothing, and of names that do.
pub async fn missing(
    bucket: &Bucket,
    folder: &Folder,
    rows: &BTreeMap<String, Rows<'_>>,
) -> Result<Problems> {
    let mut problems = Problems::default();
    let mut stored = Objects { bucket, folders: HashMap::new() };
    // The last row of an id counts.
    let counts = |root: &str, row: &Row| {
        let rows = rows.get(&Record::key(root, &row.id));
        let last = rows.and_then(|rows| rows.get(&Table::Images));
        last.is_some_and(|last| std::ptr::eq(*last, row))
    };
    let names = named::all(folder, counts);
    let roots = folder.rows.iter().map(|(root, _)| root);
    for root in roots.chain(names.iter().map(|name| &name.root)).collect::<BTreeSet<_>>() {
        let now = attributes(bucket, folder, root).await?;
        let before = attributes(bucket, &Folder::default(), root).await?;
        let of_root = |(of, row): &&(String, Row)| of == root && counts(of, row);
        for (_, row) in folder.rows.iter().filter(of_root) {
            let key = Record::key(root, &row.id);
            let Some(rows) = rows.get(&key) else { continue };
            let mut record = Record::default();
            lay_over(rows, &mut record).with_context(|| key.clone())?;
            let fields = &record.fields;
            for (field, path) in [("Path", &fields.path), ("MaskPath", &fields.mask_path)] {
                let Some(path) = path.as_deref().filter(|path| !path.is_empty()) else { continue };
                let keys = pyramid_keys(&now, root, path);
                let vectors = keys.each_ref().map(|key| svg_key(key));
                if stored.any(&keys).await? || stored.any(&vectors).await? {
                    continue;
                }
                let asset = Asset { root: root.clone(), id: row.id.clone() };
                let works = field == "Path" && stored.works(&asset, &before).await?;
                let taken = if works { "; the image that works today will be missing" } else { "" };
                let [key, _] = keys;
                let message = format!(
                    "Id={}: {field}={path}: no pyramid at {key}{taken}: ingest it, or correct the \
                     {field}",
                    row.id
                );
                problems.warning(&row.file, row.line, message);
            }
        }
        for name in names.iter().filter(|name| name.root == *root) {
            if let Some(key) = stored.lacks(name, rows, &now).await? {
                let Named { file, line, field, name, .. } = name;
                let message = format!(
                    "{field}={name}: nothing is stored at {key}: ingest it, or correct the name"
                );
                problems.warning(file, *line, message);
            }
        }
    }
    Ok(problems)
}

/// The key of an SVG in place of a pyramid's.
fn svg_key(pyramid: &str) -> String {
    Kind::Svg.key(Kind::Asset.name(pyramid).unwrap_or(pyramid))
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

/// The objects of a store, folder by folder.
struct Objects<'a> {
    bucket: &'a Bucket,
    folders: HashMap<String, HashSet<String>>,
}

impl Objects<'_> {
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

    /// The first key at which a named object would be stored, if there is nothing of that name in
    /// its catalog, in the one that it names, and in the default catalog.
    async fn lacks(
        &mut self,
        named: &Named,
        rows: &BTreeMap<String, Rows<'_>>,
        attributes: &Attributes,
    ) -> Result<Option<String>> {
        // What the default catalog names without a catalog is of each that inherits it.
        let whole = named.name.trim_start_matches('/');
        let main = if named.root == DEFAULT { "" } else { &named.root };
        if whole.is_empty() || main.is_empty() && !whole.contains('/') {
            return Ok(None);
        }
        let Ok(mut places) = candidates(&named.name, main) else { return Ok(None) };
        places.push(ObjectId { root: DEFAULT.to_owned(), id: whole.to_owned() });
        for ObjectId { root, id } in &places {
            // A smart crop or a swatch is of the asset before its colon.
            let holder = id.rsplit_once(':').map(|(asset, _)| asset);
            for id in [Some(id.as_str()), holder].into_iter().flatten() {
                let asset = Asset { root: root.clone(), id: id.to_owned() };
                if rows.contains_key(&asset.record()) {
                    return Ok(None);
                }
                let own = [asset.pyramid(), asset.svg(), asset.record(), asset.content()];
                let in_root_path = pyramid_keys(attributes, root, id);
                if self.any(&own).await? || self.any(&in_root_path).await? {
                    return Ok(None);
                }
            }
        }
        // A name with a slash is mostly a whole one.
        let place = places.iter().find(|place| whole == format!("{}/{}", place.root, place.id));
        Ok(place
            .or(places.first())
            .map(|place| Asset { root: place.root.clone(), id: place.id.clone() }.pyramid()))
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
