//! The file of failures that `--retry` reads: one JSON object per line.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::asset::Asset;

/// A file that could not be ingested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Its path, as named on the command line or found in a folder.
    pub file: PathBuf,
    /// The asset that it would have become. `file` alone does not determine the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<Asset>,
    /// Why it failed.
    #[serde(default)]
    pub error: String,
}

/// Reads the file of an earlier run.
pub fn read(path: &Path) -> Result<Vec<Failure>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("{}, line {}", path.display(), number + 1))
        })
        .collect()
}

/// Adds a failure to a file.
pub fn write(file: &mut impl Write, failure: &Failure) -> Result<()> {
    serde_json::to_writer(&mut *file, failure)?;
    Ok(file.write_all(b"\n")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_failures_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("failed.jsonl");
        let asset = Asset { root: "Shop".into(), id: "shoes/red".into() };
        let failure =
            Failure { file: "x\ny/red.jpg".into(), asset: Some(asset), error: "why".into() };
        write(&mut fs::File::create(&path).unwrap(), &failure).unwrap();
        assert_eq!(read(&path).unwrap(), [failure]);
        fs::write(&path, "\n{").unwrap();
        assert!(format!("{:#}", read(&path).unwrap_err()).contains("line 2"));
    }
}
