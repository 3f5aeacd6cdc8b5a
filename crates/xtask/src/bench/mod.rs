//! `cargo xtask bench`: speed and size as ratios, both sides measured in one run.

use std::path::PathBuf;

use anyhow::{Result, bail};

/// Options of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub struct Bench {
    /// Also write the numbers to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Bench {
    /// Measures all.
    pub fn run(self) -> Result<()> {
        let _ = self.json;
        bail!("no bench yet")
    }
}
