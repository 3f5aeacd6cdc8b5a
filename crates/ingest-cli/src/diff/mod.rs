//! `azulejo diff`: compares the replies of two servers to the same URLs.
//!
//! The list of URLs is read first, each URL once. Then some pairs at a time are fetched and compared.
//! With a report, each result is a line of its state, so that an interrupted run goes on.

mod class;
mod side;
mod target;
mod manifest;
mod list;
mod reply;
mod recorded;
mod http;
mod source;
mod outcome;
mod judge;
mod state;
mod tally;
mod images;
mod report;
mod print;

use std::{collections::HashSet, sync::Arc, time::Duration};

use anyhow::Result;
use futures_util::{StreamExt, future::join, stream};
use hyper::header::HeaderValue;
use tokio::{runtime::Runtime, signal::ctrl_c, task::spawn_blocking};

pub use self::{class::Class, side::Side};
use self::{
    http::Options,
    judge::judge,
    list::{Entry, List},
    outcome::{Outcome, Seen},
    print::Printer,
    reply::{Fetched, is_transient},
    report::Report,
    source::Source,
    tally::Tally,
};
use crate::{
    args::{DiffArgs, Usage},
    check,
    ingest::BatchResult,
};

/// After so many pairs in a row without a reply from one side, a run ends: the server is away.
const STOP_AFTER: u32 = 20;

/// Compares all pairs.
pub fn run(args: &DiffArgs, runtime: &Runtime) -> Result<BatchResult> {
    let Ok(accept) = HeaderValue::from_str(&args.accept) else {
        let value = check::printable(&args.accept);
        let message = format!("--accept {value}: expected media types, such as image/webp,*/*");
        return Err(Usage(message).into());
    };
    let options = Options {
        rate: Some(args.rate),
        timeout: Duration::from_secs(args.timeout),
        retries: args.retries,
        longest: args.max_size,
        accept,
    };
    let recorded = [&args.old, &args.new].iter().any(|side| matches!(side, Side::Recorded(_)));
    let list = List::read(&args.what, recorded)?;
    runtime.block_on(async {
        let sources = Sources {
            old: Source::open(&args.old, &options, args).await?,
            new: Source::open(&args.new, &options, args).await?,
        };
        let mut report =
            args.report.as_ref().map(|folder| Report::open(folder, args)).transpose()?;
        let finished = report.as_mut().map(Report::take_finished).unwrap_or_default();
        let before = list.count_of(&finished);
        let printer = Printer::new(args.json, args.threshold, list.count - before);
        printer.left_out(&list.left_out);
        if before > 0 {
            printer.message(&format!("compared by an earlier run: {before} pairs"));
        }
        let tally = Tally::new(args.threshold, 0);
        let run = Run { args, printer, report, tally, failed: [0, 0] };
        run.compare(list, &finished, &sources).await
    })
}

/// Both servers.
struct Sources {
    old: Source,
    new: Source,
}

/// A compared pair.
struct Pair {
    outcome: Outcome,
    replies: Arc<(Fetched, Fetched)>,
}

impl Sources {
    /// Fetches and compares a pair.
    async fn pair(&self, entry: Result<Entry>) -> Result<Pair> {
        let entry = entry?;
        let replies = Arc::new(join(self.old.fetch(&entry), self.new.fetch(&entry)).await);
        let (shared, url) = (Arc::clone(&replies), entry.url.clone());
        let judged = spawn_blocking(move || judge(url, &shared.0, &shared.1)).await;
        let outcome = judged.unwrap_or_else(|error| Outcome {
            // A decoder has panicked, and the run goes on.
            notes: vec![format!("the comparison failed: {error}")],
            class: Class::NotCompared,
            score: None,
            shift: None,
            old: Seen::of(&replies.0),
            new: Seen::of(&replies.1),
            url: entry.url,
            transient: false,
        });
        Ok(Pair { outcome, replies })
    }
}

struct Run<'a> {
    args: &'a DiffArgs,
    printer: Printer,
    report: Option<Report>,
    /// Counts the pairs of this run, where there is no report.
    tally: Tally,
    /// How many pairs in a row have got no reply from the old and from the new side.
    failed: [u32; 2],
}

impl Run<'_> {
    /// Compares all pairs but the finished ones.
    async fn compare(
        mut self,
        list: List,
        finished: &HashSet<u128>,
        sources: &Sources,
    ) -> Result<BatchResult> {
        let is_finished = |entry: &Result<Entry>| {
            entry.as_ref().is_ok_and(|entry| finished.contains(&target::hash(&entry.url)))
        };
        let fresh = list.filter(|entry| !is_finished(entry));
        let pairs = stream::iter(fresh).map(|entry| sources.pair(entry));
        let pairs = pairs.buffer_unordered(self.args.jobs.into());
        let mut pairs = Box::pin(pairs.take_until(Box::pin(ctrl_c())));
        let mut stopped = None;
        while let Some(pair) = pairs.next().await {
            self.add(&pair?)?;
            stopped = self.stopped();
            if stopped.is_some() {
                break;
            }
        }
        let interrupted = stopped.is_none() && pairs.take_result().is_some();
        self.end(interrupted, stopped)
    }

    fn add(&mut self, pair: &Pair) -> Result<()> {
        let Pair { outcome, replies } = pair;
        self.printer.pair(outcome);
        let (old, new) = &**replies;
        for (failed, fetched) in self.failed.iter_mut().zip([old, new]) {
            *failed = if is_transient(fetched) { *failed + 1 } else { 0 };
        }
        match &mut self.report {
            Some(report) => report.add(outcome, old, new),
            None => {
                self.tally.add(outcome.clone());
                Ok(())
            }
        }
    }

    /// Why the run ends early, if a server is away.
    fn stopped(&self) -> Option<String> {
        let sides = [("--old", &self.args.old), ("--new", &self.args.new)];
        let away = self.failed.iter().zip(sides).find(|(failed, _)| **failed >= STOP_AFTER);
        away.map(|(_, (name, side))| {
            let goes_on = match self.report {
                Some(_) => "the same command goes on",
                None => "with --report, the same command would go on",
            };
            format!("stopped: {name} {side} failed {STOP_AFTER} times in a row; {goes_on}")
        })
    }

    fn end(self, interrupted: bool, stopped: Option<String>) -> Result<BatchResult> {
        let Self { args, printer, report, tally, .. } = self;
        let tally = match report {
            Some(report) => report.write(args)?,
            None => tally,
        };
        printer.summary(&tally);
        if let Some(folder) = &args.report {
            printer.message(&format!("the report is {}", folder.join("index.html").display()));
        }
        if let Some(stopped) = &stopped {
            printer.message(&format!("azulejo: {stopped}"));
        }
        if interrupted {
            printer.message("interrupted; with --report, the same command goes on");
        }
        Ok(match (interrupted, stopped.is_some() || tally.over() > 0) {
            (true, _) => BatchResult::Interrupted,
            (false, true) => BatchResult::SomeFailed,
            (false, false) => BatchResult::Done,
        })
    }
}
