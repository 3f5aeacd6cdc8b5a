//! The output of ingest: a progress bar, lines of progress or JSON lines, and a summary.

use std::{
    io::{IsTerminal, Write},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Error, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::{
    BatchResult,
    failures::{self, Failure},
    ingester::Outcome,
    originals::Original,
    progress::Progress,
    template::Prepared,
};
use crate::asset::Asset;

/// Counts results and prints them.
pub struct Report {
    json: bool,
    bar: ProgressBar,
    /// In place of the bar, in a log.
    progress: Option<Progress>,
    start: Instant,
    images: usize,
    stored: usize,
    updated: usize,
    unchanged: usize,
    bytes: u64,
    skipped: usize,
    failures: Vec<Failure>,
}

const STYLE: &str = "{bar:30} {pos}/{len} images  {per_sec}  {eta} left  {msg}";

impl Report {
    /// A report for this many images. On a terminal it shows a bar, else a line every few seconds.
    pub fn new(json: bool, images: usize) -> Self {
        let (start, terminal) = (Instant::now(), std::io::stderr().is_terminal());
        let progress = (!json && !terminal).then(|| Progress::new(images as u64, "images", start));
        let target = if json || !terminal {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(images as u64), target);
        if let Ok(style) = ProgressStyle::with_template(STYLE) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self {
            json,
            bar,
            progress,
            start,
            images,
            stored: 0,
            updated: 0,
            unchanged: 0,
            bytes: 0,
            skipped: 0,
            failures: Vec::new(),
        }
    }

    /// Reports the result of an original.
    pub fn done(&mut self, original: &Original, outcome: Result<Outcome>) {
        self.bar.inc(1);
        let done = self.bar.position();
        if let Some(line) = self.progress.as_mut().and_then(|p| p.line(done, Instant::now())) {
            let _ = writeln!(std::io::stderr().lock(), "{line}");
        }
        let key = original.key();
        let mut warned = None;
        let (status, bytes) = match outcome {
            Ok(Outcome::Stored { bytes, warning }) => {
                self.stored += 1;
                self.bytes += bytes;
                warned = warning;
                ("stored", bytes)
            }
            Ok(Outcome::Updated) => {
                self.updated += 1;
                ("updated", 0)
            }
            Ok(Outcome::Unchanged) => {
                self.unchanged += 1;
                ("unchanged", 0)
            }
            Ok(Outcome::Planned) => return self.planned(original),
            Ok(Outcome::OriginalNotStored) => {
                let reason = "its original is not in the store: ingest it with --keep-originals";
                return self.skipped(&original.path, reason);
            }
            Err(error) => return self.fail(&original.path, Some(original), &error),
        };
        let file = original.path.display().to_string();
        let mut line = json!({ "status": status, "file": file, "key": key, "bytes": bytes });
        if let Some(warning) = &warned {
            line["warning"] = json!(warning);
        }
        self.line(&line, warned.map(|warning| format!("{file}: stored, although {warning}")));
        self.bar.set_message(key);
    }

    /// Reports a set that was stored.
    pub fn set(&mut self, set: &Asset, members: usize) {
        let key = set.record();
        let line = json!({ "status": "set", "key": key, "members": members });
        self.line(&line, Some(format!("{key}: a set of {members}")));
    }

    /// Reports a template, and what it lacks of its Photoshop file.
    pub fn template(&mut self, template: &Prepared, status: &str) {
        let Prepared { path, asset, layers, fonts, losses, .. } = template;
        let (file, key) = (path.display().to_string(), asset.record());
        let line = json!({
            "status": status, "file": file, "key": key,
            "layers": layers, "fonts": fonts, "lost": losses,
        });
        let mut text = format!("{key}: a template of {layers} layers");
        if !fonts.is_empty() {
            text.push_str(&format!("; its fonts are {}", fonts.join(", ")));
        }
        for loss in losses {
            text.push_str(&format!("\n  not carried over: {loss}"));
        }
        self.line(&line, Some(text));
    }

    /// Reports an original that a run would ingest.
    fn planned(&mut self, original: &Original) {
        let (file, key) = (original.path.display().to_string(), original.key());
        let line = json!({ "status": "planned", "file": file, "key": key });
        self.line(&line, Some(format!("{file} would become {key}")));
    }

    /// Reports a file that is not ingested.
    pub fn skipped(&mut self, path: &Path, why: &str) {
        self.skipped += 1;
        let file = path.display().to_string();
        let line = json!({ "status": "skipped", "file": file, "reason": why });
        self.line(&line, Some(format!("{file}: skipped, {why}")));
    }

    /// Reports a file that failed before it was opened.
    pub fn failed(&mut self, path: &Path, error: &Error) {
        self.fail(path, None, error);
    }

    fn fail(&mut self, path: &Path, original: Option<&Original>, error: &Error) {
        let (file, error) = (path.display().to_string(), format!("{error:#}"));
        let line = json!({ "status": "failed", "file": file, "error": error });
        self.line(&line, Some(format!("{file}: {error}")));
        let asset = original.map(|original| original.asset.clone());
        self.failures.push(Failure { file: path.to_owned(), asset, error });
    }

    /// Prints the summary, and writes the failures to a file if one is named.
    pub fn finish(self, interrupted: bool, failures: Option<&Path>) -> Result<BatchResult> {
        self.bar.finish_and_clear();
        if let Some(path) = failures {
            failures::write(path, &self.failures)?;
        }
        let seconds = self.start.elapsed().as_secs_f64();
        let tried = usize::try_from(self.bar.position()).unwrap_or(self.images);
        let left = self.images.saturating_sub(tried);
        let failed = self.failures.len();
        let line = json!({
            "status": if interrupted { "interrupted" } else { "done" },
            "stored": self.stored, "updated": self.updated, "unchanged": self.unchanged,
            "skipped": self.skipped, "failed": failed, "left": left,
            "bytes": self.bytes, "seconds": seconds,
        });
        let mut text = format!(
            "{} stored ({:.1} MB), {} unchanged, {} skipped, {failed} failed, in {seconds:.1} s",
            self.stored,
            self.bytes as f64 / 1e6,
            self.unchanged + self.updated,
            self.skipped,
        );
        if interrupted {
            text = format!("interrupted: {text}; {left} left, the same command goes on");
        }
        self.line(&line, Some(text));
        Ok(match (interrupted, failed) {
            (true, _) => BatchResult::Interrupted,
            (false, 0) => BatchResult::Done,
            (false, _) => BatchResult::SomeFailed,
        })
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
