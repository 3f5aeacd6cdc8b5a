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
mod facts;
mod failures;
mod finder;
mod ingester;
mod original;
mod outcome;
mod set_preset;
mod profile;
pub mod progress;
mod stored_asset;
mod pyramid_builder;
mod report;
mod report_file;
pub mod reprocess;
mod run;
mod sets;
mod settings;
mod smart_crop;
mod snapshot;
mod source;
mod stat;
mod stat_cache;
pub mod svg;
mod template;
mod tiles;
mod verify;
mod walk;
mod watch;

use std::{process::ExitCode, thread};

use anyhow::Result;
use tokio::runtime::Runtime;

use self::{
    finder::{Finder, Item},
    report::Report,
    run::Run,
};
use crate::{
    args::{BuildArgs, IngestArgs, Usage},
    formats,
    signals::Signals,
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
    /// SIGTERM came.
    Terminated,
}

impl From<BatchResult> for ExitCode {
    fn from(end: BatchResult) -> Self {
        match end {
            BatchResult::Done => Self::SUCCESS,
            BatchResult::SomeFailed => Self::FAILURE,
            // 128 plus the number of the signal, as in shells.
            BatchResult::Interrupted => Self::from(130),
            BatchResult::Terminated => Self::from(143),
        }
    }
}

/// Ingests the named files and folders, and the failures of `--retry`.
pub fn run(args: &IngestArgs, runtime: &Runtime) -> Result<BatchResult> {
    if args.formats {
        return formats::run().map(|()| BatchResult::Done);
    }
    runtime.block_on(ingest(args))
}

async fn ingest(args: &IngestArgs) -> Result<BatchResult> {
    let build = &args.build;
    if args.template && args.originals.iter().any(|name| source::is_bucket(name)) {
        let message = "--template reads Photoshop files from folders, not from a bucket";
        return Err(Usage(message.to_owned()).into());
    }
    let signals = Signals::new()?;
    if args.watch {
        return watch::run(args, &signals).await;
    }
    let failed = args.retry.as_deref().map(failures::read).transpose()?.unwrap_or_default();
    let finder = Finder::open(args, failed).await?;
    let pictures = tempfile::tempdir()?;
    let (templates, items): (_, Box<dyn Iterator<Item = Item>>) = match args.template {
        true => {
            let (templates, items) = template::prepare(finder.items(), &pictures, build.max_memory);
            (templates, Box::new(items.into_iter()))
        }
        false => (Vec::new(), Box::new(finder.items())),
    };
    let mut report = Report::new(build, args.report.as_deref(), finder.count)?;
    if args.dry_run {
        let signal = dry_run::run(args, items, &signals, &mut report).await;
        templates.iter().for_each(|template| report.template(template, "planned"));
        return report.finish(signal);
    }
    let bucket = Bucket::open_or_create(&build.to, build.state.as_deref())?;
    let run = Run::new(args, &bucket);
    let signal = run.items(items, &signals, &mut report).await;
    if signal.is_none() {
        run.sets(&mut report).await;
        template::store(&bucket, &templates, &mut report).await;
    }
    report.finish(signal)
}

/// How many pyramids to build at once.
fn jobs(build: &BuildArgs) -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    build.jobs.map_or(cores, usize::from)
}
