//! Ingests one original: looks up its record, builds the pyramid, and stores both.

use std::{borrow::Cow, path::Path, time::Instant};

use anyhow::Result;
use azulejo::{
    catalog::{Origin, Record},
    pyramid::Index,
    store::keys,
};
use tempfile::TempPath;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    budget::Budget,
    facts::{Code, Warning},
    id_conflict,
    original::Original,
    outcome::{Ingested, Outcome},
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
    /// The stored pyramid is up to date. The original as it was read to find that out.
    Unchanged(Option<Snapshot>),
    /// A new pyramid, the original as it was read for it, and its download.
    Built(Snapshot, Box<Built>, Option<TempPath>),
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
    ) -> Result<Ingested> {
        let mut begin = Instant::now();
        let key = original.asset.record();
        let first = record::parse(&key, stored.as_ref().and_then(Stored::bytes))?;
        let first = first.unwrap_or_default();
        let existing = self.existing(original, &first).await?;
        let build = self.build(original, settings, existing, &mut begin).await?;
        let (stored_asset, snapshot) = match build {
            Build::Unchanged(snapshot) => (None, snapshot),
            Build::Built(snapshot, built, fetched) => {
                let file = original.file(fetched.as_ref());
                let read = (file, &snapshot);
                (Some(self.store(original, read, *built, settings, &first).await?), Some(snapshot))
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
            } else if let (Some(origin), Some(tag)) = (&mut record.original, original.tag())
                && snapshot.as_ref().is_some_and(|snapshot| snapshot.sha256 == origin.sha256)
            {
                // The same bytes under another tag need not be read again.
                origin.tag = Some(tag.to_owned());
            }
            original.profile.fill(&mut record);
            let change = record::change(before.as_ref(), &record)?;
            let written = change != Change::Keep;
            let before = before.and_then(|record| record.original).and_then(|before| before.name);
            Ok((change, (written, before)))
        });
        let (written, before) = written.await?;
        let mut ingested = Ingested::new(match written {
            true => Outcome::Updated,
            false => Outcome::Unchanged,
        });
        if let Some(StoredAsset { origin, facts, warnings, .. }) = stored_asset {
            let now = origin.name.as_deref();
            let id = &original.asset.id;
            let replaced = id_conflict::replacement_warning(id, before.as_deref(), now);
            let replaced = replaced.map(|message| Warning { code: Code::Replaced, message });
            ingested = Ingested {
                facts: Some(facts),
                warnings: warnings.into_iter().chain(replaced).collect(),
                ..Ingested::new(Outcome::Stored { bytes: origin.pyramid_bytes })
            };
        }
        Ok(Ingested { snapshot, elapsed: begin.elapsed(), ..ingested })
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
    /// settings. Sets `begin` to when the job begins, after others.
    async fn build(
        &self,
        original: &Original,
        settings: &Settings,
        existing: Option<Origin>,
        begin: &mut Instant,
    ) -> Result<Build> {
        let json = settings.to_json()?;
        let existing = existing.filter(|existing| existing.settings == json);
        let same_tag = |existing: &Origin| {
            original.tag().is_some_and(|tag| existing.tag.as_deref() == Some(tag))
        };
        // An original in the store never changes, so its hash need not be checked.
        if original.stored_key.is_some() && existing.is_some()
            || existing.as_ref().is_some_and(same_tag)
        {
            return Ok(Build::Unchanged(None));
        }
        let _job = self.jobs.acquire().await?;
        *begin = Instant::now();
        let fetched = original.fetch(Some(self.bucket)).await?;
        let path = original.file(fetched.as_ref()).into_owned();
        let (settings, builder) = (settings.clone(), self.builder.clone());
        let build = move || {
            let snapshot = Snapshot::read(&path)?;
            if existing.is_some_and(|existing| existing.sha256 == snapshot.sha256) {
                return Ok(Build::Unchanged(Some(snapshot)));
            }
            let built = builder.build(&settings, &path);
            // A file that has changed meanwhile is reported as such, not as a decoder's error.
            snapshot.check(&path)?;
            Ok(Build::Built(snapshot, Box::new(built?), fetched))
        };
        spawn_blocking(build).await?
    }

    /// Stores the original itself if `--keep-originals` is set. Returns its key.
    async fn store_original(
        &self,
        original: &Original,
        (file, snapshot): (&Path, &Snapshot),
    ) -> Result<Option<String>> {
        if let Some(key) = &original.stored_key {
            return Ok(Some(key.clone()));
        }
        if !self.keep_originals {
            return Ok(None);
        }
        let key = original.original_key();
        self.bucket.put_file(&key, file).await?;
        snapshot.check(file)?;
        Ok(Some(key))
    }

    /// Stores everything but the record.
    ///
    /// The pyramid is stored before the index of a third-party pyramid. An index is never used
    /// without its pyramid, and an index that is older than the pyramid is ignored.
    async fn store(
        &self,
        original: &Original,
        (file_read, snapshot): (Cow<'_, Path>, &Snapshot),
        built: Built,
        settings: &Settings,
        first: &Record,
    ) -> Result<StoredAsset> {
        let Built { file, len, pyramid, facts, warnings, mut reservation } = built;
        reservation.reduce_to(self.bucket.put_memory(len));
        let original_key = self.store_original(original, (&file_read, snapshot)).await?;
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
            _ => original.name(),
        };
        let origin = Origin {
            sha256: snapshot.sha256.clone(),
            name,
            mime: mime_guess::from_path(&original.path).first_raw().map(str::to_owned),
            settings: settings.to_json()?,
            pyramid_bytes: len,
            key: original_key,
            tag: original.tag().map(str::to_owned),
        };
        let smart_crops = smart_crops.unwrap_or_default();
        Ok(StoredAsset { key, version, size, index, smart_crops, origin, facts, warnings })
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
