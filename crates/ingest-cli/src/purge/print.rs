//! Prints lines in batches, and notes.

use std::io::Write;

use anyhow::Result;
use serde_json::json;

use crate::args::PurgeArgs;

/// Prints the lines, or one object a batch. `field` is the name of the list in it.
pub fn batches(field: &str, lines: &[String], args: &PurgeArgs) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let most = args.batch.map_or(1000, usize::from);
    for (nth, batch) in lines.chunks(most).enumerate() {
        if args.json {
            writeln!(out, "{}", json!({ field: batch }))?;
            continue;
        }
        if nth > 0 && args.batch.is_some() {
            writeln!(out)?;
        }
        for line in batch {
            writeln!(out, "{line}")?;
        }
    }
    Ok(out.flush()?)
}

/// Tells people what the lines do not.
pub fn note(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stderr().lock(), "note: {text}")?)
}
