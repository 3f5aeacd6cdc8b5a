//! Applies a catalog folder to the store. The publication lists an object before it is stored, and
//! until after it is removed, so that the next publish can complete an interrupted one.

mod transaction;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use azulejo::{
    catalog::{Compiled, Record},
    limits,
    store::keys::Kind,
};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    fields::{Fields, fields, remove_values, removed_fields},
    files::Files,
    folder::Folder,
    publication::Publication,
    records::{Rows, apply_to},
};
use crate::store::{Bucket, Change, Stored};
use transaction::{Commit, current};

/// How many records are written at once.
const CONCURRENT: usize = 16;

/// How often a publish is retried while others of the same name run.
const TRIES: usize = 5;

/// The changes from the last publication of this name to a folder.
pub struct Changes<'a> {
    bucket: &'a Bucket,
    folder: &'a Folder,
    /// By the keys of their records.
    rows: BTreeMap<String, Rows<'a>>,
    key: String,
    before: Publication,
    now: Publication,
}

/// What happened to a record.
enum RecordChange {
    Unchanged,
    Written,
    /// It had no fields left and was removed.
    Removed,
}

impl<'a> Changes<'a> {
    /// Compares a folder with the store. Fails if the last publication of this name shares no
    /// catalog with the folder, unless the user has named it (`is_named`).
    pub async fn new(
        bucket: &'a Bucket,
        name: &str,
        is_named: bool,
        folder: &'a Folder,
    ) -> Result<Self> {
        let key = Publication::key(name);
        let rows = folder.by_record();
        let before = Publication::read(bucket, &key).await?;
        let now = current(folder, &rows, &before)?;
        let list: BTreeSet<&str> =
            before.layers().flat_map(|layer| &layer.catalogs).map(String::as_str).collect();
        if !(is_named || list.is_empty() || list.iter().any(|root| now.catalogs.contains(*root))) {
            let list: Vec<&str> = list.into_iter().collect();
            bail!(
                "a folder named {name} published the catalogs {} before, and this one has none of \
                 them: use --name {name} if it replaces them, another --name if it has nothing to \
                 do with them",
                list.join(", ")
            );
        }
        Ok(Self { bucket, folder, rows, key, before, now })
    }

    /// The effective rows, by the keys of their records.
    pub fn rows(&self) -> &BTreeMap<String, Rows<'a>> {
        &self.rows
    }

    /// Messages about records that lose fields which their rows no longer set. Must be called
    /// before [`Changes::apply`].
    pub async fn cleared_fields(&self, dry_run: bool) -> Result<Vec<String>> {
        let mut messages = Vec::new();
        for key in self.rows.keys() {
            let removed = self.removed_fields(key);
            if removed.is_empty() {
                continue;
            }
            let stored = self.bucket.stored(key).await?;
            let Some(bytes) = stored.as_ref().and_then(Stored::bytes) else { continue };
            let stored = fields(key, bytes)?;
            let mut left = stored.clone();
            if remove_values(&mut left, &removed) {
                let changed = stored.keys().filter(|name| left.get(*name) != stored.get(*name));
                let names: Vec<&str> = changed.map(String::as_str).collect();
                messages.push(format!("{} {key} of {}", cleared(dry_run), names.join(", ")));
            }
        }
        Ok(messages)
    }

    /// Stores everything in the folder, and removes what it no longer contains. Returns messages
    /// about the removed objects.
    ///
    /// Other publishes of the same name may run at the same time. The one that began last wins, and
    /// whatever else the others stored is removed. Fails if another one wins.
    pub async fn apply(
        &mut self,
        files: &Files,
        catalogs: &[(String, Vec<u8>)],
    ) -> Result<Vec<String>> {
        let mut messages = Vec::new();
        for _ in 0..TRIES {
            self.begin().await?;
            self.put(files, catalogs).await?;
            messages.extend(self.remove_stale(false).await?);
            match self.commit().await? {
                Commit::Done => return Ok(messages),
                Commit::Retry => {}
                Commit::Superseded => bail!(
                    "{}: another publish of this name began after this one and takes \
                     precedence: publish this folder again to replace it",
                    self.key
                ),
            }
        }
        bail!("{}: others keep publishing this name: publish again when they are done", self.key)
    }

    async fn put(&self, files: &Files, catalogs: &[(String, Vec<u8>)]) -> Result<()> {
        for (key, file) in &self.folder.objects {
            self.bucket.put(key, files.get(file).cloned().unwrap_or_default()).await?;
        }
        let rows = stream::iter(self.rows.keys()).map(|key| self.change_record(key, false));
        rows.buffer_unordered(CONCURRENT).try_collect::<Vec<RecordChange>>().await?;
        // Catalogs are stored last, after everything that they refer to.
        for (key, json) in catalogs {
            let put = self.bucket.update(key, async |stored| {
                let same = stored == Some(json.as_slice());
                Ok((if same { Change::Keep } else { Change::Put(json.clone()) }, ()))
            });
            put.await?;
        }
        Ok(())
    }

    /// Removes what the folder no longer contains, unless another publication contains it. Returns
    /// messages. In a record, removes only the fields that a row set and nobody has changed since.
    pub async fn remove_stale(&self, dry_run: bool) -> Result<Vec<String>> {
        let mut messages = Vec::new();
        let removed = if dry_run { "would remove" } else { "removed" };
        // Catalogs are removed first, before everything that they refer to.
        let catalogs: BTreeSet<String> = self
            .before
            .layers()
            .flat_map(|layer| &layer.catalogs)
            .map(|root| Compiled::key(root))
            .collect();
        let objects: BTreeSet<&String> =
            self.before.layers().flat_map(|layer| &layer.objects).collect();
        // Read as late as possible, to see publications that began meanwhile.
        let others = self.others().await?;
        let is_others = |key: &str| others.iter().any(|other| other.holds(key));
        let gone = |key: &&String| !(self.now.holds(key) || is_others(key));
        for key in catalogs.iter().chain(objects).filter(gone) {
            if !dry_run {
                self.bucket.delete(key).await?;
            }
            messages.push(format!("{removed} {key}"));
        }
        let records: BTreeSet<&String> =
            self.before.layers().flat_map(|layer| layer.records.keys()).collect();
        for key in records.into_iter().filter(gone) {
            match self.change_record(key, dry_run).await? {
                RecordChange::Unchanged => {}
                RecordChange::Written => {
                    messages.push(format!("{} {key} of the fields of its row", cleared(dry_run)));
                }
                RecordChange::Removed => messages.push(format!("{removed} {key}")),
            }
        }
        Ok(messages)
    }

    /// The publications of other names.
    pub async fn others(&self) -> Result<Vec<Publication>> {
        Publication::others(self.bucket, &self.key).await
    }

    /// The change that the publish would make to the catalog or record at this key. `others` are
    /// the publications of other names.
    pub async fn after(&self, key: &str, others: &[Publication]) -> Result<Change> {
        let mut catalogs = self.folder.catalogs.iter();
        if let Some((_, compiled)) = catalogs.find(|(root, _)| Compiled::key(root) == key) {
            return Ok(Change::Put(compiled.to_json()?));
        }
        let is_others = || others.iter().any(|other| other.holds(key));
        let is_removed = self.before.holds(key) && !(self.now.holds(key) || is_others());
        match Kind::Record.holds(key) {
            true if is_removed || self.rows.contains_key(key) => {
                let stored = self.bucket.stored(key).await?;
                Ok(self.record_change(key, stored.as_ref().and_then(Stored::bytes))?.0)
            }
            false if is_removed => Ok(Change::Remove),
            _ => Ok(Change::Keep),
        }
    }

    /// The change of a stored record: removes the fields that the last publish set and applies the
    /// rows. Fields of ingest stay.
    fn record_change(&self, key: &str, stored: Option<&[u8]>) -> Result<(Change, RecordChange)> {
        let rows = self.rows.get(key);
        let mut fields = match stored {
            Some(bytes) => fields(key, bytes)?,
            None if rows.is_none() => return Ok((Change::Keep, RecordChange::Unchanged)),
            None => Fields::new(),
        };
        let taken = remove_values(&mut fields, &self.removed_fields(key));
        if rows.is_none() && fields.is_empty() {
            return Ok((Change::Remove, RecordChange::Removed));
        }
        if rows.is_none() && !taken {
            return Ok((Change::Keep, RecordChange::Unchanged));
        }
        let mut record = Record::from_json(&serde_json::to_vec(&fields)?)
            .with_context(|| format!("{key}: repair or delete it"))?;
        if let Some(rows) = rows {
            apply_to(rows, &mut record).with_context(|| key.to_owned())?;
        }
        let json = record.to_json()?;
        if json.len() as u64 > limits::RECORD_BYTES {
            bail!("{key}: {} bytes, the limit is {}", json.len(), limits::RECORD_BYTES);
        }
        Ok(match stored == Some(json.as_slice()) {
            true => (Change::Keep, RecordChange::Unchanged),
            false => (Change::Put(json), RecordChange::Written),
        })
    }

    /// Updates a record.
    async fn change_record(&self, key: &str, dry_run: bool) -> Result<RecordChange> {
        let change = self.bucket.update(key, async |stored| {
            let (change, record_change) = self.record_change(key, stored)?;
            Ok((if dry_run { Change::Keep } else { change }, record_change))
        });
        change.await
    }

    /// The fields that earlier publishes set and this one does not.
    fn removed_fields(&self, key: &str) -> Vec<Fields> {
        let nothing = Fields::new();
        let now = self.now.records.get(key).unwrap_or(&nothing);
        let before = self.before.layers().filter_map(|layer| layer.records.get(key));
        before
            .map(|before| removed_fields(before, now))
            .filter(|fields| !fields.is_empty())
            .collect()
    }
}

fn cleared(dry_run: bool) -> &'static str {
    if dry_run { "would clear" } else { "cleared" }
}
