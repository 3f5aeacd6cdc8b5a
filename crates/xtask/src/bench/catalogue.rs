//! Measures ingest of many originals: its memory, the scan of a second run, and the resumption of a
//! run that was killed.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{
    peak_memory,
    table::{Comparison, Table},
};
use crate::process;

/// The sizes of the two catalogues.
const COUNTS: [u32; 2] = [10_000, 100_000];

/// How many originals a folder holds.
const FOLDER: u32 = 1_000;

/// The limit of a second run's scan, in microseconds for each original.
const SCAN_LIMIT: u64 = 20;

/// The limit of memory for each further original, in bytes. Most of it is what the allocator of
/// each thread keeps.
const MEMORY_LIMIT: u64 = 300;

/// The limit of the time from the start of the run after a killed one to its first result, in
/// seconds.
const RESUME_LIMIT: u64 = 10;

/// Measures, adds rows to the table, and returns all numbers as JSON.
pub fn measure(azulejo: &Path, folder: &Path, table: &mut Table) -> Result<Value> {
    let (originals, store) = (folder.join("originals"), folder.join("store"));
    let mut made = 0;
    let mut peaks = Vec::new();
    let mut resume = Value::Null;
    for count in COUNTS {
        write(&originals, made..count)?;
        made = count;
        if count == COUNTS[1] {
            resume = json!(killed_and_resumed(azulejo, &originals, &store, count / 2)?);
        }
        let (_, making) = run(azulejo, &originals, &store)?;
        // Those that were written just before they were read are read once more.
        let (_, scanning) = run(azulejo, &originals, &store)?;
        peaks.push(making.max(scanning));
    }
    let mut scan = f64::INFINITY;
    for _ in 0..3 {
        let begin = Instant::now();
        let (summary, _) = run(azulejo, &originals, &store)?;
        scan = scan.min(begin.elapsed().as_micros() as f64 / f64::from(made));
        if (&summary["unchanged"], &summary["read"]) != (&json!(made), &json!(0)) {
            bail!("a run with nothing to do did something: {summary}");
        }
    }
    fs::remove_dir_all(folder)?;
    let (what, limit) = ("second run over 100,000 originals, each / 20 µs", json!(SCAN_LIMIT));
    table.add(Comparison::at_most(what, &json!(scan), &limit, "µs", 1.0));
    let (what, limit) = ("first result after a killed run / 10 s", json!(RESUME_LIMIT));
    table.add(Comparison::at_most(what, &resume, &limit, "s", 1.0));
    if let [Some(few), Some(many)] = peaks.as_slice() {
        let each = many.saturating_sub(*few) / u64::from(COUNTS[1] - COUNTS[0]);
        let (what, limit) = ("memory of each further original / 300 bytes", json!(MEMORY_LIMIT));
        table.add(Comparison::at_most(what, &json!(each), &limit, "B", 1.0));
    }
    Ok(json!({ "counts": COUNTS, "peaks": peaks, "scan": scan, "resume": resume }))
}

/// Writes small SVGs, each in another colour.
fn write(originals: &Path, numbers: std::ops::Range<u32>) -> Result<()> {
    for number in numbers {
        let shelf = originals.join(format!("shelf-{:03}", number / FOLDER));
        if number % FOLDER == 0 {
            fs::create_dir_all(&shelf)?;
        }
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><rect fill=\"#{number:06x}\"/></svg>"
        );
        fs::write(shelf.join(format!("product-{number:06}.svg")), svg)?;
    }
    Ok(())
}

fn ingest(azulejo: &Path, originals: &Path, store: &Path) -> Result<Command> {
    let mut ingest = process::program(azulejo)?;
    let store = format!("dir:{}", store.display());
    ingest.arg("ingest").arg(originals).args(["--to", &store]);
    Ok(ingest)
}

/// Runs ingest. Returns its summary, and its peak memory in bytes on Linux.
fn run(azulejo: &Path, originals: &Path, store: &Path) -> Result<(Value, Option<u64>)> {
    let report = originals.with_extension("json");
    let mut ingest = ingest(azulejo, originals, store)?;
    let (output, peak) = peak_memory::run(ingest.arg("--report").arg(&report))?;
    if !output.status.success() {
        bail!("azulejo ingest failed\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let report: Value = serde_json::from_slice(&fs::read(report)?)?;
    Ok((report["summary"].clone(), peak))
}

/// Kills a run once it has stored so many originals. Returns after how many seconds another prints
/// that it has ingested one.
fn killed_and_resumed(azulejo: &Path, originals: &Path, store: &Path, count: u32) -> Result<f64> {
    let lines = |number: u32| -> Result<f64> {
        let begin = Instant::now();
        let mut ingest = ingest(azulejo, originals, store)?;
        let mut child = ingest.arg("--json").stdout(Stdio::piped()).spawn()?;
        let stdout = BufReader::new(child.stdout.take().context("no output")?);
        let stored = |line: &std::io::Result<String>| {
            line.as_ref().is_ok_and(|line| line.contains("\"status\":\"stored\""))
        };
        let seen = stdout.lines().filter(stored).take(number as usize).count();
        let seconds = begin.elapsed().as_secs_f64();
        child.kill()?;
        child.wait()?;
        if seen < number as usize {
            bail!("ingest stored {seen} originals instead of {number}");
        }
        Ok(seconds)
    };
    lines(count)?;
    lines(1)
}
