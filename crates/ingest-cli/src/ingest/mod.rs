//! `azulejo ingest`: originals are found, made into pyramids on all cores, and put in batches.
//!
//! `job` is the life of one original. What is unchanged is known by the record of its asset:
//! the hash of the original and the settings. The pyramid is put before its record, so a run that
//! ends anywhere leaves work that the next run finds undone.

mod batch;
mod budget;
mod clash;
mod content;
mod dry_run;
mod failures;
mod job;
mod originals;
mod preset;
mod profile;
mod put;
mod pyramid;
mod report;
pub mod reprocess;
mod sets;
mod settings;
mod smart;
mod source;
pub mod svg;
mod tiles;

use std::{process::ExitCode, thread};

use anyhow::Result;
use tokio::runtime::Runtime;

use self::{
    job::Workshop,
    originals::{Found, Original},
    report::Report,
    settings::Settings,
};
use crate::{
    args::{IngestArgs, Making},
    formats,
    store::Bucket,
};

/// How a batch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// All is done.
    All,
    /// Some failed, the rest is done.
    Some,
    /// Ctrl-C.
    Interrupted,
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        match end {
            End::All => Self::SUCCESS,
            End::Some => Self::FAILURE,
            // 128 and the number of the signal, as shells count.
            End::Interrupted => Self::from(130),
        }
    }
}

/// Ingests everything that was named, and what failed before.
pub fn run(args: &IngestArgs, runtime: &Runtime) -> Result<End> {
    if args.formats {
        return formats::run().map(|()| End::All);
    }
    let making = &args.making;
    let failed = args.retry.as_deref().map(failures::read).transpose()?.unwrap_or_default();
    let found = originals::find(&args.originals, failed, args)?;
    let mut report = Report::new(making.json, found.originals.len());
    tell(&mut report, &found);
    if args.dry_run {
        let interrupted = runtime.block_on(dry_run::run(args, found, &mut report));
        return report.finish(interrupted, making.failures.as_deref());
    }
    let bucket = Bucket::open_or_make(&making.to, making.state.as_deref())?;
    let workshop = Workshop::new(&bucket, making, jobs(making), args.keep_originals);
    let each = |original: Original| {
        let settings = Settings::new(making, args.as_is, &original.profile);
        let workshop = &workshop;
        async move {
            let outcome = match workshop.bucket().stored(&original.asset.record()).await {
                Ok(stored) if original.content => {
                    content::ingest(workshop.bucket(), &original, stored).await
                }
                Ok(stored) => workshop.ingest(&original, stored, &settings).await,
                Err(error) => Err(error),
            };
            (original, outcome)
        }
    };
    let originals = found.originals.clone();
    let interrupted = runtime.block_on(async {
        let interrupted = batch::run(originals, making.batch, each, &mut report).await;
        if !(interrupted || args.content) {
            sets::build(&bucket, &found.originals, &mut report).await;
        }
        interrupted
    });
    report.finish(interrupted, making.failures.as_deref())
}

fn tell(report: &mut Report, found: &Found) {
    for (path, why) in &found.skipped {
        report.skipped(path, why);
    }
    for (path, error) in &found.failed {
        report.failed(path, error);
    }
}

fn jobs(making: &Making) -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    making.jobs.map_or(cores, usize::from)
}
