//! The short chores: build, bless, deploy.

use std::process::Stdio;

use anyhow::{Result, bail};

use crate::{
    browser_package,
    process::{self, cargo},
    steps, tools, worker, wrangler,
};

/// `cargo xtask build`: both wasm packages, and their sizes.
pub fn build() -> Result<()> {
    tools::install()?;
    build_packages()?;
    // Both are printed before one of them fails.
    let (worker, browser) = (worker::check_size(), browser_package::check_size());
    worker.and(browser)
}

/// Builds the Worker and the browser package, each on a core.
pub fn build_packages() -> Result<()> {
    steps::side_by_side(&[("Worker", worker::build), ("browser package", browser_package::build)])
}

/// `cargo xtask bless`: the golden tests write instead of comparing.
pub fn bless() -> Result<()> {
    let mut test = cargo(&["test", "--quiet", "--workspace", "--tests"])?;
    process::run("cargo test", test.env("BLESS", "1"))?;
    println!("Look at what changed before you commit it: git diff --stat tests/");
    Ok(())
}

/// `cargo xtask deploy`: what is deployed is always what the sources say now.
pub fn deploy(arguments: &[String]) -> Result<()> {
    build()?;
    // In this terminal's own process group: wrangler may ask who you are.
    let mut deploy = wrangler::command(&["deploy"])?;
    let status = deploy.args(arguments).stdin(Stdio::inherit()).status()?;
    if !status.success() {
        bail!("wrangler deploy failed ({status})");
    }
    Ok(())
}
