//! The fields that ingest sets in a record. It leaves all other fields alone.

use anyhow::{Result, bail};
use azulejo::{
    catalog::{Origin, Record},
    geometry,
    store::Version,
};

use super::{
    facts::{Facts, Warning},
    smart_crop::SmartCrops,
};
use crate::store::Bucket;

/// An asset that has been stored, and what its record must contain about it.
pub struct StoredAsset {
    /// The key of the pyramid or SVG.
    pub key: String,
    /// The version of the stored object.
    pub version: Version,
    /// The size of a pyramid; `None` for an SVG.
    pub size: Option<geometry::Size<geometry::SourceSpace>>,
    /// The index of a third-party pyramid.
    pub index: Option<Vec<u8>>,
    /// Smart crops and swatch.
    pub smart_crops: SmartCrops,
    /// The original and the settings.
    pub origin: Origin,
    /// What the original was.
    pub facts: Facts,
    /// Warnings about it.
    pub warnings: Vec<Warning>,
}

impl StoredAsset {
    /// Fails if another ingest has replaced the stored object. Its record must not be overwritten.
    pub async fn check(&self, bucket: &Bucket) -> Result<()> {
        if bucket.version(&self.key).await?.as_ref() != Some(&self.version) {
            let key = &self.key;
            bail!(
                "{key}: another ingest stored it at the same time: run this again when it is done"
            );
        }
        Ok(())
    }

    /// Sets the fields of a record that ingest owns.
    pub fn write(&self, record: &mut Record) {
        (record.width, record.height) = (self.size.map(|s| s.width), self.size.map(|s| s.height));
        record.svg = self.size.is_none().then_some(true);
        record.set_pyramid_index(self.index.as_deref());
        self.smart_crops.clone().write(record);
        record.original = Some(self.origin.clone());
    }
}
