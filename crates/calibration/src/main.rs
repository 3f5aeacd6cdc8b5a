//! Measures how other formats compare with a JPEG, by SSIMULACRA2.
//!
//! `cargo run --release -p calibration -- webp PYRAMID…` prints at which quality a WebP looks as good
//! as a JPEG; `avif` does the same. This table is the derivation of `src/resolve/smart_quality.rs`.
//! `savings` prints how many bytes Smart Imaging saves. AVIF needs the program `vips`, which decodes it.
#![expect(clippy::print_stdout, reason = "a command line program prints to stdout")]

mod pairs;
mod photo;
mod savings;
mod table;

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

use photo::Photo;

const USAGE: &str = "usage: calibration webp|avif|savings PYRAMID... | pairs PHOTOGRAPH...";

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let report = arguments.next().context(USAGE)?;
    if report == "pairs" {
        return pairs::print(&arguments.map(PathBuf::from).collect::<Vec<_>>());
    }
    let photos = arguments.map(|path| Photo::read(Path::new(&path)));
    let photos: Vec<Photo> = photos.collect::<Result<_>>()?;
    ensure!(!photos.is_empty(), USAGE);
    match report.as_str() {
        "webp" | "avif" => table::print(&report, &photos),
        "savings" => savings::print(&photos),
        _ => bail!(USAGE),
    }
}
