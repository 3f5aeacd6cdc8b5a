//! One original from its file to the store: looked up, made, put.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result, anyhow};
use azulejo::{
    catalog::{Origin, Record},
    pyramid::index_key,
};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    budget::Budget,
    originals::Original,
    pyramid::{self, Made},
    settings::Settings,
    source::Source,
};
use crate::store::Bucket;

/// What became of an original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A pyramid of this many bytes is in the store.
    Stored(u64),
    /// Only its record was written again.
    Updated,
    /// The store holds all of it already.
    Unchanged,
}

/// What all jobs share.
pub struct Workshop<'bucket> {
    bucket: &'bucket Bucket,
    budget: Arc<Budget>,
    /// As many images are made at once.
    jobs: Semaphore,
    keep_originals: bool,
}

/// What making gives: the hash of the original, and a pyramid unless the store has it.
struct Work {
    source: Source,
    made: Option<Made>,
}

impl<'bucket> Workshop<'bucket> {
    /// A workshop over a store.
    pub fn new(bucket: &'bucket Bucket, memory: u64, jobs: usize, keep_originals: bool) -> Self {
        let budget = Arc::new(Budget::new(memory));
        Self { bucket, budget, jobs: Semaphore::new(jobs), keep_originals }
    }

    /// Brings an original into the store, if it is not there already.
    pub async fn ingest(&self, original: &Original, settings: &Settings) -> Result<Outcome> {
        let stored = self.record(original).await?;
        let mut record = stored.clone().unwrap_or_default();
        let work = self.work(original, settings, self.intact(original, &record).await?).await?;
        original.profile.fill(&mut record);
        let outcome = match work.made {
            None if stored.as_ref() == Some(&record) => return Ok(Outcome::Unchanged),
            None => Outcome::Updated,
            Some(made) => {
                let bytes = made.file.len() as u64;
                let level = made.index.levels.first().context("a pyramid without levels")?;
                record.width = Some(level.width);
                record.height = Some(level.height);
                let key = self.keep(original, &work.source).await?;
                record.original = Some(Origin {
                    sha256: work.source.sha256,
                    settings: settings.to_json()?,
                    pyramid_bytes: bytes,
                    key,
                });
                self.put(original, made).await?;
                Outcome::Stored(bytes)
            }
        };
        // The record is last: whatever is missing before it, the next run makes good.
        let json = record.to_json().map_err(|error| anyhow!(error.message))?;
        self.bucket.put(&original.asset.record(), json).await?;
        Ok(outcome)
    }

    async fn record(&self, original: &Original) -> Result<Option<Record>> {
        let key = original.asset.record();
        let Some(bytes) = self.bucket.get(&key).await? else { return Ok(None) };
        let record = Record::from_json(&bytes).map_err(|error| anyhow!(error.message));
        Ok(Some(record.with_context(|| format!("{key}: repair or delete it"))?))
    }

    /// What the record tells of the pyramid, if the pyramid and the kept original are there.
    async fn intact(&self, original: &Original, record: &Record) -> Result<Option<Origin>> {
        let Some(origin) = &record.original else { return Ok(None) };
        let pyramid = self.bucket.len(&original.asset.pyramid()).await?;
        let kept = match &origin.key {
            Some(key) => self.bucket.len(key).await?.is_some(),
            None => !self.keep_originals,
        };
        Ok((pyramid == Some(origin.pyramid_bytes) && kept).then(|| origin.clone()))
    }

    /// Hashes the original, and makes its pyramid unless that of `known` is the same.
    async fn work(
        &self,
        original: &Original,
        settings: &Settings,
        known: Option<Origin>,
    ) -> Result<Work> {
        let _job = self.jobs.acquire().await?;
        let (path, settings) = (original.path.clone(), settings.clone());
        let budget = Arc::clone(&self.budget);
        let work = move || {
            let source = Source::read(&path)?;
            let json = settings.to_json()?;
            let same =
                known.is_some_and(|known| known.sha256 == source.sha256 && known.settings == json);
            let made = if same { None } else { Some(pyramid::make(&settings, &path, &budget)) };
            // A file that changed under the decoder's hands is told as such, not as a bad file.
            source.check(&path)?;
            Ok(Work { source, made: made.transpose()? })
        };
        spawn_blocking(work).await?
    }

    /// Puts the original itself, where it is to be kept; its key.
    async fn keep(&self, original: &Original, source: &Source) -> Result<Option<String>> {
        if !self.keep_originals {
            return Ok(None);
        }
        let extension = original.path.extension().and_then(|extension| extension.to_str());
        let key = original.asset.original(extension.unwrap_or("bin"));
        if original.kept.as_ref() != Some(&key) {
            self.bucket.put_file(&key, Path::new(&original.path)).await?;
            source.check(&original.path)?;
        }
        Ok(Some(key))
    }

    /// The pyramid first, then the index of a foreign one: an index without its pyramid is never
    /// seen, and one that is older than it is ignored.
    async fn put(&self, original: &Original, made: Made) -> Result<()> {
        let key = original.asset.pyramid();
        let version = self.bucket.put(&key, made.file).await?;
        if made.foreign {
            let mut index = made.index;
            index.version = version;
            self.bucket.put(&index_key(&key), index.to_bytes()).await?;
        }
        drop(made.share);
        Ok(())
    }
}
