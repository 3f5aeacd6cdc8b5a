//! The output of a run: progress and summary on standard error, results on standard output.

use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::{
    list::LeftOut,
    outcome::Outcome,
    tally::{Counted, Tally},
};
use crate::{check::printable, ingest::progress::Progress};

const STYLE: &str = "{bar:30} {pos}/{len} pairs  {per_sec}  {eta} left";

/// Prints the results of a run.
pub struct Printer {
    json: bool,
    threshold: f64,
    bar: ProgressBar,
    /// In place of the bar, in a log.
    progress: Option<Progress>,
    done: u64,
}

/// A result as `--json` has it.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    outcome: &'a Outcome,
    over: bool,
}

impl Printer {
    /// A printer for a run over so many pairs. On a terminal it shows a bar, else a line every few
    /// seconds.
    pub fn new(json: bool, threshold: f64, pairs: u64) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let progress = (!terminal).then(|| Progress::new(pairs, "pairs", Instant::now()));
        let target = match terminal {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(Some(pairs), target);
        if let Ok(style) = ProgressStyle::with_template(STYLE) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { json, threshold, bar, progress, done: 0 }
    }

    /// Prints the result of a pair: as JSON, or as text if it is over the threshold.
    pub fn pair(&mut self, outcome: &Outcome) {
        self.done += 1;
        self.bar.inc(1);
        let due = self.progress.as_mut().and_then(|p| p.line(self.done, Instant::now()));
        if let Some(line) = due {
            self.message(&line);
        }
        let over = outcome.is_over(self.threshold);
        let line = match self.json {
            true => serde_json::to_string(&Line { outcome, over }).ok(),
            false => over.then(|| text(outcome)),
        };
        if let Some(line) = line {
            self.bar.suspend(|| {
                // A closed pipe is the reader's decision and not an error.
                let _ = writeln!(std::io::stdout().lock(), "{line}");
            });
        }
    }

    /// Prints a message without disturbing the bar.
    pub fn message(&self, text: &str) {
        self.bar.suspend(|| {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        });
    }

    /// Prints what is in the inputs and is not compared.
    pub fn left_out(&self, left_out: &LeftOut) {
        let LeftOut { repeated, services, without, bases } = *left_out;
        let counts = [
            (repeated, "repeated"),
            (services, "of other services than Image Serving"),
            (bases, "incomplete, which a script completes"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts.map(|(count, what)| format!("{count} {what}")).collect();
        if !counts.is_empty() {
            self.message(&format!("URLs that are not compared: {}", counts.join(", ")));
        }
        if without > 0 {
            self.message(&format!("lines without an Image Serving URL: {without}"));
        }
    }

    /// Ends the bar and prints the summary.
    pub fn summary(&self, tally: &Tally) {
        self.bar.finish_and_clear();
        self.message(&format!("{:20} {:>9} {:>9}", "class", "pairs", "over"));
        for (class, Counted { pairs, over, .. }) in tally.classes() {
            self.message(&format!("{:20} {pairs:>9} {over:>9}", class.name()));
        }
        let (pairs, over) = (tally.pairs(), tally.over());
        self.message(&format!("{:20} {pairs:>9} {over:>9}", "all"));
    }
}

/// A result in one line of text.
fn text(outcome: &Outcome) -> String {
    let Outcome { class, url, .. } = outcome;
    let details = details(outcome).join("; ");
    format!("{:18} {}  {}", class.name(), printable(url), printable(&details)).trim_end().to_owned()
}

/// What is to be said about a pair besides its class.
pub fn details(outcome: &Outcome) -> Vec<String> {
    let Outcome { score, old, new, notes, .. } = outcome;
    let mut details: Vec<String> =
        score.map(|score| format!("score {score}")).into_iter().collect();
    if let (Some(old), Some(new)) = (old.size(), new.size())
        && old != new
    {
        details.push(format!("{new} instead of {old}"));
    }
    for (name, seen) in [("old", old), ("new", new)] {
        let status = seen.status.filter(|status| !(200..300).contains(status));
        let status = status.map(|status| format!("status {status}"));
        let words: Vec<String> = status.into_iter().chain(seen.error.clone()).collect();
        if !words.is_empty() {
            details.push(format!("{name}: {}", words.join(", ")));
        }
    }
    details.extend(notes.iter().cloned());
    details
}
