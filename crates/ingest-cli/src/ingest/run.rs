//! Ingests what was found into a store, and passes over what the stat cache knows.

use std::cell::RefCell;

use anyhow::Result;

use super::{
    batch, content,
    finder::Item,
    ingester::Ingester,
    jobs,
    original::Original,
    outcome::{Event, Ingested, Outcome},
    report::Report,
    sets,
    settings::Settings,
    stat_cache::StatCache,
};
use crate::{
    args::IngestArgs,
    signals::{Signal, Signals},
    store::Bucket,
};

/// A run of ingest, or all rounds of a watch.
pub struct Run<'a> {
    args: &'a IngestArgs,
    bucket: &'a Bucket,
    ingester: Ingester<'a>,
    /// Of a folder store.
    stats: Option<RefCell<StatCache>>,
    folders: RefCell<sets::Folders>,
}

impl<'a> Run<'a> {
    /// A run into this store.
    pub fn new(args: &'a IngestArgs, bucket: &'a Bucket) -> Self {
        let build = &args.build;
        let stats = bucket.folder().map(|root| StatCache::open(root, args.keep_originals));
        Self {
            args,
            bucket,
            ingester: Ingester::new(bucket, build, jobs(build), args.keep_originals),
            stats: stats.map(RefCell::new),
            folders: RefCell::default(),
        }
    }

    /// Ingests all items and reports the results. Returns the signal that interrupted it.
    pub async fn items(
        &self,
        items: impl Iterator<Item = Item>,
        signals: &Signals,
        report: &mut Report,
    ) -> Option<Signal> {
        let each = |item| self.item(item);
        let signal = batch::run(items, self.batch(), each, signals, report).await;
        self.flush();
        signal
    }

    /// How many items to ingest at once.
    pub fn batch(&self) -> u16 {
        self.args.build.batch
    }

    /// Writes what the stat cache has learned.
    pub fn flush(&self) {
        if let Some(stats) = &self.stats {
            stats.borrow_mut().flush();
        }
    }

    /// Builds the sets of the folders of all originals since the last call.
    pub async fn sets(&self, report: &mut Report) {
        let folders = self.folders.take();
        sets::build(self.bucket, &folders, report).await;
    }

    /// Ingests an item if it is an original.
    pub async fn item(&self, item: Item) -> Event {
        let Item::Original(original) = item else { return Event::Other(item) };
        if !self.args.content {
            self.folders.borrow_mut().add(&original);
        }
        let settings = Settings::new(&self.args.build, self.args.as_is, &original.profile);
        // An object has no size and times to compare; its record has its entity tag.
        let stats = self.stats.as_ref().filter(|_| original.object.is_none());
        if let Some(stats) = stats
            && !self.args.checksum
            && stats.borrow_mut().is_unchanged(&original, &settings)
        {
            return Event::Done(original, Ok(Ingested::new(Outcome::Unchanged)));
        }
        let result = self.ingest(&original, &settings).await;
        if let (Some(stats), Ok(Ingested { snapshot: Some(snapshot), .. })) = (stats, &result) {
            stats.borrow_mut().add(&original, &settings, snapshot);
        }
        Event::Done(original, result)
    }

    async fn ingest(&self, original: &Original, settings: &Settings) -> Result<Ingested> {
        let stored = self.bucket.stored(&original.asset.record()).await?;
        match original.content {
            true => content::ingest(self.bucket, original, stored).await,
            false => self.ingester.ingest(original, stored, settings).await,
        }
    }
}
