//! Masters of many sizes as pyramids, which are made once.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

use super::large_tiff::{self, Layout};
use crate::{paths, process};

/// Width and height of a gigapixel picture.
pub const GIGAPIXEL: (u32, u32) = (32_768, 32_768);

/// Width and height of the masters, from 17 megapixels up. Each has the levels of the smaller ones, so
/// that a reply of a size needs the same level of all.
pub const SIZES: [(u32, u32); 4] = [(4_096, 4_096), (8_192, 8_192), (16_384, 16_384), GIGAPIXEL];

/// The pyramid of the gigapixel picture.
pub fn gigapixel(azulejo: &Path) -> Result<PathBuf> {
    pyramid(azulejo, GIGAPIXEL)
}

/// The pyramid of a picture of this size. Ingest skips it if it is there and would be the same.
pub fn pyramid(azulejo: &Path, size @ (width, height): (u32, u32)) -> Result<PathBuf> {
    let folder = paths::target().join("xtask-bench/masters");
    fs::create_dir_all(&folder)?;
    let name = format!("{width}x{height}");
    let original = folder.join(&name).with_extension("tif");
    // Another date would make ingest read the whole original again.
    if !original.exists() {
        println!("Making a master of {} megapixels", megapixels(size).round());
        large_tiff::write(&original, size, Layout::Tiles)?;
    }
    let mut ingest = process::program(azulejo)?;
    ingest.arg("ingest").arg(original).args(["--root", "Bench", "--to"]);
    process::run_quietly("azulejo ingest", ingest.arg(format!("dir:{}", folder.display())))?;
    Ok(folder.join("assets/Bench").join(name).with_extension("tif"))
}

/// Millions of pixels.
pub fn megapixels((width, height): (u32, u32)) -> f64 {
    f64::from(width) * f64::from(height) / 1e6
}
