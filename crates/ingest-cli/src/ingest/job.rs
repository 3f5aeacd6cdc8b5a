//! One original from its file to the store: looked up, made, put.

use anyhow::Result;
use azulejo::{
    catalog::{Origin, Record},
    pyramid::Index,
    store::keys,
};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    budget::Budget,
    clash,
    originals::Original,
    put::Put,
    pyramid::{Made, Maker},
    settings::Settings,
    source::Source,
};
use crate::{
    args::Making,
    asset::Asset,
    record,
    store::{Bucket, Change, Stored},
};

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
        stored: Option<Stored>,
        settings: &Settings,
    ) -> Result<Outcome> {
        let key = original.asset.record();
        let first = record::parse(&key, stored.as_ref().and_then(Stored::bytes))?;
        let first = first.unwrap_or_default();
        let work = self.work(original, settings, self.intact(original, &first).await?).await?;
        let made = match work {
            Work::Same => None,
            Work::Made(source, made) => {
                Some(self.store(original, source, *made, settings, &first).await?)
            }
        };
        // The record is last: whatever is missing before it, the next run makes good. It may have
        // been changed while the pyramid was made, which takes long.
        let written = self.bucket.update_from(&key, stored, async |stored| {
            let before = record::parse(&key, stored)?;
            let mut record = before.clone().unwrap_or_default();
            if let Some(made) = &made {
                if record.original != first.original {
                    made.check(self.bucket).await?;
                }
                made.write(&mut record);
                self.take_away(&original.asset, before.as_ref(), &record).await?;
            }
            original.profile.fill(&mut record);
            let change = record::change(before.as_ref(), &record)?;
            let written = change != Change::Keep;
            let before = before.and_then(|record| record.original).and_then(|before| before.name);
            Ok((change, (written, before)))
        });
        let (written, before) = written.await?;
        let id = &original.asset.id;
        Ok(match made {
            Some(made) => {
                let replaced = clash::replaced(id, before.as_deref(), made.origin.name.as_deref());
                let warnings: Vec<String> = made.warning.into_iter().chain(replaced).collect();
                let warning = (!warnings.is_empty()).then(|| warnings.join("; "));
                Outcome::Stored { bytes: made.origin.pyramid_bytes, warning }
            }
            None if written => Outcome::Updated,
            None => Outcome::Unchanged,
        })
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

    /// Puts all that is made of an original, but for its record.
    ///
    /// The pyramid is put before the index of a third-party one: an index without its pyramid is never
    /// seen, and one that is older than it is ignored.
    async fn store(
        &self,
        original: &Original,
        source: Source,
        made: Made,
        settings: &Settings,
        first: &Record,
    ) -> Result<Put> {
        let Made { file, len, pyramid, warning, mut share } = made;
        share.shrink(self.bucket.put_memory(len));
        let kept = self.keep(original, &source).await?;
        let svg = pyramid.is_none();
        let key = if svg { original.asset.svg() } else { original.asset.pyramid() };
        let version = self.bucket.put_staged(&key, file).await?;
        let (size, found) = pyramid.as_ref().map(|p| (p.index.size(), p.found.clone())).unzip();
        let remote = pyramid.filter(|pyramid| pyramid.remote);
        let index =
            remote.map(|remote| Index { version: version.clone(), ..remote.index }.to_bytes());
        if !Record::default().set_pyramid_index(index.as_deref()) {
            self.bucket.put(&keys::index_of(&key), index.clone().unwrap_or_default()).await?;
        }
        drop(share);
        let name = match (&original.kept, &first.original) {
            (Some(_), Some(before)) => before.name.clone(),
            _ => clash::name(&original.path),
        };
        let origin = Origin {
            sha256: source.sha256,
            name,
            mime: mime_guess::from_path(&original.path).first_raw().map(str::to_owned),
            settings: settings.to_json()?,
            pyramid_bytes: len,
            key: kept,
        };
        let found = found.unwrap_or_default();
        Ok(Put { key, version, size, index, found, origin, warning })
    }

    /// Removes what the asset was before, a picture or an SVG, if it is the other now: whoever
    /// knows its key would still be served.
    async fn take_away(&self, asset: &Asset, before: Option<&Record>, now: &Record) -> Result<()> {
        let before = before.is_some_and(Record::is_svg);
        let gone = match (before, now.is_svg()) {
            (true, true) | (false, false) => return Ok(()),
            (true, false) => vec![asset.svg()],
            (false, true) => vec![asset.pyramid(), keys::index_of(&asset.pyramid())],
        };
        for key in gone {
            if self.bucket.len(&key).await?.is_some() {
                self.bucket.delete(&key).await?;
            }
        }
        Ok(())
    }
}
