//! Runs the scripts of `bench/` in the node of the npm packages.

use std::{path::Path, process::Command};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{paths, process};

/// Runs a script with the photograph and returns its last line, parsed as JSON.
pub fn measure(script: &str, photo: &Path) -> Result<Value> {
    run(script, node(script)?.arg(photo))
}

/// A command that runs a script.
pub fn node(script: &str) -> Result<Command> {
    let mut node = process::program(paths::npm_program("node"))?;
    node.env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
    node.arg(paths::root().join("crates/xtask/bench").join(script));
    Ok(node)
}

/// Runs a command of [`node`] and returns its last line, parsed as JSON.
pub fn run(script: &str, node: &mut Command) -> Result<Value> {
    let output = process::run_quietly(script, node)?;
    let result = output.lines().last().unwrap_or_default();
    serde_json::from_str(result).with_context(|| format!("{script} printed no result: {result}"))
}
