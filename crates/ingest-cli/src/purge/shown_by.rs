//! Which objects show an object: sets, templates, records that lead to its image.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use azulejo::{
    catalog::{Attributes, DEFAULT, Record},
    resolve::pyramid_keys,
    store::keys::Kind,
};
use futures_util::{StreamExt, stream};

use super::{
    catalogs::Catalogs,
    names::{self, Names},
    print,
    stored::{BATCH, Stored},
};
use crate::{asset::Asset, record, store::Bucket};

/// The attributes of a catalog that name an object.
const ATTRIBUTES: [&str; 3] = ["DefaultImage", "ErrorImage", "Watermark"];

/// What the records and catalogs of a store name.
#[derive(Default)]
pub struct ShownBy {
    /// The objects whose records name an object, by its name.
    records: BTreeMap<String, Vec<Asset>>,
    /// What of which catalogs names an object, by its name.
    catalogs: BTreeMap<String, Vec<String>>,
    /// The catalogs whose `RootPath` leads to a folder, by that folder.
    folders: BTreeMap<String, Vec<String>>,
    /// The catalogs that take what they lack from the default catalog.
    roots: Vec<String>,
}

impl ShownBy {
    /// Reads all records and catalogs.
    pub async fn read(bucket: &Bucket, catalogs: &mut Catalogs<'_>) -> Result<Self> {
        let mut shown_by = Self { roots: catalogs.roots().await?, ..Self::default() };
        for root in shown_by.roots.clone() {
            shown_by.read_catalog(&root, catalogs).await?;
        }
        let keys = bucket.list(Kind::Record.folder()).await?;
        let read = async |key: String| (record::read(bucket, &key).await, key);
        let mut records = Box::pin(stream::iter(keys).map(read).buffered(BATCH));
        while let Some((record, key)) = records.next().await {
            let name = Kind::Record.name(&key).and_then(|name| name.split_once('/'));
            let Some((root, id)) = name else { continue };
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    print::note(&format!("{error:#}"))?;
                    continue;
                }
            };
            let Some(record) = record else { continue };
            let attributes = &catalogs.catalog(root).await?.attributes;
            let asset = Asset { root: root.to_owned(), id: id.to_owned() };
            for name in named(&record, root, attributes) {
                shown_by.records.entry(name).or_default().push(asset.clone());
            }
        }
        Ok(shown_by)
    }

    async fn read_catalog(&mut self, root: &str, catalogs: &mut Catalogs<'_>) -> Result<()> {
        let catalog = catalogs.catalog(root).await?;
        if let Some(folder) = catalog.attributes.root_path.as_ref().filter(|folder| *folder != root)
        {
            self.folders.entry(folder.clone()).or_default().push(root.to_owned());
        }
        let Some(compiled) = catalogs.compiled(root).await? else { return Ok(()) };
        // A name without a rootId in the default catalog is of each catalog that inherits it.
        let within = if root == DEFAULT { "" } else { root };
        let mut add = |names: Names, what: String| {
            for name in names {
                self.catalogs.entry(name).or_default().push(format!("{what} of {root}"));
            }
        };
        for (name, value) in &compiled.attributes {
            if ATTRIBUTES.iter().any(|attribute| attribute.eq_ignore_ascii_case(name)) {
                let mut found = Names::new();
                names::object(value, within, &mut found);
                add(found, format!("the {name}"));
            }
        }
        for (name, definition) in &compiled.macros {
            let mut found = Names::new();
            names::in_commands(definition, within, &mut found);
            add(found, format!("the preset ${name}$"));
        }
        Ok(())
    }

    /// The objects that show any of these, directly or through others.
    pub fn showing(&self, wanted: &[Stored]) -> BTreeSet<Asset> {
        let mut next: Vec<Asset> = wanted.iter().map(|stored| stored.asset.clone()).collect();
        // A RootPath leads to images, and so not to objects that show others.
        let images = wanted.iter().filter(|stored| stored.image).map(|stored| &stored.asset);
        let foldered = images.flat_map(|asset| {
            self.folders.get(&asset.root).into_iter().flat_map(|roots| within(roots, asset))
        });
        let mut found: BTreeSet<Asset> = foldered.collect();
        next.extend(found.iter().cloned());
        while let Some(asset) = next.pop() {
            let recorded = self.records.get(&asset.name()).into_iter().flatten().cloned();
            let inherited = self.roots.as_slice();
            let inherited = if asset.root == DEFAULT { inherited } else { &[] };
            for shower in recorded.chain(within(inherited, &asset)) {
                if found.insert(shower.clone()) {
                    next.push(shower);
                }
            }
        }
        found
    }

    /// Which of these objects replies show whose URLs nobody knows.
    pub fn notes(&self, shown: &[Stored]) -> Vec<String> {
        let mut notes = Vec::new();
        for stored in shown {
            let name = stored.asset.name();
            for what in self.catalogs.get(&name).into_iter().flatten() {
                notes.push(format!(
                    "{name}: {what} shows it in replies of other objects, whose URLs are not \
                     printed; purge by --tags reaches them"
                ));
            }
        }
        notes
    }
}

/// The same id in other catalogs.
fn within(roots: &[String], asset: &Asset) -> Vec<Asset> {
    let roots = roots.iter().filter(|root| **root != asset.root);
    roots.map(|root| Asset { root: root.clone(), id: asset.id.clone() }).collect()
}

/// The names of all that a record shows.
fn named(record: &Record, root: &str, attributes: &Attributes) -> Names {
    let (mut names, fields) = (Names::new(), &record.fields);
    if let Some(set) = &record.image_set {
        names::in_set(set, root, &mut names);
    }
    for commands in [&fields.modifier, &fields.post_modifier].into_iter().flatten() {
        names::in_commands(commands, root, &mut names);
    }
    for path in [&fields.path, &fields.mask_path].into_iter().flatten() {
        let keys = pyramid_keys(attributes, root, path);
        names.extend(keys.iter().filter_map(|key| Kind::Asset.name(key)).map(str::to_owned));
    }
    names
}
