//! `azulejo commands`: prints the table of protocol commands.

use std::io::Write;

use anyhow::Result;
use azulejo::commands::{Row, Support, rows};
use serde::Serialize;

#[derive(Serialize)]
struct Line {
    name: &'static str,
    syntax: &'static str,
    level: &'static str,
    note: &'static str,
    doc: &'static str,
}

/// Prints the table as text, or as a JSON array.
pub fn run(json: bool) -> Result<()> {
    let lines: Vec<Line> = rows().map(line).collect();
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&lines)?)?;
        return Ok(());
    }
    for line in lines {
        let call = format!("{}={}", line.name, line.syntax);
        writeln!(out, "{call:<48} {:<9} {}", line.level, line.note)?;
    }
    Ok(())
}

fn line(row: Row) -> Line {
    let (level, note) = match row.support() {
        Support::Full => ("full", ""),
        Support::Partial(note) => ("partial", note),
        Support::Accepted(note) => ("accepted", note),
        Support::Refused => ("refused", "an error where it would change the picture"),
    };
    Line { name: row.name(), syntax: row.syntax(), level, note, doc: row.doc() }
}
