//! Reads and changes records.

use anyhow::{Context, Result, anyhow};
use azulejo::catalog::Record;

use crate::store::{Bucket, Change};

/// Parses the stored record of a key; `None` if there is none. The error names the key.
pub fn parse(key: &str, stored: Option<&[u8]>) -> Result<Option<Record>> {
    let record = |bytes: &[u8]| {
        let record = Record::from_json(bytes).map_err(|error| anyhow!(error.message));
        record.with_context(|| format!("{key}: repair or delete it"))
    };
    stored.map(record).transpose()
}

/// Reads the record of a key; `None` if there is none.
pub async fn read(bucket: &Bucket, key: &str) -> Result<Option<Record>> {
    let stored = bucket.stored(key).await?;
    parse(key, stored.as_ref().and_then(|stored| stored.bytes()))
}

/// The change that turns one record into another.
pub fn change(before: Option<&Record>, now: &Record) -> Result<Change> {
    if before == Some(now) {
        return Ok(Change::Keep);
    }
    now.to_json().map(Change::Put).map_err(|error| anyhow!(error.message))
}
