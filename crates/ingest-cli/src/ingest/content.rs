//! Ingests static content: any file, stored unchanged for `/is/content`.

use std::time::Instant;

use anyhow::Result;
use azulejo::catalog::StoredContent;
use tokio::task::spawn_blocking;

use super::{
    facts::{Code, Warning},
    id_conflict,
    original::Original,
    outcome::{Ingested, Outcome},
    snapshot::Snapshot,
};
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
) -> Result<Ingested> {
    let begin = Instant::now();
    let (key, record_key) = (original.asset.content(), original.asset.record());
    let fetched = original.fetch(None).await?;
    let file = original.file(fetched.as_ref());
    let path = file.to_path_buf();
    let source = spawn_blocking(move || Snapshot::read(&path)).await??;
    let bytes = source.bytes();
    let first = record::parse(&record_key, stored.as_ref().and_then(Stored::bytes))?;
    let first = first.and_then(|record| record.content?.stored);
    let same =
        first.as_ref().is_some_and(|first| first.sha256 == source.sha256 && first.bytes == bytes)
            && bucket.len(&key).await? == Some(bytes);
    if !same {
        bucket.put_file(&key, &file).await?;
        // Fails if the file has changed meanwhile. The next run stores it again.
        source.check(&file)?;
    }
    let now = StoredContent { sha256: source.sha256.clone(), bytes, name: original.name() };
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
    let mut ingested = Ingested::new(match (same, written) {
        (false, _) => Outcome::Stored { bytes },
        (true, true) => Outcome::Updated,
        (true, false) => Outcome::Unchanged,
    });
    if !same {
        let (before, now) = (before.as_deref(), now.name.as_deref());
        let replaced = id_conflict::replacement_warning(&original.asset.id, before, now);
        let replaced = replaced.map(|message| Warning { code: Code::Replaced, message });
        ingested.warnings.extend(replaced);
    }
    Ok(Ingested { snapshot: Some(source), elapsed: begin.elapsed(), ..ingested })
}
