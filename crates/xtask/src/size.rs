//! Measures the raw and gzipped size of packages.

use std::{fs, io::Write, path::Path};

use anyhow::{Result, bail};
use flate2::{Compression, write::GzEncoder};

/// The size of a package in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct PackageSize {
    /// The sum of the file sizes.
    pub raw: u64,
    /// The sum with each file gzipped at the default level.
    pub gzipped: u64,
}

impl PackageSize {
    /// The size of the JavaScript and wasm in `folder` whose file names `counts` accepts.
    pub fn of(folder: &Path, counts: impl Fn(&str) -> bool) -> Result<Self> {
        let mut sum = Self::default();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if counts(name) && (name.ends_with("js") || name.ends_with(".wasm")) {
                let bytes = fs::read(&path)?;
                let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
                gzip.write_all(&bytes)?;
                sum.raw += bytes.len() as u64;
                sum.gzipped += gzip.finish()?.len() as u64;
            }
        }
        Ok(sum)
    }

    /// Prints both sizes on one line. Fails above `limit` gzipped bytes.
    pub fn report(self, what: &str, limit: u64) -> Result<()> {
        println!(
            "{what:<16} {:>7.1} KB raw  {:>6.1} KB gzipped  (limit {} KB)",
            self.raw as f64 / 1e3,
            self.gzipped as f64 / 1e3,
            limit / 1000
        );
        if self.gzipped > limit {
            bail!("{what} is over its limit by {} bytes", self.gzipped - limit);
        }
        Ok(())
    }
}
