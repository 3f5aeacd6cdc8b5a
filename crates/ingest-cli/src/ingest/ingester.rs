//! Ingests one original: looks up its record, builds the pyramid, and stores both.

use anyhow::Result;
use azulejo::{
    catalog::{Origin, Record},
    pyramid::Index,
    store::keys,
};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    budget::Budget,
    id_conflict,
    originals::Original,
    pyramid_builder::{Built, PyramidBuilder},
    settings::Settings,
    snapshot::Snapshot,
    stored_asset::StoredAsset,
};
use crate::{
    args::BuildArgs,
    asset::Asset,
    record,
    store::{Bucket, Change, Stored},
};

/// The result of ingesting an original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A pyramid, an SVG or a file was stored.
    Stored {
        /// Its length in bytes.
        bytes: u64,
        /// Tolerated damage of the original, or that another original was replaced.
        warning: Option<String>,
    },
    /// Only the record was updated.
    Updated,
    /// The store is up to date.
    Unchanged,
    /// The store has no original to reprocess.
    OriginalNotStored,
    /// A dry run found no error.
    Planned,
}

/// Ingests originals into a store. All jobs share it.
pub struct Ingester<'bucket> {
    bucket: &'bucket Bucket,
    builder: PyramidBuilder,
    /// Limits how many pyramids are built at once.
    jobs: Semaphore,
    keep_originals: bool,
}

/// Whether a pyramid had to be built.
enum Build {
    /// The stored pyramid is up to date.
    Unchanged,
    /// A new pyramid, and the original as it was read for it.
    Built(Snapshot, Box<Built>),
}

impl<'bucket> Ingester<'bucket> {
    /// An ingester for a store.
    pub fn new(
        bucket: &'bucket Bucket,
        build: &BuildArgs,
        jobs: usize,
        keep_originals: bool,
    ) -> Self {
        let builder = PyramidBuilder {
            budget: Budget::new(build.max_memory),
            staging: bucket.staging(),
            allow_damaged: build.allow_damaged,
        };
        Self { bucket, builder, jobs: Semaphore::new(jobs), keep_originals }
    }

    /// The store.
    pub fn bucket(&self) -> &'bucket Bucket {
        self.bucket
    }

    /// Ingests an original unless the store is up to date. `stored` is the record of its asset.
    pub async fn ingest(
        &self,
        original: &Original,
        stored: Option<Stored>,
        settings: &Settings,
    ) -> Result<Outcome> {
        let key = original.asset.record();
        let first = record::parse(&key, stored.as_ref().and_then(Stored::bytes))?;
        let first = first.unwrap_or_default();
        let existing = self.existing(original, &first).await?;
        let stored_asset = match self.build(original, settings, existing).await? {
            Build::Unchanged => None,
            Build::Built(snapshot, built) => {
                Some(self.store(original, snapshot, *built, settings, &first).await?)
            }
        };
        // Writes the record last: if a run is interrupted before that, the next run repeats the
        // work. Another writer may have changed the record while the pyramid was built.
        let written = self.bucket.update_from(&key, stored, async |stored| {
            let before = record::parse(&key, stored)?;
            let mut record = before.clone().unwrap_or_default();
            if let Some(stored_asset) = &stored_asset {
                if record.original != first.original {
                    stored_asset.check(self.bucket).await?;
                }
                stored_asset.write(&mut record);
                self.delete_replaced(&original.asset, before.as_ref(), &record).await?;
            }
            original.profile.fill(&mut record);
            let change = record::change(before.as_ref(), &record)?;
            let written = change != Change::Keep;
            let before = before.and_then(|record| record.original).and_then(|before| before.name);
            Ok((change, (written, before)))
        });
        let (written, before) = written.await?;
        let id = &original.asset.id;
        Ok(match stored_asset {
            Some(stored_asset) => {
                let replaced = id_conflict::replacement_warning(
                    id,
                    before.as_deref(),
                    stored_asset.origin.name.as_deref(),
                );
                let warnings: Vec<String> =
                    stored_asset.warning.into_iter().chain(replaced).collect();
                let warning = (!warnings.is_empty()).then(|| warnings.join("; "));
                Outcome::Stored { bytes: stored_asset.origin.pyramid_bytes, warning }
            }
            None if written => Outcome::Updated,
            None => Outcome::Unchanged,
        })
    }

    /// The origin of the stored pyramid. `None` if the store has no pyramid of the recorded length,
    /// or lacks a required original.
    async fn existing(&self, original: &Original, record: &Record) -> Result<Option<Origin>> {
        let Some(origin) = &record.original else { return Ok(None) };
        let asset = &original.asset;
        let key = if record.is_svg() { asset.svg() } else { asset.pyramid() };
        let pyramid = self.bucket.len(&key).await?;
        let has_original = match &origin.key {
            Some(key) => self.bucket.len(key).await?.is_some(),
            None => !self.keep_originals,
        };
        Ok((pyramid == Some(origin.pyramid_bytes) && has_original).then(|| origin.clone()))
    }

    /// Hashes the original, and builds its pyramid unless the `existing` one has the same hash and
    /// settings.
    async fn build(
        &self,
        original: &Original,
        settings: &Settings,
        existing: Option<Origin>,
    ) -> Result<Build> {
        let json = settings.to_json()?;
        let existing = existing.filter(|existing| existing.settings == json);
        // An original in the store never changes, so its hash need not be checked.
        if original.stored_key.is_some() && existing.is_some() {
            return Ok(Build::Unchanged);
        }
        let _job = self.jobs.acquire().await?;
        let fetched = match &original.stored_key {
            Some(key) => Some(self.bucket.fetch(key).await?),
            None => None,
        };
        let path = fetched.as_deref().unwrap_or(&original.path).to_owned();
        let (settings, builder) = (settings.clone(), self.builder.clone());
        let build = move || {
            let snapshot = Snapshot::read(&path)?;
            if existing.is_some_and(|existing| existing.sha256 == snapshot.sha256) {
                return Ok(Build::Unchanged);
            }
            let built = builder.build(&settings, &path);
            // A file that has changed meanwhile is reported as such, not as a decoder's error.
            snapshot.check(&path)?;
            Ok(Build::Built(snapshot, Box::new(built?)))
        };
        spawn_blocking(build).await?
    }

    /// Stores the original itself if `--keep-originals` is set. Returns its key.
    async fn store_original(
        &self,
        original: &Original,
        snapshot: &Snapshot,
    ) -> Result<Option<String>> {
        if let Some(key) = &original.stored_key {
            return Ok(Some(key.clone()));
        }
        if !self.keep_originals {
            return Ok(None);
        }
        let extension = original.path.extension().and_then(|extension| extension.to_str());
        let key = original.asset.original(extension.unwrap_or("bin"));
        self.bucket.put_file(&key, &original.path).await?;
        snapshot.check(&original.path)?;
        Ok(Some(key))
    }

    /// Stores everything but the record.
    ///
    /// The pyramid is stored before the index of a third-party pyramid. An index is never used
    /// without its pyramid, and an index that is older than the pyramid is ignored.
    async fn store(
        &self,
        original: &Original,
        snapshot: Snapshot,
        built: Built,
        settings: &Settings,
        first: &Record,
    ) -> Result<StoredAsset> {
        let Built { file, len, pyramid, warning, mut reservation } = built;
        reservation.reduce_to(self.bucket.put_memory(len));
        let original_key = self.store_original(original, &snapshot).await?;
        let svg = pyramid.is_none();
        let key = if svg { original.asset.svg() } else { original.asset.pyramid() };
        let version = self.bucket.put_staged(&key, file).await?;
        let (size, smart_crops) =
            pyramid.as_ref().map(|p| (p.index.size(), p.smart_crops.clone())).unzip();
        let third_party = pyramid.filter(|pyramid| pyramid.third_party);
        let index = third_party
            .map(|pyramid| Index { version: version.clone(), ..pyramid.index }.to_bytes());
        if !Record::default().set_pyramid_index(index.as_deref()) {
            self.bucket.put(&keys::index_of(&key), index.clone().unwrap_or_default()).await?;
        }
        drop(reservation);
        let name = match (&original.stored_key, &first.original) {
            (Some(_), Some(before)) => before.name.clone(),
            _ => id_conflict::original_name(&original.path),
        };
        let origin = Origin {
            sha256: snapshot.sha256,
            name,
            mime: mime_guess::from_path(&original.path).first_raw().map(str::to_owned),
            settings: settings.to_json()?,
            pyramid_bytes: len,
            key: original_key,
        };
        let smart_crops = smart_crops.unwrap_or_default();
        Ok(StoredAsset { key, version, size, index, smart_crops, origin, warning })
    }

    /// If the asset has changed from a picture to an SVG or back, deletes the old object. Otherwise
    /// the server would still find it under its key.
    async fn delete_replaced(
        &self,
        asset: &Asset,
        before: Option<&Record>,
        now: &Record,
    ) -> Result<()> {
        let before = before.is_some_and(Record::is_svg);
        let keys = match (before, now.is_svg()) {
            (true, true) | (false, false) => return Ok(()),
            (true, false) => vec![asset.svg()],
            (false, true) => vec![asset.pyramid(), keys::index_of(&asset.pyramid())],
        };
        for key in keys {
            if self.bucket.len(&key).await?.is_some() {
                self.bucket.delete(&key).await?;
            }
        }
        Ok(())
    }
}
