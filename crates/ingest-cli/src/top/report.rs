//! Prints tables and what was skipped.

use std::io::Write;

use anyhow::Result;
use indicatif::DecimalBytes;
use serde_json::json;

use super::{Counts, keys::Keys, stats::Stats};
use crate::args::{By, TopArgs};

/// The name of requests that have none, such as those without a preset.
const NONE: &str = "(none)";

/// The name of those whose names were dropped.
const OTHERS: &str = "(others)";

/// Prints a table, or an object a line.
pub fn print(keys: &Keys, args: &TopArgs, out: &mut impl Write) -> Result<()> {
    let sorted = keys.sorted();
    let names = sorted.into_iter().take(args.limit);
    let others = keys.others().map(|stats| (OTHERS, stats));
    if !args.json {
        writeln!(
            out,
            "{:>9} {:>5} {:>9} {:>9} {:>9} {:>9} {:>10} {:>10} {:>7}  {}",
            "requests",
            "hits",
            "p50 ms",
            "p95 ms",
            "max ms",
            "total s",
            "sent",
            "a reply",
            "errors",
            title(keys.by)
        )?;
    }
    for (name, stats) in names.chain(others) {
        if args.json {
            writeln!(out, "{}", object(keys.by, name, stats))?;
        } else {
            writeln!(out, "{}", row(name, stats))?;
        }
    }
    Ok(())
}

fn title(by: By) -> &'static str {
    match by {
        By::Preset => "preset",
        By::Object => "object",
        By::Status => "status",
        By::Format => "format",
    }
}

fn row(name: &str, stats: &Stats) -> String {
    let bytes = |bytes: f64| DecimalBytes(bytes as u64).to_string();
    let hits = stats.hit_ratio().map(|ratio| format!("{:.0} %", ratio * 100.0));
    let made = &stats.made;
    let shown: String = name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    format!(
        "{:>9.0} {:>5} {:>9.1} {:>9.1} {:>9.1} {:>9.1} {:>10} {:>10} {:>7.0}  {}",
        stats.count,
        hits.as_deref().unwrap_or("-"),
        made.percentile(0.5),
        made.percentile(0.95),
        made.max(),
        stats.total / 1000.0,
        bytes(stats.bytes),
        bytes(stats.bytes / stats.count.max(1.0)),
        stats.errors,
        if shown.is_empty() { NONE } else { &shown },
    )
}

fn object(by: By, name: &str, stats: &Stats) -> serde_json::Value {
    let made = &stats.made;
    let rounded = |number: f64| (number * 10.0).round() / 10.0;
    json!({
        "by": title(by),
        "name": name,
        "requests": stats.count.round() as u64,
        "hitRatio": stats.hit_ratio(),
        "p50": rounded(made.percentile(0.5)),
        "p95": rounded(made.percentile(0.95)),
        "max": rounded(made.max()),
        "totalMs": rounded(stats.total),
        "bytes": stats.bytes.round() as u64,
        "errors": stats.errors.round() as u64,
    })
}

/// Tells how much was read, and what was not.
pub fn summary(tables: &[Keys], counts: &Counts) -> Result<()> {
    let mut err = std::io::stderr().lock();
    let Counts { lines, requests, torn, foreign } = counts;
    let stand_for = match (*requests - *lines as f64).abs() < 0.5 {
        true => String::new(),
        false => format!(", which stand for {requests:.0} requests"),
    };
    let plural =
        |count: u64, name: &str| format!("{count} {name}{}", if count == 1 { "" } else { "s" });
    writeln!(
        err,
        "{}{stand_for}; skipped: {}, {}",
        plural(*lines, "line"),
        plural(*torn, "torn line"),
        plural(*foreign, "other line")
    )?;
    for table in tables.iter().filter(|table| table.dropped > 0) {
        writeln!(
            err,
            "note: there are more {}s than fit into memory; {} times one that mattered little was \
             dropped and is counted in {OTHERS}. Figures of rare ones are too low",
            title(table.by),
            table.dropped
        )?;
    }
    Ok(())
}
