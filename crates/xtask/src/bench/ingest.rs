//! Measures ingest against `vips` with the same work, one thread each.

use std::{
    fs, io,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{
    PHOTO, catalogue,
    large_tiff::{self, Layout},
    peak_memory,
    table::{Comparison, Table},
};
use crate::{paths, process};

/// The number of runs of each side. The fastest counts, since disturbances only slow a program
/// down.
const RUNS: usize = 7;

/// Width and height of a gigapixel picture.
const GIGAPIXEL: (u32, u32) = (32_768, 32_768);

/// The limit of ingest's resident memory for it, in bytes.
const MEMORY_LIMIT: u64 = 400_000_000;

/// Measures, adds rows to the table, and returns all numbers as JSON.
pub fn measure(azulejo: &Path, table: &mut Table) -> Result<Value> {
    let folder = paths::target().join("xtask-bench/ingest");
    let photo = photo(azulejo, &folder, table)?;
    let mut peaks = Vec::new();
    for (layout, what) in [
        (Layout::Tiles, "ingest of a gigapixel in tiles: memory / 400 MB"),
        (Layout::Strips, "ingest of a gigapixel in strips: memory / 400 MB"),
    ] {
        fs::create_dir_all(&folder)?;
        let original = folder.join("gigapixel.tif");
        large_tiff::write(&original, GIGAPIXEL, layout)?;
        let begin = Instant::now();
        let peak = run(&mut ours(azulejo, &original, &folder)?)?;
        let seconds = begin.elapsed().as_secs_f64();
        fs::remove_dir_all(&folder)?;
        if let Some(peak) = peak {
            table.add(
                Comparison::at_most(what, &json!(peak), &json!(MEMORY_LIMIT), "MB", 1.0).per(1e6),
            );
        }
        peaks.push(json!({ "layout": format!("{layout:?}"), "peak": peak, "seconds": seconds }));
    }
    let catalogue = catalogue::measure(azulejo, &folder, table)?;
    Ok(json!({ "photo": photo, "gigapixel": peaks, "catalogue": catalogue }))
}

/// Ingests the photograph with both sides alternately.
fn photo(azulejo: &Path, folder: &Path, table: &mut Table) -> Result<Value> {
    if let Err(error) = Command::new("vips").arg("--version").stdout(Stdio::null()).status() {
        if error.kind() != io::ErrorKind::NotFound {
            return Err(error).context("vips --version");
        }
        println!("skipped: ingest / vips tiffsave: vips is not installed");
        return Ok(Value::Null);
    }
    let (mut best, mut peaks) = ([f64::INFINITY; 2], [None; 2]);
    for _ in 0..RUNS {
        for side in 0..2 {
            // Each run begins with an empty folder.
            fs::create_dir_all(folder)?;
            let photo = paths::root().join(PHOTO);
            let mut command =
                if side == 0 { ours(azulejo, &photo, folder)? } else { vips(&photo, folder)? };
            let begin = Instant::now();
            peaks[side] = run(&mut command)?.max(peaks[side]);
            best[side] = best[side].min(begin.elapsed().as_secs_f64() * 1e3);
            fs::remove_dir_all(folder)?;
        }
    }
    let [ours, vips] = best.map(|best| json!(best));
    table.add(Comparison::at_most("20 MP JPEG to pyramid, ingest / vips", &ours, &vips, "ms", 1.2));
    if let [Some(our_peak), Some(vips_peak)] = peaks {
        let mb = |bytes: u64| bytes as f64 / 1e6;
        println!(
            "peak memory of the 20 MP JPEG: ingest {:.0} MB, vips {:.0} MB",
            mb(our_peak),
            mb(vips_peak)
        );
    }
    Ok(json!({ "ms": { "ingest": ours, "vips": vips },
        "peak": { "ingest": peaks[0], "vips": peaks[1] } }))
}

fn ours(azulejo: &Path, original: &Path, folder: &Path) -> Result<Command> {
    let mut ingest = process::program(azulejo)?;
    let store = format!("dir:{}", folder.join("store").display());
    ingest.arg("ingest").arg(original).args(["--jobs", "1", "--to"]).arg(store);
    Ok(ingest)
}

/// Makes a pyramid with the same tiles, levels and quality.
fn vips(original: &Path, folder: &Path) -> Result<Command> {
    let mut save = process::program("vips")?;
    save.env("VIPS_CONCURRENCY", "1").arg("tiffsave").arg(original).arg(folder.join("vips.tif"));
    save.args(["--tile", "--pyramid", "--compression", "jpeg", "--Q", "90"]);
    save.args(["--tile-width", "256", "--tile-height", "256"]);
    Ok(save)
}

/// Runs a command to its end. Returns its peak memory in bytes on Linux. Fails if the command
/// fails.
fn run(command: &mut Command) -> Result<Option<u64>> {
    let (output, peak) = peak_memory::run(command)?;
    if !output.status.success() {
        bail!("{command:?} failed\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(peak)
}
