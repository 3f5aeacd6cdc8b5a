//! What an ingest sets in a record; all else in it is somebody else's to say.

use anyhow::{Result, bail};
use azulejo::{
    catalog::{Origin, Record},
    geometry,
    store::Version,
};

use super::smart::Found;
use crate::store::Bucket;

/// What is put of an original, and what its record tells of that.
pub struct Put {
    /// The pyramid's key, or the SVG's.
    pub key: String,
    /// What the store calls this state of it.
    pub version: Version,
    /// Of a pyramid.
    pub size: Option<geometry::Size<geometry::Source>>,
    /// Of a third-party pyramid.
    pub index: Option<Vec<u8>>,
    /// Smart crops and swatch.
    pub found: Found,
    /// What it was made of.
    pub origin: Origin,
    /// What was wrong with the original, which was let pass.
    pub warning: Option<String>,
}

impl Put {
    /// An error when another ingest has put its pyramid in the place of this one: what is known of
    /// this one must not be written over what that one wrote.
    pub async fn check(&self, bucket: &Bucket) -> Result<()> {
        if bucket.version(&self.key).await?.as_ref() != Some(&self.version) {
            let key = &self.key;
            bail!(
                "{key}: another ingest stored it at the same time: run this again when it is done"
            );
        }
        Ok(())
    }

    /// Sets in a record what ingest knows; all else stays.
    pub fn write(&self, record: &mut Record) {
        (record.width, record.height) = (self.size.map(|s| s.width), self.size.map(|s| s.height));
        record.svg = self.size.is_none().then_some(true);
        record.set_pyramid_index(self.index.as_deref());
        self.found.clone().write(record);
        record.original = Some(self.origin.clone());
    }
}
