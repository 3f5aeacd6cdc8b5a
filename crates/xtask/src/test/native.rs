//! The checks of cargo: format, lints, tests, documentation, packages.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use anyhow::{Result, bail};

use crate::{
    paths, print_error,
    process::{self, cargo},
    tools,
};

/// Runs all checks, even after one has failed.
pub fn run() -> Result<()> {
    // The wasm packages are also linted for their own target.
    tools::install()?;
    let clippy = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    let wasm_clippy = [
        "clippy",
        "--quiet",
        "--target",
        paths::WASM,
        "--package",
        "azulejo",
        "--package",
        "edge-worker",
        "--package",
        "browser-engine",
        "--package",
        "browser-preview",
        "--package",
        "browser-tools",
        "--package",
        "studio-engine",
        "--package",
        "store-worker",
        "--",
        "-D",
        "warnings",
    ];
    // What somebody could publish. It is compiled from the repository only.
    let package = [
        "package",
        "--quiet",
        "--no-verify",
        "--allow-dirty",
        "--package",
        "azulejo",
        "--package",
        "avif-encoder",
        "--package",
        "compare",
        "--package",
        "originals",
        "--package",
        "subject",
        "--package",
        "server",
        "--package",
        "ingest-cli",
    ];
    let checks: [(&str, &[&str]); 6] = [
        ("format", &["fmt", "--all", "--check"]),
        ("lints", &clippy),
        ("lints for wasm", &wasm_clippy),
        ("tests", &["test", "--quiet", "--workspace"]),
        ("documentation", &["doc", "--quiet", "--workspace", "--no-deps"]),
        ("packages", &package),
    ];
    let skipped = paths::target().join("skipped-tests.tsv");
    // A file of an earlier run, if there is one.
    let _ = fs::remove_file(&skipped);
    let mut failed = Vec::new();
    for (name, arguments) in checks {
        println!("-- {name}: cargo {}", arguments.join(" "));
        let mut check = cargo(arguments)?;
        check.env("RUSTDOCFLAGS", "-D warnings").env("WASM_BINDGEN_USE_JS_SYS", "1");
        check.env("AZULEJO_SKIPPED", &skipped);
        if let Err(error) = process::run(name, &mut check) {
            print_error(&error);
            failed.push(name);
        }
    }
    print_skipped(&fs::read_to_string(&skipped).unwrap_or_default());
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

/// Prints which tests were skipped in whole or in part, and what they lacked; see `tests/skip.rs`.
fn print_skipped(list: &str) {
    let mut lacking: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in list.lines() {
        let mut fields = line.split('\t');
        let (what, test) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        lacking.entry(what).or_default().insert(test);
    }
    for (what, tests) in lacking {
        let names: Vec<&str> = tests.iter().copied().collect();
        println!("skipped for want of {what}: {} ({})", tests.len(), names.join(", "));
    }
}
