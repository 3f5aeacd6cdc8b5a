//! Records as commands read and change them.

use anyhow::{Context, Result, anyhow};
use azulejo::catalog::Record;

use crate::store::{Bucket, Change};

/// The record that is stored under a key, if there is one.
pub fn parse(key: &str, stored: Option<&[u8]>) -> Result<Option<Record>> {
    let record = |bytes: &[u8]| {
        let record = Record::from_json(bytes).map_err(|error| anyhow!(error.message));
        record.with_context(|| format!("{key}: repair or delete it"))
    };
    stored.map(record).transpose()
}

/// The record under a key, if there is one.
pub async fn read(bucket: &Bucket, key: &str) -> Result<Option<Record>> {
    let stored = bucket.stored(key).await?;
    parse(key, stored.as_ref().and_then(|stored| stored.bytes()))
}

/// What it takes to turn one record into another.
pub fn change(before: Option<&Record>, now: &Record) -> Result<Change> {
    if before == Some(now) {
        return Ok(Change::Keep);
    }
    now.to_json().map(Change::Put).map_err(|error| anyhow!(error.message))
}
