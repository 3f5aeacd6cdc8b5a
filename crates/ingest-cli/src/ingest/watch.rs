//! `azulejo ingest --watch`: looks again and again for originals that are new, changed or gone.
//!
//! It looks at names, sizes and times, as a second run does. That finds changes on any file system,
//! network shares too, on which the system tells nobody of them, and in buckets.

mod seen;

use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

use anyhow::Result;

use self::seen::Seen;
use super::{
    BatchResult, batch,
    finder::{Finder, Item},
    outcome::Event,
    report::Report,
    run::Run,
    source,
};
use crate::{
    args::IngestArgs,
    signals::{Signal, Signals},
    store::Bucket,
};

/// How often folders are looked at.
const FOLDER_INTERVAL: u64 = 5;

/// How often buckets are listed, for which their providers charge.
const BUCKET_INTERVAL: u64 = 60;

/// Looking takes at most one part in so many of the time.
const LOOKING: u32 = 10;

/// Watches the named folders and buckets until a signal comes.
pub async fn run(args: &IngestArgs, signals: &Signals) -> Result<BatchResult> {
    let buckets = args.originals.iter().any(|name| source::is_bucket(name));
    let interval = args.interval.unwrap_or(if buckets { BUCKET_INTERVAL } else { FOLDER_INTERVAL });
    let interval = Duration::from_secs(interval);
    let build = &args.build;
    let bucket = Bucket::open_or_create(&build.to, build.state.as_deref())?;
    let run = Run::new(args, &bucket);
    let seen = RefCell::new(Seen::default());
    // What is wrong from the beginning is an error of the command line.
    let mut finder = Some(Finder::open(args, Vec::new()).await?);
    let count = finder.as_ref().map_or(0, |finder| finder.count);
    let mut report = Report::new(build, args.report.as_deref(), count)?;
    let (mut trouble, mut pause) = (None, interval);
    loop {
        let begin = Instant::now();
        let found = match finder.take() {
            Some(finder) => Ok(finder),
            None => Finder::open(args, Vec::new()).await,
        };
        match found {
            Ok(finder) => {
                trouble = None;
                let opened = begin.elapsed();
                if round(&run, &finder, &seen, signals, &mut report).await.is_some() {
                    break;
                }
                // Finding everything again took as long.
                pause = interval.max((opened * 2 + seen.borrow().looked()) * LOOKING);
            }
            // Told once, until it is over or something else.
            Err(error) => {
                let message = format!("{error:#}");
                if trouble.as_ref() != Some(&message) {
                    report.note("failed", format!("not looked at this time: {message}"));
                    trouble = Some(message);
                }
            }
        }
        if seen.borrow_mut().is_first() {
            report.print_stored();
            report.note("watching", format!("watching, every {} s", interval.as_secs()));
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = signals.clone().first() => break,
        }
    }
    // A watch that was told to end has done what it should, whatever failed meanwhile.
    report.finish(None).map(|_| BatchResult::Done)
}

/// Looks once, and ingests what is new or changed. Returns the signal that interrupted it.
async fn round(
    run: &Run<'_>,
    finder: &Finder<'_>,
    seen: &RefCell<Seen>,
    signals: &Signals,
    report: &mut Report,
) -> Option<Signal> {
    seen.borrow_mut().begin();
    let items = finder.items().filter_map(|item| seen.borrow_mut().take(item));
    let each = |item: Item| async move {
        let event = run.item(item).await;
        if let Event::Done(original, result) = &event {
            seen.borrow_mut().done(original, result.is_ok());
        }
        event
    };
    let signal = batch::run(items, run.batch(), each, signals, report).await;
    run.flush();
    if signal.is_some() {
        return signal;
    }
    let gone = seen.borrow_mut().gone();
    for (path, asset) in gone {
        report.gone(&path, &asset);
    }
    let has_news = seen.borrow().has_news();
    if has_news {
        run.sets(report).await;
        report.publish();
    }
    None
}
