//! `azulejo ingest`: finds originals, builds pyramids on all cores, and stores them in batches.
//!
//! `ingester` ingests one original. The record of an asset contains the hash of the original and
//! the settings, so that a run skips unchanged originals. The record is stored after the pyramid,
//! so that the next run completes an interrupted one.

mod batch;
mod budget;
mod id_conflict;
mod content;
mod dry_run;
mod failures;
mod ingester;
mod originals;
mod set_preset;
mod profile;
pub mod progress;
mod stored_asset;
mod pyramid_builder;
mod report;
pub mod reprocess;
mod sets;
mod settings;
mod smart_crop;
mod snapshot;
pub mod svg;
mod template;
mod tiles;

use std::{process::ExitCode, thread};

use anyhow::Result;
use tokio::runtime::Runtime;

use self::{
    ingester::Ingester,
    originals::{FoundFiles, Original},
    report::Report,
    settings::Settings,
};
use crate::{
    args::{BuildArgs, IngestArgs},
    formats,
    store::Bucket,
};

/// The result of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchResult {
    /// All jobs succeeded.
    Done,
    /// Some jobs failed, the rest succeeded.
    SomeFailed,
    /// Ctrl-C was pressed.
    Interrupted,
}

impl From<BatchResult> for ExitCode {
    fn from(end: BatchResult) -> Self {
        match end {
            BatchResult::Done => Self::SUCCESS,
            BatchResult::SomeFailed => Self::FAILURE,
            // 128 plus the number of the signal, as in shells.
            BatchResult::Interrupted => Self::from(130),
        }
    }
}

/// Ingests the named files and folders, and the failures of `--retry`.
pub fn run(args: &IngestArgs, runtime: &Runtime) -> Result<BatchResult> {
    if args.formats {
        return formats::run().map(|()| BatchResult::Done);
    }
    let build = &args.build;
    let failed = args.retry.as_deref().map(failures::read).transpose()?.unwrap_or_default();
    let mut found = originals::find(&args.originals, failed, args)?;
    let pictures = tempfile::tempdir()?;
    let templates = match args.template {
        true => template::prepare(&mut found, &pictures, build.max_memory),
        false => Vec::new(),
    };
    let mut report = Report::new(build.json, found.originals.len());
    report_unusable(&mut report, &found);
    if args.dry_run {
        let interrupted = runtime.block_on(dry_run::run(args, found, &mut report));
        templates.iter().for_each(|template| report.template(template, "planned"));
        return report.finish(interrupted, build.failures.as_deref());
    }
    let bucket = Bucket::open_or_create(&build.to, build.state.as_deref())?;
    let ingester = Ingester::new(&bucket, build, jobs(build), args.keep_originals);
    let each = |original: Original| {
        let settings = Settings::new(build, args.as_is, &original.profile);
        let ingester = &ingester;
        async move {
            let outcome = match ingester.bucket().stored(&original.asset.record()).await {
                Ok(stored) if original.content => {
                    content::ingest(ingester.bucket(), &original, stored).await
                }
                Ok(stored) => ingester.ingest(&original, stored, &settings).await,
                Err(error) => Err(error),
            };
            (original, outcome)
        }
    };
    let originals = found.originals.clone();
    let interrupted = runtime.block_on(async {
        let interrupted = batch::run(originals, build.batch, each, &mut report).await;
        if !(interrupted || args.content) {
            sets::build(&bucket, &found.originals, &mut report).await;
            template::store(&bucket, &templates, &mut report).await;
        }
        interrupted
    });
    report.finish(interrupted, build.failures.as_deref())
}

/// Reports the files that cannot be ingested.
fn report_unusable(report: &mut Report, found: &FoundFiles) {
    for (path, why) in &found.skipped {
        report.skipped(path, why);
    }
    for (path, error) in &found.failed {
        report.failed(path, error);
    }
}

/// How many pyramids to build at once.
fn jobs(build: &BuildArgs) -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    build.jobs.map_or(cores, usize::from)
}
