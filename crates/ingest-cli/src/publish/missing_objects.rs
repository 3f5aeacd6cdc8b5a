//! Warns of objects that a folder refers to and the store does not have, so that a publish does not
//! silently break images.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use anyhow::{Context, Result};
use azulejo::{
    catalog::{Attributes, Compiled, DEFAULT, Record, load},
    picture::ObjectId,
    resolve::{object::candidates, pyramid_keys},
    store::{Version, keys::Kind},
};

use super::{
    folder::{Folder, Reference},
    problem::Problems,
    records::{Row, Rows, Table, apply_to},
    references,
};
use crate::{asset::Asset, record, store::Bucket};

/// Warnings about rows whose `Path` or `MaskPath` names no stored object, and about references to
/// missing objects.
pub async fn warnings(
    bucket: &Bucket,
    folder: &Folder,
    rows: &BTreeMap<String, Rows<'_>>,
) -> Result<Problems> {
    let mut problems = Problems::default();
    let mut stored = Objects { bucket, folders: HashMap::new() };
    // Only the last row of an id is effective.
    let counts = |root: &str, row: &Row| {
        let rows = rows.get(&Record::key(root, &row.id));
        let last = rows.and_then(|rows| rows.get(&Table::Images));
        last.is_some_and(|last| std::ptr::eq(*last, row))
    };
    let references = references::all(folder, counts);
    let roots = folder.rows.iter().map(|(root, _)| root);
    for root in
        roots.chain(references.iter().map(|reference| &reference.root)).collect::<BTreeSet<_>>()
    {
        let now = attributes(bucket, folder, root).await?;
        let before = attributes(bucket, &Folder::default(), root).await?;
        let of_root = |(of, row): &&(String, Row)| of == root && counts(of, row);
        for (_, row) in folder.rows.iter().filter(of_root) {
            let key = Record::key(root, &row.id);
            let Some(rows) = rows.get(&key) else { continue };
            let mut record = Record::default();
            apply_to(rows, &mut record).with_context(|| key.clone())?;
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
                let breaks =
                    if works { "; the image that works today will be missing" } else { "" };
                let [key, _] = keys;
                let message = format!(
                    "Id={}: {field}={path}: no pyramid at {key}{breaks}: ingest it, or correct the \
                     {field}",
                    row.id
                );
                problems.warning(&row.file, row.line, message);
            }
        }
        for reference in references.iter().filter(|reference| reference.root == *root) {
            if let Some(key) = stored.missing_key(reference, rows, &now).await? {
                let Reference { file, line, field, name, .. } = reference;
                let message = format!(
                    "{field}={name}: nothing is stored at {key}: ingest it, or correct the name"
                );
                problems.warning(file, *line, message);
            }
        }
    }
    Ok(problems)
}

/// The key of the SVG with the same name as a pyramid.
fn svg_key(pyramid: &str) -> String {
    Kind::Svg.key(Kind::Asset.name(pyramid).unwrap_or(pyramid))
}

/// The effective attributes of a catalog, from the folder or else from the store.
async fn attributes(bucket: &Bucket, folder: &Folder, root: &str) -> Result<Attributes> {
    let mut catalogs = Vec::new();
    for name in [DEFAULT, root] {
        let key = Compiled::key(name);
        let json = match folder.catalogs.get(name) {
            Some(compiled) => Some(compiled.to_json()?),
            None => bucket.get(&key).await?,
        };
        // The engine caches compiled catalogs by version.
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

/// The keys of a store, listed by folder.
struct Objects<'a> {
    bucket: &'a Bucket,
    folders: HashMap<String, HashSet<String>>,
}

impl Objects<'_> {
    /// Whether one of these keys exists. Each folder is listed once, so a thousand rows need one
    /// request.
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

    /// The key at which a missing object should be. `None` if an object with the referenced name
    /// exists in the catalog, in the catalog that the name contains, or in the default catalog.
    async fn missing_key(
        &mut self,
        reference: &Reference,
        rows: &BTreeMap<String, Rows<'_>>,
        attributes: &Attributes,
    ) -> Result<Option<String>> {
        // A relative name in the default catalog is resolved in each catalog that inherits it.
        let full_name = reference.name.trim_start_matches('/');
        let root = if reference.root == DEFAULT { "" } else { &reference.root };
        if full_name.is_empty() || root.is_empty() && !full_name.contains('/') {
            return Ok(None);
        }
        let Ok(mut objects) = candidates(&reference.name, root) else { return Ok(None) };
        objects.push(ObjectId { root: DEFAULT.to_owned(), id: full_name.to_owned() });
        for ObjectId { root, id } in &objects {
            // A smart crop or a swatch belongs to the asset before the colon.
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
        // A name with a slash most likely contains the rootId.
        let object =
            objects.iter().find(|object| full_name == format!("{}/{}", object.root, object.id));
        Ok(object
            .or(objects.first())
            .map(|object| Asset { root: object.root.clone(), id: object.id.clone() }.pyramid()))
    }

    /// Whether an image is served before the publish.
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
