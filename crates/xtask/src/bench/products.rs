//! Ingest of 300 product photographs, two at once, against a loop of `vips` with two at once.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::{
    ingest, node,
    peers::Peer,
    table::{Comparison, Table},
};
use crate::{paths, process};

/// The number of photographs.
const COUNT: usize = 300;

/// How many are worked on at once.
const JOBS: usize = 2;

/// The number of runs of each side. The fastest counts.
const RUNS: usize = 2;

/// Measures, adds a row to the table, and returns all numbers as JSON.
pub fn measure(azulejo: &Path, original: &Path, table: &mut Table) -> Result<Value> {
    if Peer::Vips.program().is_none() {
        return Ok(Value::Null);
    }
    let folder = paths::target().join("xtask-bench/products");
    let mut make = node::node("products.mjs")?;
    node::run("products.mjs", make.arg(original).arg(&folder).arg(COUNT.to_string()))?;
    let mut photos: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(&folder)? {
        photos.push(entry?.path());
    }
    if photos.len() != COUNT {
        bail!("{} has {} files instead of {COUNT}; remove it", folder.display(), photos.len());
    }
    photos.sort();
    let output = folder.with_extension("out");
    let mut best = [f64::INFINITY; 2];
    for _ in 0..RUNS {
        for (side, best) in best.iter_mut().enumerate() {
            // Each run begins with an empty folder.
            fs::create_dir_all(&output)?;
            let begin = Instant::now();
            if side == 0 {
                ours(azulejo, &folder, &output)?;
            } else {
                vips(&photos, &output)?;
            }
            *best = best.min(begin.elapsed().as_secs_f64());
            fs::remove_dir_all(&output)?;
        }
    }
    let [ours, vips] = best.map(|best| json!(best));
    let what = "300 product photos, ingest --jobs 2 / a vips loop with two at once";
    table.add(Comparison::at_most(what, &ours, &vips, "s", 0.75));
    Ok(json!({ "ingest": ours, "vips": vips }))
}

fn ours(azulejo: &Path, photos: &Path, output: &Path) -> Result<()> {
    let mut command = ingest::ours(azulejo, photos, output)?;
    process::run_quietly("azulejo ingest", command.args(["--jobs", &JOBS.to_string()]))?;
    Ok(())
}

/// As a script does: the next photograph whenever a `vips` has ended.
fn vips(photos: &[PathBuf], output: &Path) -> Result<()> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<()> {
        while let Some(photo) = photos.get(next.fetch_add(1, Ordering::Relaxed)) {
            let name = photo.file_stem().unwrap_or_default();
            let mut save = ingest::vips(photo, &output.join(name).with_extension("tif"))?;
            let status = save.stdout(Stdio::null()).status()?;
            if !status.success() {
                bail!("{save:?} failed ({status})");
            }
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..JOBS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a loop of vips panicked")))
        })
    })
}
