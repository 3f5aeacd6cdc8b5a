//! What a publish does to the store, in an order that may be cut off anywhere: what will be there
//! is remembered before it is put, and what is taken back is forgotten after it is gone.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use azulejo::{
    catalog::{Compiled, Record},
    limits,
};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    fields::{Fields, no_more, subtract},
    files::Files,
    folder::Folder,
    publication::Publication,
    records::{Rows, lay_over},
};
use crate::store::Bucket;

/// Records that are written at once.
const CONCURRENT: usize = 16;

/// The difference of a folder to what was published under its name before.
pub struct Changes<'a> {
    bucket: &'a Bucket,
    folder: &'a Folder,
    /// By the keys of their records.
    rows: BTreeMap<String, Rows<'a>>,
    key: String,
    before: Publication,
    now: Publication,
    others: Vec<Publication>,
}

/// What becomes of a record or a catalog.
pub enum Fate {
    /// It stays as it is.
    Same,
    /// These bytes are put.
    Written(Vec<u8>),
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
        let mut now = Publication::of(folder, &rows)?;
        now.stays(&before, &folder.left_out);
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
        let others = Publication::others(bucket, &key).await?;
        Ok(Self { bucket, folder, rows, key, before, now, others })
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
            let Some(bytes) = self.bucket.get(key).await? else { continue };
            let stored = fields(key, &bytes)?;
            let mut left = stored.clone();
            if subtract_all(&mut left, &lost) {
                let changed = stored.keys().filter(|name| left.get(*name) != stored.get(*name));
                let names: Vec<&str> = changed.map(String::as_str).collect();
                told.push(format!("{} {key} of {}", cleared(dry_run), names.join(", ")));
            }
        }
        Ok(told)
    }

    /// Puts all that the folder says.
    pub async fn put(&self, files: &Files, catalogs: &[(String, Vec<u8>)]) -> Result<()> {
        let both = self.before.replaced_by(&self.now);
        if both != self.before {
            both.write(self.bucket, &self.key).await?;
        }
        for (key, file) in &self.folder.objects {
            self.bucket.put(key, files.get(file).cloned().unwrap_or_default()).await?;
        }
        let rows = stream::iter(self.rows.keys()).map(|key| self.put_record(key));
        rows.buffer_unordered(CONCURRENT).try_collect::<Vec<()>>().await?;
        // Catalogs last: what they name is there when they are seen.
        for (key, json) in catalogs {
            self.bucket.put(key, json.clone()).await?;
        }
        Ok(())
    }

    async fn put_record(&self, key: &str) -> Result<()> {
        let fate = self.fate(key).await?;
        self.carry_out(key, fate).await
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
        let gone = |key: &&String| !(self.now.holds(key) || self.is_anothers(key));
        for key in catalogs.iter().chain(objects).filter(gone) {
            if !dry_run {
                self.bucket.delete(key).await?;
            }
            told.push(format!("{removed} {key}"));
        }
        let records: BTreeSet<&String> =
            self.before.layers().flat_map(|layer| layer.records.keys()).collect();
        for key in records.into_iter().filter(gone) {
            let fate = self.fate(key).await?;
            match &fate {
                Fate::Same => continue,
                Fate::Written(_) => {
                    told.push(format!("{} {key} of what its row said", cleared(dry_run)));
                }
                Fate::Gone => told.push(format!("{removed} {key}")),
            }
            if !dry_run {
                self.carry_out(key, fate).await?;
            }
        }
        if !dry_run && self.now != self.before {
            self.now.write(self.bucket, &self.key).await?;
        }
        Ok(told)
    }

    /// What the publish would make of the catalog or the record at this key.
    pub async fn after(&self, key: &str) -> Result<Fate> {
        let mut catalogs = self.folder.catalogs.iter();
        if let Some((_, compiled)) = catalogs.find(|(root, _)| Compiled::key(root) == key) {
            return Ok(Fate::Written(compiled.to_json()?));
        }
        let lost = self.before.holds(key) && !(self.now.holds(key) || self.is_anothers(key));
        match key.starts_with("records/") {
            true if lost || self.rows.contains_key(key) => self.fate(key).await,
            false if lost => Ok(Fate::Gone),
            _ => Ok(Fate::Same),
        }
    }

    fn is_anothers(&self, key: &str) -> bool {
        self.others.iter().any(|other| other.holds(key))
    }

    /// Takes what the last publish set out of the stored record and lays the rows over it, so that
    /// what ingest knows stays.
    async fn fate(&self, key: &str) -> Result<Fate> {
        let rows = self.rows.get(key);
        let stored = self.bucket.get(key).await?;
        let mut fields = match &stored {
            Some(bytes) => fields(key, bytes)?,
            None if rows.is_none() => return Ok(Fate::Same),
            None => Fields::new(),
        };
        let taken = subtract_all(&mut fields, &self.no_more(key));
        if rows.is_none() && fields.is_empty() {
            return Ok(Fate::Gone);
        }
        if rows.is_none() && !taken {
            return Ok(Fate::Same);
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
        Ok(if stored.as_ref() == Some(&json) { Fate::Same } else { Fate::Written(json) })
    }

    /// What was set before and is not now.
    fn no_more(&self, key: &str) -> Vec<Fields> {
        let nothing = Fields::new();
        let now = self.now.records.get(key).unwrap_or(&nothing);
        let before = self.before.layers().filter_map(|layer| layer.records.get(key));
        before.map(|before| no_more(before, now)).filter(|said| !said.is_empty()).collect()
    }

    async fn carry_out(&self, key: &str, fate: Fate) -> Result<()> {
        match fate {
            Fate::Same => Ok(()),
            Fate::Written(json) => self.bucket.put(key, json).await.map(drop),
            Fate::Gone => self.bucket.delete(key).await,
        }
    }
}

fn fields(key: &str, record: &[u8]) -> Result<Fields> {
    serde_json::from_slice(record).with_context(|| format!("{key}: repair or delete it"))
}

fn subtract_all(fields: &mut Fields, said: &[Fields]) -> bool {
    let mut taken = false;
    for said in said {
        taken |= subtract(fields, said);
    }
    taken
}

fn cleared(dry_run: bool) -> &'static str {
    if dry_run { "would clear" } else { "cleared" }
}
