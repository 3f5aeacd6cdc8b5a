//! `azulejo ingest`: originals are found, made into pyramids on all cores, and put in batches.
//!
//! [`job`] is the life of one original. What is unchanged is known by the record of its asset:
//! the hash of the original and the settings. The pyramid is put before its record, so a run that
//! ends anywhere leaves work that the next run finds undone.

mod budget;
mod failures;
mod job;
mod originals;
mod profile;
mod pyramid;
mod report;
mod settings;
mod source;

use std::{process::ExitCode, thread};

use anyhow::Result;
use futures_util::{StreamExt, stream};
use tokio::{runtime::Runtime, signal::ctrl_c};

use self::{
    job::Workshop,
    originals::{Found, Original},
    report::Report,
    settings::Settings,
};
use crate::{
    args::{IngestArgs, Making},
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
    let making = &args.making;
    let failed = args.retry.as_deref().map(failures::read).transpose()?.unwrap_or_default();
    let found = originals::find(&args.originals, failed, args)?;
    let mut report = Report::new(making.json, found.originals.len());
    tell(&mut report, &found);
    if args.dry_run {
        for original in &found.originals {
            report.planned(original);
        }
        return report.finish(false, making.failures.as_deref());
    }
    let bucket = Bucket::open_or_make(&making.to, making.state.as_deref())?;
    let workshop = Workshop::new(&bucket, making.max_memory, jobs(making), args.keep_originals);
    let interrupted = runtime.block_on(all(&workshop, args, found.originals, &mut report));
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

/// Ingests a batch at once until all are done, or Ctrl-C: then what is in hand is dropped, which
/// leaves no part of an object behind. True when it was interrupted.
async fn all(
    workshop: &Workshop<'_>,
    args: &IngestArgs,
    originals: Vec<Original>,
    report: &mut Report,
) -> bool {
    let ingest = async |original: Original| {
        let settings = Settings::new(&args.making, args.as_is, &original.profile);
        let outcome = workshop.ingest(&original, &settings).await;
        (original, outcome)
    };
    let jobs = stream::iter(originals).map(ingest).buffer_unordered(args.making.batch.into());
    let mut jobs = Box::pin(jobs.take_until(Box::pin(ctrl_c())));
    while let Some((original, outcome)) = jobs.next().await {
        report.done(&original, outcome);
    }
    jobs.take_result().is_some()
}
