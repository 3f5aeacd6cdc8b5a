//! Runs the command line with a temporary folder as its store.

pub mod http;
pub mod programs;

use crate::skip::skip;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn azulejo(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_azulejo"));
    command.args(arguments).current_dir(root()).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The JSON report of `azulejo inspect` on a pyramid.
pub fn inspected(pyramid: &Path) -> serde_json::Value {
    let done = azulejo(&["inspect", "--json", pyramid.to_str().unwrap()]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

/// Images that are not part of the repository.
pub fn corpus() -> Option<PathBuf> {
    let corpus = root().join("../shared/corpus");
    if !corpus.is_dir() {
        skip("corpus", &format!("{} is not here", corpus.display()));
        return None;
    }
    Some(corpus)
}

pub struct Store(pub tempfile::TempDir);

impl Store {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn name(&self) -> String {
        format!("dir:{}", self.0.path().display())
    }

    /// Ingests one file and returns the path of its pyramid.
    pub fn pyramid(&self, original: &Path) -> PathBuf {
        let file = original.to_str().unwrap();
        let done = azulejo(&["ingest", file, "--to", &self.name(), "--id", "name"]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        let name = original.file_name().unwrap().to_str().unwrap();
        self.0.path().join(format!("assets/Samples/{name}.tif"))
    }

    /// The keys of the pyramids.
    pub fn pyramids(&self) -> Vec<String> {
        self.files().into_iter().filter(|name| name.ends_with(".tif")).collect()
    }

    /// All files except the lock and the stat cache, including staging files.
    pub fn files(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with(".lock") && !path.ends_with(".stat-cache") {
                    let name = path.strip_prefix(self.0.path()).unwrap();
                    names.push(name.to_str().unwrap().to_owned());
                }
            }
        }
        names.sort();
        names
    }
}
