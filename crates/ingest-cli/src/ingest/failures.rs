//! What failed, as a file that can be fed back: one JSON object a line.

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
    /// Its path, as it was named or found.
    pub file: PathBuf,
    /// What it would have become: a folder's relative path is not in `file`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<Asset>,
    /// Why it failed.
    #[serde(default)]
    pub error: String,
}

/// Reads the file of a former run.
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

/// Writes the failures of this run; an empty file when there are none, so that no old ones stay.
pub fn write(path: &Path, failures: &[Failure]) -> Result<()> {
    let mut lines = Vec::new();
    for failure in failures {
        serde_json::to_writer(&mut lines, failure)?;
        lines.write_all(b"\n")?;
    }
    fs::write(path, lines).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("failed.jsonl");
        let asset = Asset { root: "Shop".into(), id: "shoes/red".into() };
        let failure =
            Failure { file: "x\ny/red.jpg".into(), asset: Some(asset), error: "why".into() };
        write(&path, std::slice::from_ref(&failure)).unwrap();
        assert_eq!(read(&path).unwrap(), [failure]);
        fs::write(&path, "\n{").unwrap();
        assert!(format!("{:#}", read(&path).unwrap_err()).contains("line 2"));
    }
}
