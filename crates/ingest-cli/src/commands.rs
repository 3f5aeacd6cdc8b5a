//! `azulejo commands`: prints the table of protocol commands.

use std::io::Write;

use anyhow::Result;
use azulejo::{
    commands::{Row, Support, rows},
    ops::ORDER,
};
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
    let lines: Vec<Line> = rows().filter_map(line).collect();
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

fn line(row: Row) -> Option<Line> {
    Some(match row {
        Row::Command(command) => {
            let (level, note) = match command.support {
                Support::Full => ("full", ""),
                Support::Partial(note) => ("partial", note),
                Support::Accepted(note) => ("accepted", note),
                Support::Refused => ("refused", "an error where it would change the picture"),
            };
            Line { name: command.name, syntax: command.syntax, level, note, doc: command.doc }
        }
        Row::Operation(place) => {
            let operation = ORDER.get(place)?;
            let (name, syntax, doc) = (operation.name, operation.syntax, operation.doc);
            Line { name, syntax, level: "full", note: "", doc }
        }
    })
}
