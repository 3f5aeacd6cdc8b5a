//! Static content: any file, stored as it is for `/is/content`.

use anyhow::{Result, anyhow};
use azulejo::catalog::{Record, StoredContent};
use tokio::task::spawn_blocking;

use super::{job::Outcome, originals::Original, source::Source};
use crate::store::Bucket;

/// Brings a file into the store, if it is not there already; `stored` is the record of its id.
///
/// The record is last: whatever is missing before it, the next run makes good.
pub async fn ingest(
    bucket: &Bucket,
    original: &Original,
    stored: Option<Record>,
) -> Result<Outcome> {
    let (key, path) = (original.asset.content(), original.path.clone());
    let source = spawn_blocking(move || Source::read(&path)).await??;
    let bytes = source.bytes();
    let now = StoredContent { sha256: source.sha256.clone(), bytes };
    let mut record = stored.clone().unwrap_or_default();
    let content = record.content.get_or_insert_default();
    let same = content.stored.as_ref() == Some(&now) && bucket.len(&key).await? == Some(bytes);
    content.stored = Some(now);
    original.profile.fill_content(&mut record);
    if same && stored.as_ref() == Some(&record) {
        return Ok(Outcome::Unchanged);
    }
    if !same {
        bucket.put_file(&key, &original.path).await?;
        // A file that changed under our hands is told as such; the next run stores it again.
        source.check(&original.path)?;
    }
    let json = record.to_json().map_err(|error| anyhow!(error.message))?;
    bucket.put(&original.asset.record(), json).await?;
    Ok(if same { Outcome::Updated } else { Outcome::Stored { bytes, warning: None } })
}
