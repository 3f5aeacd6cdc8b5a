//! Measures ingest of one original against `vips` with the same work, one thread each, and its
//! memory.

use std::{fs, path::Path, process::Command, time::Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{
    PHOTO,
    large_tiff::{self, Layout},
    masters::GIGAPIXEL,
    peak_memory,
    peers::Peer,
    table::{Comparison, Table},
};
use crate::{paths, process};

/// The number of runs of each side. The fastest counts, since disturbances only slow a program
/// down.
const RUNS: usize = 7;

/// The limit of ingest's resident memory for a gigapixel, in bytes.
const MEMORY_LIMIT: u64 = 120_000_000;

/// The quality of both sides. From 90 on, libtiff's JPEG has chroma in full size.
const QUALITY: &str = "89";

/// Measures, adds rows to the table, and returns all numbers as JSON.
pub fn measure(azulejo: &Path, folder: &Path, table: &mut Table) -> Result<Value> {
    let photo = photo(azulejo, folder, table)?;
    let mut peaks = Vec::new();
    for (layout, what) in [
        (Layout::Tiles, "gigapixel TIFF in tiles: memory / 120 MB"),
        (Layout::Strips, "gigapixel TIFF in strips: memory / 120 MB"),
    ] {
        fs::create_dir_all(folder)?;
        let original = folder.join("gigapixel.tif");
        large_tiff::write(&original, GIGAPIXEL, layout)?;
        let begin = Instant::now();
        let peak = run(ours(azulejo, &original, folder)?.args(["--jobs", "1"]))?;
        let seconds = begin.elapsed().as_secs_f64();
        fs::remove_dir_all(folder)?;
        if let Some(peak) = peak {
            table.add(
                Comparison::at_most(what, &json!(peak), &json!(MEMORY_LIMIT), "MB", 1.0).per(1e6),
            );
        }
        peaks.push(json!({ "layout": format!("{layout:?}"), "peak": peak, "seconds": seconds }));
    }
    Ok(json!({ "photo": photo, "gigapixel": peaks }))
}

/// Ingests the photograph with both sides alternately.
fn photo(azulejo: &Path, folder: &Path, table: &mut Table) -> Result<Value> {
    if Peer::Vips.program().is_none() {
        return Ok(Value::Null);
    }
    let (mut best, mut peaks, mut sampling) = ([f64::INFINITY; 2], [None; 2], [const { None }; 2]);
    let pyramids = [folder.join("store/assets/Samples/pier.tif"), folder.join("vips.tif")];
    for _ in 0..RUNS {
        for side in 0..2 {
            // Each run begins with an empty folder.
            fs::create_dir_all(folder)?;
            let photo = paths::root().join(PHOTO);
            let mut command = if side == 0 {
                ours(azulejo, &photo, folder)?
            } else {
                vips(&photo, &pyramids[side])?
            };
            if side == 0 {
                command.args(["--jobs", "1"]);
            }
            let begin = Instant::now();
            peaks[side] = run(&mut command)?.max(peaks[side]);
            best[side] = best[side].min(begin.elapsed().as_secs_f64() * 1e3);
            sampling[side] = Some(chroma(&pyramids[side])?);
            fs::remove_dir_all(folder)?;
        }
    }
    if sampling[0] != sampling[1] {
        bail!("ingest and vips sampled chroma differently: {sampling:?}");
    }
    let [ours, vips] = best.map(|best| json!(best));
    let what = "20 MP JPEG to pyramid, ingest / vips tiffsave, both 4:2:0";
    table.add(Comparison::at_most(what, &ours, &vips, "ms", 0.7));
    if let [Some(ours), Some(vips)] = peaks {
        let what = "20 MP JPEG to pyramid: memory, ingest / vips tiffsave";
        table.add(Comparison::at_most(what, &json!(ours), &json!(vips), "MB", 1.0).per(1e6));
    }
    Ok(json!({ "ms": { "ingest": ours, "vips": vips },
        "peak": { "ingest": peaks[0], "vips": peaks[1] } }))
}

/// The numbers of samples of a JPEG's components in a TIFF's tiles, as in `2x2,1x1,1x1`: of its
/// first frame header.
fn chroma(tiff: &Path) -> Result<String> {
    let bytes = fs::read(tiff).with_context(|| tiff.display().to_string())?;
    // Start of frame, length 17, 8 bits, height and width, 3 components of 3 bytes each.
    let frame = bytes
        .windows(19)
        .find(|bytes| bytes.starts_with(&[0xff, 0xc0, 0, 17, 8]) && bytes.get(9) == Some(&3));
    let frame = frame
        .with_context(|| format!("{} has no JPEG tile of three components", tiff.display()))?;
    let components = frame.iter().skip(11).step_by(3).take(3);
    let texts: Vec<String> =
        components.map(|each| format!("{}x{}", each >> 4, each & 15)).collect();
    Ok(texts.join(","))
}

/// Ingest of an original or of a folder into a folder.
pub fn ours(azulejo: &Path, originals: &Path, folder: &Path) -> Result<Command> {
    let mut ingest = process::program(azulejo)?;
    let store = format!("dir:{}", folder.join("store").display());
    ingest.arg("ingest").arg(originals).args(["--quality", QUALITY, "--to", &store]);
    Ok(ingest)
}

/// Makes a pyramid with the same tiles, levels and quality.
pub fn vips(original: &Path, pyramid: &Path) -> Result<Command> {
    let mut save = process::program("vips")?;
    save.env("VIPS_CONCURRENCY", "1").arg("tiffsave").arg(original).arg(pyramid);
    save.args(["--tile", "--pyramid", "--compression", "jpeg", "--Q", QUALITY]);
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
