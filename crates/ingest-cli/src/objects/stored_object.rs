//! What a store holds of an object.

use anyhow::Result;
use azulejo::{
    catalog::Record,
    store::keys::{Kind, index_of},
};

use crate::{asset::Asset, record, store::Bucket};

/// An object with its record, and the keys that it has in the store.
pub struct StoredObject {
    /// Its name.
    pub asset: Asset,
    /// Its record, if it has one.
    pub record: Option<Record>,
    /// The keys of its pyramid with its index, SVG, static content and original.
    pub keys: Vec<String>,
}

impl StoredObject {
    /// Looks for everything that the store holds of an object.
    pub async fn find(bucket: &Bucket, asset: Asset) -> Result<Self> {
        let record = record::read(bucket, &asset.record()).await?;
        let original = record.as_ref().and_then(|record| record.original.as_ref()?.key.clone());
        let pyramid = asset.pyramid();
        let own = [index_of(&pyramid), pyramid, asset.svg(), asset.content()];
        let mut keys = Vec::new();
        for key in own.into_iter().chain(original) {
            if bucket.len(&key).await?.is_some() {
                keys.push(key);
            }
        }
        Ok(Self { asset, record, keys })
    }

    /// Whether the store holds anything of it.
    pub fn exists(&self) -> bool {
        self.record.is_some() || !self.keys.is_empty()
    }
}

/// The id and the kind of the object that a key below `<kind>/<rootId>/` belongs to.
pub fn owner(kind: Kind, key: &str) -> Option<&str> {
    let name = if kind == Kind::Asset {
        kind.name(key.strip_suffix(&index_of("")).unwrap_or(key))
    } else if kind == Kind::Original {
        kind.name(key).map(without_extension)
    } else {
        kind.name(key)
    };
    name?.split_once('/').map(|(_, id)| id)
}

fn without_extension(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => stem,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_belongs_to_an_object() {
        for (kind, key, id) in [
            (Kind::Asset, "assets/Shop/a/b.tif", "a/b"),
            (Kind::Asset, "assets/Shop/a.tif.index", "a"),
            (Kind::Original, "originals/Shop/a.b/c.psd", "a.b/c"),
            (Kind::Original, "originals/Shop/a.b/c", "a.b/c"),
            (Kind::Content, "content/Shop/a.css", "a.css"),
            (Kind::Record, "records/Shop/a.css.json", "a.css"),
        ] {
            assert_eq!(owner(kind, key), Some(id), "{key}");
        }
        assert_eq!(owner(Kind::Asset, "assets/Shop/a.png"), None);
    }
}
