//! `azulejo diff` against real servers, with all that they do wrong.

mod faults;
mod files;
mod host;
mod report;
mod resume;
mod stores;

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{azulejo, text};

/// A folder for the files of a test.
struct Folder(TempDir);

/// What a run printed.
struct Done {
    code: Option<i32>,
    /// The lines of `--json`.
    pairs: Vec<Value>,
    stderr: String,
}

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Compares the URLs of a list.
    fn diff(&self, old: &str, new: &str, urls: &[&str], more: &[&str]) -> Done {
        let list = self.write("urls.txt", urls.join("\n"));
        run(&[&["--old", old, "--new", new, &list][..], more].concat())
    }
}

/// Runs the command. Without `--rate` it does not wait.
fn run(arguments: &[&str]) -> Done {
    let rate: &[&str] = if arguments.contains(&"--rate") { &[] } else { &["--rate", "10000"] };
    let done = azulejo(&[&["diff", "--json"], rate, arguments].concat());
    let pairs = text(&done.stdout);
    let pairs = pairs.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    Done { code: done.status.code(), pairs, stderr: text(&done.stderr) }
}

impl Done {
    /// The pair of a URL that ends so.
    #[track_caller]
    fn pair(&self, end: &str) -> &Value {
        let of = |pair: &&Value| pair["url"].as_str().unwrap().ends_with(end);
        let found = self.pairs.iter().find(of);
        assert!(found.is_some(), "{end}: {}", self.stderr);
        found.unwrap()
    }

    #[track_caller]
    fn class(&self, end: &str) -> &str {
        self.pair(end)["class"].as_str().unwrap()
    }
}
