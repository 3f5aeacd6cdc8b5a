//! Ingests static content: any file, stored unchanged for `/is/content`.

use anyhow::Result;
use azulejo::catalog::StoredContent;
use tokio::task::spawn_blocking;

use super::{id_conflict, ingester::Outcome, originals::Original, snapshot::Snapshot};
use crate::{
    record,
    store::{Bucket, Change, Stored},
};

/// Stores a file unless the store has it already. `stored` is the record of its id.
///
/// Writes the record last. If a run is interrupted before that, the next run stores the file again.
pub async fn ingest(
    bucket: &Bucket,
    original: &Original,
    stored: Option<Stored>,
) -> Result<Outcome> {
    let (key, record_key, path) =
        (original.asset.content(), original.asset.record(), original.path.clone());
    let source = spawn_blocking(move || Snapshot::read(&path)).await??;
    let bytes = source.bytes();
    let first = record::parse(&record_key, stored.as_ref().and_then(Stored::bytes))?;
    let first = first.and_then(|record| record.content?.stored);
    let same =
        first.as_ref().is_some_and(|first| first.sha256 == source.sha256 && first.bytes == bytes)
            && bucket.len(&key).await? == Some(bytes);
    if !same {
        bucket.put_file(&key, &original.path).await?;
        // Fails if the file has changed meanwhile. The next run stores it again.
        source.check(&original.path)?;
    }
    let now = StoredContent {
        sha256: source.sha256,
        bytes,
        name: id_conflict::original_name(&original.path),
    };
    let written = bucket.update_from(&record_key, stored, async |stored| {
        let before = record::parse(&record_key, stored)?;
        let mut record = before.clone().unwrap_or_default();
        if !same {
            record.content.get_or_insert_default().stored = Some(now.clone());
        }
        original.profile.fill_content(&mut record);
        let change = record::change(before.as_ref(), &record)?;
        let written = change != Change::Keep;
        let before = before.and_then(|record| record.content?.stored);
        Ok((change, (written, before.and_then(|before| before.name))))
    });
    let (written, before) = written.await?;
    let id = &original.asset.id;
    Ok(match (same, written) {
        (false, _) => {
            let warning =
                id_conflict::replacement_warning(id, before.as_deref(), now.name.as_deref());
            Outcome::Stored { bytes, warning }
        }
        (true, true) => Outcome::Updated,
        (true, false) => Outcome::Unchanged,
    })
}
