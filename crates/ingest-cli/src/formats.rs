//! `azulejo ingest --formats`: what originals may be, from the table that decodes them.

use std::io::Write;

use anyhow::Result;
use serde_json::json;

/// Prints the list, or one JSON array.
pub fn run(as_json: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if as_json {
        let formats: Vec<_> = originals::formats()
            .map(|format| {
                json!({ "name": format.name, "extensions": format.extensions, "reads": format.reads })
            })
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&formats)?)?;
        return Ok(());
    }
    for format in originals::formats() {
        let extensions = format.extensions.join(" ");
        writeln!(out, "{:<10} {extensions:<20} {}", format.name, format.reads)?;
    }
    Ok(())
}
