//! What a publish does to the store, in an order that may be cut off anywhere: what will be there
//! is remembered before it is put, and what is taken back is forgotten after it is gone.

mod rounds;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use azulejo::{
    catalog::{Compiled, Record},
    limits,
    store::keys::Kind,
};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    fields::{Fields, fields, no_more, subtract_all},
    files::Files,
    folder::Folder,
    publication::Publication,
    records::{Rows, lay_over},
};
use crate::store::{Bucket, Change, Stored};
use rounds::{End, now};

/// Records that are written at once.
const CONCURRENT: usize = 16;

/// Times that a publish is carried out while others of the same name are, too.
const ROUNDS: usize = 5;

/// The difference of a folder to what was published under its name before.
pub struct Changes<'a> {
    bucket: &'a Bucket,
    folder: &'a Folder,
    /// By the keys of their records.
    rows: BTreeMap<String, Rows<'a>>,
    key: String,
    before: Publication,
    now: Publication,
}

/// What becomes of a record.
enum Fate {
    Same,
    Written,
    /// Nothing is left of it.
    Gone,
}

impl<'a> Changes<'a> {
    /// Compares a folder to the store; `sure` is who says that it is the folder of this name.
    pub async fn new(
        bucket: &'a Bucket,
        name: &str,
        sure: bool,
        folder: &'a Folder,
    ) -> Result<Self> {
        let key = Publication::key(name);
        let rows = folder.by_record();
        let before = Publication::read(bucket, &key).await?;
        let now = now(folder, &rows, &before)?;
        let list: BTreeSet<&str> =
            before.layers().flat_map(|layer| &layer.catalogs).map(String::as_str).collect();
        if !(sure || list.is_empty() || list.iter().any(|root| now.catalogs.contains(*root))) {
            let list: Vec<&str> = list.into_iter().collect();
            bail!(
                "a folder named {name} published the catalogs {} before, and this one has none of \
                 them: say --name {name} if it replaces them, another --name if it has nothing to \
                 do with them",
                list.join(", ")
            );
        }
        Ok(Self { bucket, folder, rows, key, before, now })
    }

    /// The rows that count, by the keys of their records.
    pub fn rows(&self) -> &BTreeMap<String, Rows<'a>> {
        &self.rows
    }

    /// Tells of the records that lose what their rows say no more. Asked before anything is put.
    pub async fn lost(&self, dry_run: bool) -> Result<Vec<String>> {
        let mut told = Vec::new();
        for key in self.rows.keys() {
            let lost = self.no_more(key);
            if lost.is_empty() {
                continue;
            }
            let stored = self.bucket.stored(key).await?;
            let Some(bytes) = stored.as_ref().and_then(Stored::bytes) else { continue };
            let stored = fields(key, bytes)?;
            let mut left = stored.clone();
            if subtract_all(&mut left, &lost) {
                let changed = stored.keys().filter(|name| left.get(*name) != stored.get(*name));
                let names: Vec<&str> = changed.map(String::as_str).collect();
                told.push(format!("{} {key} of {}", cleared(dry_run), names.join(", ")));
            }
        }
        Ok(told)
    }

    /// Puts all that the folder says, takes back what it says no more, and tells of that. Another
    /// publish of the same name may run at the same time: the one that began last counts, and
    /// nothing of the other stays that nobody would take back.
    pub async fn carry_out(
        &mut self,
        files: &Files,
        catalogs: &[(String, Vec<u8>)],
    ) -> Result<Vec<String>> {
        let mut told = Vec::new();
        for _ in 0..ROUNDS {
            self.begin().await?;
            self.put(files, catalogs).await?;
            told.extend(self.take_back(false).await?);
            match self.end().await? {
                End::Done => return Ok(told),
                End::Again => {}
                End::Overtaken => bail!(
                    "{}: another publish of this name began after this one, and what it says \
                     counts: publish this folder again if it is to count",
                    self.key
                ),
            }
        }
        bail!(
            "{}: others publish this name all the time: publish again when they are done",
            self.key
        )
    }

    async fn put(&self, files: &Files, catalogs: &[(String, Vec<u8>)]) -> Result<()> {
        for (key, file) in &self.folder.objects {
            self.bucket.put(key, files.get(file).cloned().unwrap_or_default()).await?;
        }
        let rows = stream::iter(self.rows.keys()).map(|key| self.change_record(key, false));
        rows.buffer_unordered(CONCURRENT).try_collect::<Vec<Fate>>().await?;
        // Catalogs last: what they name is there when they are seen.
        for (key, json) in catalogs {
            let put = self.bucket.update(key, async |stored| {
                let same = stored == Some(json.as_slice());
                Ok((if same { Change::Keep } else { Change::Put(json.clone()) }, ()))
            });
            put.await?;
        }
        Ok(())
    }

    /// Takes back what the folder says no more, unless another one says it, and tells of it. Of a
    /// record only that goes which a row set and nobody changed since.
    pub async fn take_back(&self, dry_run: bool) -> Result<Vec<String>> {
        let mut told = Vec::new();
        let removed = if dry_run { "would remove" } else { "removed" };
        // Catalogs first: what they name is there as long as they are seen.
        let catalogs: BTreeSet<String> = self
            .before
            .layers()
            .flat_map(|layer| &layer.catalogs)
            .map(|root| Compiled::key(root))
            .collect();
        let objects: BTreeSet<&String> =
            self.before.layers().flat_map(|layer| &layer.objects).collect();
        // Read late: one that began in the meantime counts, too.
        let others = self.others().await?;
        let is_anothers = |key: &str| others.iter().any(|other| other.holds(key));
        let gone = |key: &&String| !(self.now.holds(key) || is_anothers(key));
        for key in catalogs.iter().chain(objects).filter(gone) {
            if !dry_run {
                self.bucket.delete(key).await?;
            }
            told.push(format!("{removed} {key}"));
        }
        let records: BTreeSet<&String> =
            self.before.layers().flat_map(|layer| layer.records.keys()).collect();
        for key in records.into_iter().filter(gone) {
            match self.change_record(key, dry_run).await? {
                Fate::Same => {}
                Fate::Written => {
                    told.push(format!("{} {key} of what its row said", cleared(dry_run)));
                }
                Fate::Gone => told.push(format!("{removed} {key}")),
            }
        }
        Ok(told)
    }

    /// The publications of other names.
    pub async fn others(&self) -> Result<Vec<Publication>> {
        Publication::others(self.bucket, &self.key).await
    }

    /// What the publish would make of the catalog or the record at this key, while there are these
    /// `others`.
    pub async fn after(&self, key: &str, others: &[Publication]) -> Result<Change> {
        let mut catalogs = self.folder.catalogs.iter();
        if let Some((_, compiled)) = catalogs.find(|(root, _)| Compiled::key(root) == key) {
            return Ok(Change::Put(compiled.to_json()?));
        }
        let is_anothers = || others.iter().any(|other| other.holds(key));
        let lost = self.before.holds(key) && !(self.now.holds(key) || is_anothers());
        match Kind::Record.holds(key) {
            true if lost || self.rows.contains_key(key) => {
                let stored = self.bucket.stored(key).await?;
                Ok(self.fate(key, stored.as_ref().and_then(Stored::bytes))?.0)
            }
            false if lost => Ok(Change::Remove),
            _ => Ok(Change::Keep),
        }
    }

    /// Takes what the last publish set out of the stored record and lays the rows over it, so that
    /// what ingest knows stays.
    fn fate(&self, key: &str, stored: Option<&[u8]>) -> Result<(Change, Fate)> {
        let rows = self.rows.get(key);
        let mut fields = match stored {
            Some(bytes) => fields(key, bytes)?,
            None if rows.is_none() => return Ok((Change::Keep, Fate::Same)),
            None => Fields::new(),
        };
        let taken = subtract_all(&mut fields, &self.no_more(key));
        if rows.is_none() && fields.is_empty() {
            return Ok((Change::Remove, Fate::Gone));
        }
        if rows.is_none() && !taken {
            return Ok((Change::Keep, Fate::Same));
        }
        let mut record = Record::from_json(&serde_json::to_vec(&fields)?)
            .with_context(|| format!("{key}: repair or delete it"))?;
        if let Some(rows) = rows {
            lay_over(rows, &mut record).with_context(|| key.to_owned())?;
        }
        let json = record.to_json()?;
        if json.len() as u64 > limits::RECORD_BYTES {
            bail!("{key}: {} bytes, of which {} are allowed", json.len(), limits::RECORD_BYTES);
        }
        Ok(match stored == Some(json.as_slice()) {
            true => (Change::Keep, Fate::Same),
            false => (Change::Put(json), Fate::Written),
        })
    }

    /// Changes a record as it is by then.
    async fn change_record(&self, key: &str, dry_run: bool) -> Result<Fate> {
        let change = self.bucket.update(key, async |stored| {
            let (change, fate) = self.fate(key, stored)?;
            Ok((if dry_run { Change::Keep } else { change }, fate))
        });
        change.await
    }

    /// What was set before and is not now.
    fn no_more(&self, key: &str) -> Vec<Fields> {
        let nothing = Fields::new();
        let now = self.now.records.get(key).unwrap_or(&nothing);
        let before = self.before.layers().filter_map(|layer| layer.records.get(key));
        before.map(|before| no_more(before, now)).filter(|said| !said.is_empty()).collect()
    }
}

fn cleared(dry_run: bool) -> &'static str {
    if dry_run { "would clear" } else { "cleared" }
}
