//! What the user sees: a progress bar, or JSON lines, and a summary.

use std::{
    io::{IsTerminal, Write},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Error;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

/// Counts and tells.
pub struct Report {
    json: bool,
    bar: ProgressBar,
    start: Instant,
    stored: usize,
    bytes: u64,
    skipped: usize,
    failed: usize,
}

const STYLE: &str = "{bar:30} {pos}/{len} images  {per_sec}  {eta} left  {msg}";

impl Report {
    /// A report over this many images; the bar shows only on a terminal.
    pub fn new(json: bool, images: usize) -> Self {
        let target = if json || !std::io::stderr().is_terminal() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(images as u64), target);
        if let Ok(style) = ProgressStyle::with_template(STYLE) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { json, bar, start: Instant::now(), stored: 0, bytes: 0, skipped: 0, failed: 0 }
    }

    /// A pyramid is in the store.
    pub fn stored(&mut self, path: &Path, key: &str, bytes: usize) {
        self.stored += 1;
        self.bytes += bytes as u64;
        self.bar.inc(1);
        self.bar.set_message(key.to_owned());
        let line = json!({ "status": "stored", "file": path, "key": key, "bytes": bytes });
        self.line(&line, None);
    }

    /// A dry run would store it.
    pub fn planned(&mut self, path: &Path, key: &str) {
        self.stored += 1;
        let line = json!({ "status": "planned", "file": path, "key": key });
        self.line(&line, Some(format!("{} would become {key}", path.display())));
    }

    /// A file of a folder is no image.
    pub fn skipped(&mut self, path: &Path, why: &str) {
        self.skipped += 1;
        let line = json!({ "status": "skipped", "file": path, "reason": why });
        self.line(&line, Some(format!("{}: skipped, {why}", path.display())));
    }

    /// A file could not be ingested.
    pub fn failed(&mut self, path: &Path, error: &Error) {
        self.failed += 1;
        self.bar.inc(1);
        let line = json!({ "status": "failed", "file": path, "error": format!("{error:#}") });
        self.line(&line, Some(format!("{}: {error:#}", path.display())));
    }

    /// The summary; false when anything failed.
    pub fn finish(self) -> bool {
        self.bar.finish_and_clear();
        let seconds = self.start.elapsed().as_secs_f64();
        let line = json!({
            "status": "done", "stored": self.stored, "skipped": self.skipped,
            "failed": self.failed, "bytes": self.bytes, "seconds": seconds,
        });
        let text = format!(
            "{} stored ({:.1} MB), {} skipped, {} failed, in {seconds:.1} s",
            self.stored,
            self.bytes as f64 / 1e6,
            self.skipped,
            self.failed
        );
        self.line(&line, Some(text));
        self.failed == 0
    }

    /// JSON goes to standard output, words to standard error, past the bar.
    fn line(&self, line: &Value, text: Option<String>) {
        if self.json {
            // A closed pipe is the reader's decision, not an error of ours.
            let _ = writeln!(std::io::stdout().lock(), "{line}");
        } else if let Some(text) = text {
            self.bar.suspend(|| {
                let _ = writeln!(std::io::stderr().lock(), "{text}");
            });
        }
    }
}
