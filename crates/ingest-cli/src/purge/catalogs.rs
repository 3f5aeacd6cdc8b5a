//! The catalogs of a store: their attributes and presets.

use std::{collections::BTreeMap, rc::Rc};

use anyhow::{Result, anyhow};
use azulejo::{
    catalog::{Catalog, Compiled, DEFAULT, load},
    store::{Version, keys::Kind},
};

use crate::store::Bucket;

/// The catalogs of a store, each read once.
pub struct Catalogs<'b> {
    bucket: &'b Bucket,
    read: BTreeMap<String, Stored>,
}

/// The stored form of a catalog, and the same with what it inherits.
#[derive(Clone)]
struct Stored {
    compiled: Option<Compiled>,
    catalog: Rc<Catalog>,
}

impl<'b> Catalogs<'b> {
    /// Reads nothing yet.
    pub fn new(bucket: &'b Bucket) -> Self {
        Self { bucket, read: BTreeMap::new() }
    }

    /// The rootIds of all that are stored.
    pub async fn roots(&self) -> Result<Vec<String>> {
        let keys = self.bucket.list(Kind::Catalog.folder()).await?;
        Ok(keys.iter().filter_map(|key| Kind::Catalog.name(key)).map(str::to_owned).collect())
    }

    /// The catalog that applies to objects of this rootId.
    pub async fn catalog(&mut self, root: &str) -> Result<Rc<Catalog>> {
        Ok(self.stored(root).await?.catalog)
    }

    /// What is stored of a catalog.
    pub async fn compiled(&mut self, root: &str) -> Result<Option<Compiled>> {
        Ok(self.stored(root).await?.compiled)
    }

    /// The names of the presets that requests to a catalog can call, as they are written.
    pub async fn presets(&mut self, root: &str) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for root in [root, DEFAULT] {
            let Some(compiled) = self.compiled(root).await? else { continue };
            names.extend(compiled.macros.into_iter().map(|(name, _)| name));
        }
        let catalog = self.catalog(root).await?;
        // Those of the default catalog that comes with the server.
        names.extend(catalog.macros.names().map(str::to_owned));
        let mut distinct: Vec<String> = Vec::new();
        for name in names {
            if !distinct.iter().any(|other| other.eq_ignore_ascii_case(&name)) {
                distinct.push(name);
            }
        }
        Ok(distinct)
    }

    async fn stored(&mut self, root: &str) -> Result<Stored> {
        if let Some(stored) = self.read.get(root) {
            return Ok(stored.clone());
        }
        let mut bytes = Vec::new();
        for name in [DEFAULT, root] {
            let key = Compiled::key(name);
            let stored = self.bucket.stored(&key).await?;
            bytes.push(stored.map(|stored| (key, stored)));
        }
        let mut parts = bytes.iter().map(|part| {
            part.as_ref()
                .and_then(|(key, stored)| Some((key.as_str(), stored.version(), stored.bytes()?)))
        });
        let (default, named) = (parts.next().flatten(), parts.next().flatten());
        let wrong = |error: azulejo::error::Error| anyhow!(error.message);
        let compiled = named.map(|(key, _, bytes): (&str, &Version, &[u8])| {
            Compiled::from_json(key, bytes).map_err(wrong)
        });
        let catalog = load(default, named.filter(|_| root != DEFAULT)).map_err(wrong)?;
        let stored = Stored { compiled: compiled.transpose()?, catalog };
        self.read.insert(root.to_owned(), stored.clone());
        Ok(stored)
    }
}
