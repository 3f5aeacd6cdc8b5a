//! The objects whose URLs are purged, and what the store holds of each.

use std::collections::BTreeMap;

use anyhow::Result;
use azulejo::{catalog::Record, store::keys::Kind};
use futures_util::{StreamExt, stream};

use super::print;
use crate::{asset::Asset, objects::owner, record, store::Bucket};

/// How many records are read at once.
pub const BATCH: usize = 50;

/// What a URL can show of an object.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    /// Its name.
    pub asset: Asset,
    /// Whether it is an image, or has a record of one.
    pub image: bool,
    /// Whether it is static content.
    pub content: bool,
    /// The names of its smart crops and of its swatch.
    pub parts: Vec<String>,
}

/// Objects, each once, in the order in which they were added.
#[derive(Default)]
pub struct StoredNames {
    objects: Vec<Stored>,
    places: BTreeMap<Asset, usize>,
}

impl StoredNames {
    /// The objects.
    pub fn all(&self) -> &[Stored] {
        &self.objects
    }

    /// Adds an object. One that is not stored may have been anything.
    pub async fn add(&mut self, bucket: &Bucket, asset: &Asset) -> Result<()> {
        self.add_or(bucket, asset, [true, true]).await
    }

    /// Adds an object that shows another. It has an image, though none may be stored under its name.
    pub async fn add_image(&mut self, bucket: &Bucket, asset: &Asset) -> Result<()> {
        self.add_or(bucket, asset, [true, false]).await
    }

    /// Adds an object. If nothing is stored of it, `otherwise` tells whether it is an image, and
    /// whether it is content.
    async fn add_or(&mut self, bucket: &Bucket, asset: &Asset, otherwise: [bool; 2]) -> Result<()> {
        if self.places.contains_key(asset) {
            return Ok(());
        }
        let mut stored = Stored { asset: asset.clone(), ..Stored::default() };
        for key in [asset.pyramid(), asset.svg()] {
            stored.image |= bucket.len(&key).await?.is_some();
        }
        stored.content = bucket.len(&asset.content()).await?.is_some();
        stored.read(record::read(bucket, &asset.record()).await)?;
        if !stored.image && !stored.content {
            [stored.image, stored.content] = otherwise;
        }
        self.put(stored);
        Ok(())
    }

    /// Adds the objects of a catalog.
    pub async fn add_catalog(&mut self, bucket: &Bucket, root: &str) -> Result<()> {
        let mut objects: BTreeMap<String, Stored> = BTreeMap::new();
        for kind in [Kind::Asset, Kind::Svg, Kind::Content] {
            for key in bucket.list(&format!("{}{root}/", kind.folder())).await? {
                let Some(id) = owner(kind, &key) else { continue };
                let stored = objects.entry(id.to_owned()).or_default();
                stored.content |= kind == Kind::Content;
                stored.image |= kind != Kind::Content;
            }
        }
        let records = bucket.list(&format!("{}{root}/", Kind::Record.folder())).await?;
        let read = async |key: String| (record::read(bucket, &key).await, key);
        let mut records = Box::pin(stream::iter(records).map(read).buffered(BATCH));
        while let Some((record, key)) = records.next().await {
            let Some(id) = owner(Kind::Record, &key) else { continue };
            objects.entry(id.to_owned()).or_default().read(record)?;
        }
        for (id, stored) in objects {
            let asset = Asset { root: root.to_owned(), id };
            // The record of an object that was removed is empty in some stores.
            if !self.places.contains_key(&asset) && (stored.image || stored.content) {
                self.put(Stored { asset, ..stored });
            }
        }
        Ok(())
    }

    fn put(&mut self, stored: Stored) {
        self.places.insert(stored.asset.clone(), self.objects.len());
        self.objects.push(stored);
    }
}

impl Stored {
    /// Adds what its record says. A damaged one says nothing.
    fn read(&mut self, record: Result<Option<Record>>) -> Result<()> {
        match record {
            Ok(Some(record)) => {
                self.image |= record.is_of_image();
                self.content |= record.content.is_some();
                self.parts = record.parts().map(|part| part.name.to_owned()).collect();
            }
            Ok(None) => {}
            Err(error) => print::note(&format!("{error:#}"))?,
        }
        Ok(())
    }
}
