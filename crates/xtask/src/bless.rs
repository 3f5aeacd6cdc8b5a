//! `cargo xtask bless`: the golden tests rewrite their expected files.

use anyhow::Result;

use crate::process::{self, cargo};

/// Runs all tests with `BLESS=1`, which makes golden tests write instead of compare.
pub fn run() -> Result<()> {
    let mut test = cargo(&["test", "--quiet", "--workspace", "--tests"])?;
    process::run("cargo test", test.env("BLESS", "1"))?;
    println!("Look at what changed before you commit it: git diff --stat tests/ docs/");
    Ok(())
}
