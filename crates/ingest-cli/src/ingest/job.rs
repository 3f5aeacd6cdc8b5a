//! One original from its file to the store: looked up, made, put.

use std::mem;

use anyhow::{Context, Result, anyhow};
use azulejo::{
    catalog::{Origin, Record},
    pyramid::{Index, index_key},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    budget::Budget,
    originals::Original,
    pyramid::{Made, Maker},
    settings::Settings,
    source::Source,
};
use crate::{args::Making, asset::Asset, store::Bucket};

/// What became of an original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A pyramid, or an SVG, is in the store.
    Stored {
        /// Its length.
        bytes: u64,
        /// What was wrong with its original, which was let pass.
        warning: Option<String>,
    },
    /// Only its record was written again.
    Updated,
    /// The store holds all of it already.
    Unchanged,
    /// The store has no original to make it of.
    NotKept,
    /// A dry run found nothing that would keep it from being stored.
    Planned,
}

/// What all jobs share.
pub struct Workshop<'bucket> {
    bucket: &'bucket Bucket,
    maker: Maker,
    /// As many images are made at once.
    jobs: Semaphore,
    keep_originals: bool,
}

/// What making gives: the original's file as it was, and a pyramid unless the store has it.
enum Work {
    Same,
    Made(Source, Box<Made>),
}

impl<'bucket> Workshop<'bucket> {
    /// A workshop over a store.
    pub fn new(
        bucket: &'bucket Bucket,
        making: &Making,
        jobs: usize,
        keep_originals: bool,
    ) -> Self {
        let maker = Maker {
            budget: Budget::new(making.max_memory),
            staging: bucket.staging(),
            allow_damaged: making.allow_damaged,
        };
        Self { bucket, maker, jobs: Semaphore::new(jobs), keep_originals }
    }

    /// Where it all goes.
    pub fn bucket(&self) -> &'bucket Bucket {
        self.bucket
    }

    /// Brings an original into the store, if it is not there already; `stored` is its record.
    pub async fn ingest(
        &self,
        original: &Original,
        stored: Option<Record>,
        settings: &Settings,
    ) -> Result<Outcome> {
        let mut record = stored.clone().unwrap_or_default();
        let work = self.work(original, settings, self.intact(original, &record).await?).await?;
        original.profile.fill(&mut record);
        let outcome = match work {
            Work::Same if stored.as_ref() == Some(&record) => return Ok(Outcome::Unchanged),
            Work::Same => Outcome::Updated,
            Work::Made(source, mut made) => {
                let (bytes, warning) = (made.len, made.warning.take());
                made.share.shrink(self.bucket.put_memory(bytes));
                let size = made.pyramid.as_ref().map(|pyramid| pyramid.index.size());
                (record.width, record.height) = (size.map(|s| s.width), size.map(|s| s.height));
                record.svg = made.pyramid.is_none().then_some(true);
                let found = made.pyramid.as_mut().map(|pyramid| mem::take(&mut pyramid.found));
                found.unwrap_or_default().write(&mut record);
                let key = self.keep(original, &source).await?;
                record.original = Some(Origin {
                    sha256: source.sha256,
                    mime: mime_guess::from_path(&original.path).first_raw().map(str::to_owned),
                    settings: settings.to_json()?,
                    pyramid_bytes: bytes,
                    key,
                });
                self.put(original, *made, &mut record).await?;
                self.take_away(&original.asset, stored.unwrap_or_default(), &record).await?;
                Outcome::Stored { bytes, warning }
            }
        };
        // The record is last: whatever is missing before it, the next run makes good.
        let json = record.to_json().map_err(|error| anyhow!(error.message))?;
        self.bucket.put(&original.asset.record(), json).await?;
        Ok(outcome)
    }

    /// The record of an asset, if it has one.
    pub async fn record(&self, asset: &Asset) -> Result<Option<Record>> {
        let key = asset.record();
        let Some(bytes) = self.bucket.get(&key).await? else { return Ok(None) };
        let record = Record::from_json(&bytes).map_err(|error| anyhow!(error.message));
        Ok(Some(record.with_context(|| format!("{key}: repair or delete it"))?))
    }

    /// What the record tells of the pyramid, if the pyramid and the kept original are there.
    async fn intact(&self, original: &Original, record: &Record) -> Result<Option<Origin>> {
        let Some(origin) = &record.original else { return Ok(None) };
        let asset = &original.asset;
        let key = if record.is_svg() { asset.svg() } else { asset.pyramid() };
        let pyramid = self.bucket.len(&key).await?;
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
        let json = settings.to_json()?;
        let known = known.filter(|known| known.settings == json);
        // An original in the store is where its record says, and what it says.
        if original.kept.is_some() && known.is_some() {
            return Ok(Work::Same);
        }
        let _job = self.jobs.acquire().await?;
        let fetched = match &original.kept {
            Some(key) => Some(self.bucket.fetch(key).await?),
            None => None,
        };
        let path = fetched.as_deref().unwrap_or(&original.path).to_owned();
        let (settings, maker) = (settings.clone(), self.maker.clone());
        let work = move || {
            let source = Source::read(&path)?;
            if known.is_some_and(|known| known.sha256 == source.sha256) {
                return Ok(Work::Same);
            }
            let made = maker.make(&settings, &path);
            // A file that changed under the decoder's hands is told as such, not as a bad file.
            source.check(&path)?;
            Ok(Work::Made(source, Box::new(made?)))
        };
        spawn_blocking(work).await?
    }

    /// Puts the original itself, where it is to be kept; its key.
    async fn keep(&self, original: &Original, source: &Source) -> Result<Option<String>> {
        if let Some(key) = &original.kept {
            return Ok(Some(key.clone()));
        }
        if !self.keep_originals {
            return Ok(None);
        }
        let extension = original.path.extension().and_then(|extension| extension.to_str());
        let key = original.asset.original(extension.unwrap_or("bin"));
        self.bucket.put_file(&key, &original.path).await?;
        source.check(&original.path)?;
        Ok(Some(key))
    }

    /// The pyramid, then the index of a foreign one, in its record if it is not too long: an
    /// index without its pyramid is never seen, and one that is older than it is ignored.
    async fn put(&self, original: &Original, made: Made, record: &mut Record) -> Result<()> {
        let Made { file, pyramid, share, .. } = made;
        let svg = pyramid.is_none();
        let key = if svg { original.asset.svg() } else { original.asset.pyramid() };
        let version = self.bucket.put_staged(&key, file).await?;
        let foreign = pyramid.filter(|pyramid| pyramid.foreign);
        let index = foreign.map(|foreign| Index { version, ..foreign.index }.to_bytes());
        if !record.set_pyramid_index(index.as_deref()) {
            self.bucket.put(&index_key(&key), index.unwrap_or_default()).await?;
        }
        drop(share);
        Ok(())
    }

    /// Removes what the asset was before, a picture or an SVG, if it is the other now: whoever
    /// knows its key would still be served.
    async fn take_away(&self, asset: &Asset, before: Record, now: &Record) -> Result<()> {
        let gone = match (before.is_svg(), now.is_svg()) {
            (true, true) | (false, false) => return Ok(()),
            (true, false) => vec![asset.svg()],
            (false, true) => vec![asset.pyramid(), index_key(&asset.pyramid())],
        };
        for key in gone {
            if self.bucket.len(&key).await?.is_some() {
                self.bucket.delete(&key).await?;
            }
        }
        Ok(())
    }
}
