//! What is printed and written about each original.

use std::path::Path;

use anyhow::{Error, Result};
use serde_json::json;

use super::Report;
use crate::{
    asset::Asset,
    ingest::{
        facts::{Code, Facts, Warning},
        failures::{self, Failure},
        finder::Item,
        original::Original,
        outcome::{Event, Ingested, Outcome},
        pyramid_builder::Damaged,
        report_file::Row,
        template::Prepared,
    },
};

/// Why `azulejo reprocess` passes over an asset.
const NOT_STORED: &str = "its original is not in the store: ingest it with --keep-originals";

impl Report {
    /// Reports an event.
    pub fn event(&mut self, event: Event) {
        match event {
            Event::Done(original, result) => self.done(&original, result),
            Event::Other(Item::Skipped(path, why)) => self.skipped(&path, &why),
            Event::Other(Item::Failed(path, error) | Item::Unreadable(path, error)) => {
                self.failed(&path, &error);
            }
            Event::Other(Item::Original(_)) => {}
        }
    }

    /// Reports the result of an original.
    fn done(&mut self, original: &Original, result: Result<Ingested>) {
        self.bar.inc(1);
        self.tick();
        let ingested = match result {
            Ok(ingested) => ingested,
            Err(error) => return self.fail(&original.path, Some(&original.asset), &error),
        };
        let (mut stored_bytes, mut message) = (None, None);
        let outcome = match ingested.outcome {
            Outcome::Stored { bytes } => {
                self.stored += 1;
                self.bytes += bytes;
                stored_bytes = Some(bytes);
                "stored"
            }
            Outcome::Updated => {
                self.updated += 1;
                "updated"
            }
            Outcome::Unchanged => {
                self.unchanged += 1;
                "unchanged"
            }
            Outcome::Planned => "planned",
            Outcome::OriginalNotStored => {
                self.skipped += 1;
                message = Some(NOT_STORED.to_owned());
                "skipped"
            }
        };
        self.read += u64::from(ingested.snapshot.is_some());
        self.count(&ingested.warnings);
        self.print(original, &ingested, outcome, stored_bytes.unwrap_or(0));
        let facts = ingested.facts.unwrap_or_default();
        self.row(&Row {
            object: Some(original.asset.name()),
            source: original.path.display().to_string(),
            outcome,
            facts: &facts,
            original_bytes: ingested.snapshot.as_ref().map(|snapshot| snapshot.bytes()),
            stored_bytes,
            milliseconds: Some(ingested.elapsed.as_millis() as u64),
            warnings: &ingested.warnings,
            message,
        });
    }

    /// Prints the result of an original.
    fn print(&self, original: &Original, ingested: &Ingested, outcome: &str, bytes: u64) {
        let (key, file) = (original.key(), original.path.display());
        let mut line = match ingested.outcome {
            Outcome::Planned => json!({ "status": outcome, "file": file.to_string(), "key": key }),
            Outcome::OriginalNotStored => {
                let file = file.to_string();
                let line = json!({ "status": outcome, "file": file, "reason": NOT_STORED });
                return self.line(&line, Some(format!("{file}: skipped, {NOT_STORED}")));
            }
            Outcome::Stored { .. } | Outcome::Updated | Outcome::Unchanged => {
                json!({ "status": outcome, "file": file.to_string(), "key": key, "bytes": bytes })
            }
        };
        let printed = ingested.warnings.iter().filter(|warning| warning.code.is_printed());
        let printed: Vec<&str> = printed.map(|warning| warning.message.as_str()).collect();
        let printed = printed.join("; ");
        if !ingested.warnings.is_empty() {
            line["warnings"] = json!(ingested.warnings);
        }
        let mut text = None;
        if !printed.is_empty() {
            line["warning"] = json!(printed);
        }
        if ingested.outcome == Outcome::Planned {
            text = Some(format!("{file} would become {key}"));
        } else if !printed.is_empty() {
            text = Some(format!("{file}: stored, although {printed}"));
        } else if self.prints_stored && ingested.outcome != Outcome::Unchanged {
            text = Some(format!("{file}: {outcome} as {}", original.asset.name()));
        }
        self.line(&line, text);
        self.bar.set_message(key);
    }

    /// Reports a set that was stored.
    pub fn set(&mut self, set: &Asset, members: usize) {
        let key = set.record();
        let line = json!({ "status": "set", "key": key, "members": members });
        self.line(&line, Some(format!("{key}: a set of {members}")));
    }

    /// Reports a template, and what it lacks of its Photoshop file.
    pub fn template(&mut self, template: &Prepared, status: &'static str) {
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
        let lost =
            |message: &String| Warning { code: Code::NotCarriedOver, message: message.clone() };
        let warnings: Vec<Warning> = losses.iter().map(lost).collect();
        self.count(&warnings);
        self.row(&Row { warnings: &warnings, ..row(&Facts::default(), Some(asset), file, status) });
    }

    /// Reports a file that is not ingested.
    pub fn skipped(&mut self, path: &Path, why: &str) {
        self.skipped += 1;
        let file = path.display().to_string();
        let line = json!({ "status": "skipped", "file": file, "reason": why });
        self.line(&line, Some(format!("{file}: skipped, {why}")));
        let message = Some(why.to_owned());
        self.row(&Row { message, ..row(&Facts::default(), None, file, "skipped") });
    }

    /// Reports a file that failed before it was opened.
    pub fn failed(&mut self, path: &Path, error: &Error) {
        self.fail(path, None, error);
    }

    fn fail(&mut self, path: &Path, asset: Option<&Asset>, error: &Error) {
        self.failed += 1;
        let (file, message) = (path.display().to_string(), format!("{error:#}"));
        let line = json!({ "status": "failed", "file": file, "error": message });
        self.line(&line, Some(format!("{file}: {message}")));
        let damaged = error.downcast_ref::<Damaged>();
        let damaged = damaged
            .map(|damaged| Warning { code: Code::Damaged, message: damaged.message().to_owned() });
        let warnings: Vec<Warning> = damaged.into_iter().collect();
        self.count(&warnings);
        self.row(&Row {
            warnings: &warnings,
            message: Some(message.clone()),
            ..row(&Facts::default(), asset, file, "failed")
        });
        let failure = Failure { file: path.to_owned(), asset: asset.cloned(), error: message };
        let written = self.failures.as_mut().map(|file| failures::write(file, &failure));
        self.written(written.unwrap_or(Ok(())));
    }

    /// Reports an original that was deleted. What was stored of it stays.
    pub fn gone(&mut self, path: &Path, asset: &Asset) {
        let (file, object) = (path.display().to_string(), asset.name());
        let line = json!({ "status": "gone", "file": file, "object": object });
        let text = format!("{file}: gone; {object} stays in the store (azulejo rm removes it)");
        self.line(&line, Some(text));
        self.row(&row(&Facts::default(), Some(asset), file, "gone"));
    }

    fn count(&mut self, warnings: &[Warning]) {
        for warning in warnings {
            *self.warnings.entry(warning.code).or_default() += 1;
        }
    }

    fn row(&mut self, row: &Row<'_>) {
        let written = self.file.as_mut().map(|file| file.row(row));
        self.written(written.unwrap_or(Ok(())));
    }
}

/// A row without details.
fn row<'a>(
    facts: &'a Facts,
    asset: Option<&Asset>,
    source: String,
    outcome: &'static str,
) -> Row<'a> {
    Row {
        object: asset.map(Asset::name),
        source,
        outcome,
        facts,
        original_bytes: None,
        stored_bytes: None,
        milliseconds: None,
        warnings: &[],
        message: None,
    }
}
