//! The output of ingest: a progress bar, lines of progress or JSON lines, a summary, and files.

mod events;

use std::{
    collections::BTreeMap,
    io::{IsTerminal, Write},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Error, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::{BatchResult, facts::Code, progress::Progress, report_file::ReportFile};
use crate::{args::BuildArgs, atomic_file::AtomicFile, signals::Signal};

/// Counts results and prints them.
pub struct Report {
    json: bool,
    bar: ProgressBar,
    /// In place of the bar, in a log.
    progress: Option<Progress>,
    start: Instant,
    images: u64,
    stored: u64,
    updated: u64,
    unchanged: u64,
    /// Originals that were read and hashed.
    read: u64,
    bytes: u64,
    skipped: u64,
    failed: u64,
    warnings: BTreeMap<Code, u64>,
    failures: Option<AtomicFile>,
    file: Option<ReportFile>,
    /// Why the report or the list of failures cannot be written.
    unwritten: Option<Error>,
    /// Whether to print a line for each original that is stored.
    prints_stored: bool,
}

const STYLE: &str = "{bar:30} {pos}/{len} images  {per_sec}  {eta} left  {msg}";

impl Report {
    /// A report for this many images. On a terminal it shows a bar, else a line every few seconds.
    /// Fails if a file that the arguments name cannot be made.
    pub fn new(args: &BuildArgs, file: Option<&Path>, images: u64) -> Result<Self> {
        let (json, start, terminal) = (args.json, Instant::now(), std::io::stderr().is_terminal());
        let progress = (!json && !terminal).then(|| Progress::new(images, "images", start));
        let target = if json || !terminal {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(images), target);
        if let Ok(style) = ProgressStyle::with_template(STYLE) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Ok(Self {
            json,
            bar,
            progress,
            start,
            images,
            stored: 0,
            updated: 0,
            unchanged: 0,
            read: 0,
            bytes: 0,
            skipped: 0,
            failed: 0,
            warnings: BTreeMap::new(),
            failures: args.failures.as_deref().map(AtomicFile::create).transpose()?,
            file: file.map(ReportFile::create).transpose()?,
            unwritten: None,
            prints_stored: false,
        })
    }

    /// Prints a line of progress if one is due.
    pub fn tick(&mut self) {
        let done = self.bar.position();
        if let Some(line) = self.progress.as_mut().and_then(|p| p.line(done, Instant::now())) {
            let _ = writeln!(std::io::stderr().lock(), "{line}");
        }
    }

    /// From now on prints each original that is stored, and no progress.
    pub fn print_stored(&mut self) {
        self.prints_stored = true;
        self.progress = None;
        self.bar.finish_and_clear();
    }

    /// Prints a line that is about the run.
    pub fn note(&self, status: &str, text: String) {
        self.line(&json!({ "status": status, "message": text }), Some(text));
    }

    /// Notes the first error of writing a file. The run goes on, since what it stores counts more.
    fn written(&mut self, written: Result<()>) {
        if let (Err(error), None) = (written, &self.unwritten) {
            self.note("failed", format!("azulejo: the report is not written: {error:#}"));
            (self.file, self.failures) = (None, None);
            self.unwritten = Some(error);
        }
    }

    fn summary(&self, status: &str) -> Value {
        let left = self.images.saturating_sub(self.bar.position());
        let warnings: serde_json::Map<String, Value> =
            self.warnings.iter().map(|(code, count)| (code.name().into(), json!(count))).collect();
        json!({
            "status": status,
            "stored": self.stored, "updated": self.updated, "unchanged": self.unchanged,
            "skipped": self.skipped, "failed": self.failed, "left": left, "read": self.read,
            "bytes": self.bytes, "seconds": self.start.elapsed().as_secs_f64(),
            "warnings": warnings,
        })
    }

    /// Puts what the report says so far under its name.
    pub fn publish(&mut self) {
        let summary = self.summary("watching");
        let published = self.file.as_mut().map(|file| file.publish(&summary));
        self.written(published.unwrap_or(Ok(())));
    }

    /// Prints the summary, and puts the files under their names. Fails if one cannot be written.
    pub fn finish(mut self, signal: Option<Signal>) -> Result<BatchResult> {
        // Clearing the bar sets it to its end.
        let summary = self.summary(if signal.is_some() { "interrupted" } else { "done" });
        self.bar.finish_and_clear();
        if let Some(failures) = self.failures.take() {
            failures.finish()?;
        }
        if let Some(file) = self.file.take() {
            file.finish(&summary)?;
        }
        let mut text = format!(
            "{} stored ({:.1} MB), {} unchanged, {} skipped, {} failed, in {:.1} s",
            self.stored,
            self.bytes as f64 / 1e6,
            self.unchanged + self.updated,
            self.skipped,
            self.failed,
            self.start.elapsed().as_secs_f64(),
        );
        let counts = self.warnings.iter().map(|(code, count)| format!("{count} {}", code.name()));
        let counts: Vec<String> = counts.collect();
        if !counts.is_empty() {
            let counts = counts.join(", ");
            text = format!("{text}; warnings: {counts} (azulejo ingest --report FILE lists them)");
        }
        if signal.is_some() {
            let left = &summary["left"];
            text = format!("interrupted: {text}; {left} left, the same command goes on");
        }
        self.line(&summary, Some(text));
        match (self.unwritten.take(), signal, self.failed) {
            (Some(error), None, _) => Err(error),
            (_, Some(Signal::Interrupt), _) => Ok(BatchResult::Interrupted),
            (_, Some(Signal::Terminate), _) => Ok(BatchResult::Terminated),
            (None, None, 0) => Ok(BatchResult::Done),
            (None, None, _) => Ok(BatchResult::SomeFailed),
        }
    }

    /// Prints JSON to standard output, or text to standard error without disturbing the bar.
    fn line(&self, line: &Value, text: Option<String>) {
        if self.json {
            // A closed pipe is the reader's decision and not an error.
            let _ = writeln!(std::io::stdout().lock(), "{line}");
        } else if let Some(text) = text {
            self.bar.suspend(|| {
                let _ = writeln!(std::io::stderr().lock(), "{text}");
            });
        }
    }
}
