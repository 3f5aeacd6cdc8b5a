//! What the chores need besides cargo, installed where it is missing.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{place, process};

/// The npm packages of `package-lock.json` and the Rust target of both wasm packages.
pub fn install() -> Result<()> {
    wasm_target()?;
    npm_packages()
}

/// The npm packages: node 22, wrangler, binaryen, esbuild, playwright.
pub fn npm_packages() -> Result<()> {
    let root = place::root();
    let wanted = fs::read(root.join("package-lock.json")).context("package-lock.json")?;
    // npm's own copy of the lock file differs in form; this one says what was asked for.
    let installed = root.join("node_modules/.azulejo-installed");
    if fs::read(&installed).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    println!("Installing the npm packages (about 30 s and 550 MB, in node_modules/)");
    // Not through `program`: npm removes the node it would be run by.
    let mut npm = std::process::Command::new("npm");
    npm.current_dir(&root).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    process::run_quietly("npm ci (node 20 or later with npm is needed)", &mut npm)?;
    Ok(fs::write(installed, wanted)?)
}

/// The Rust target of both wasm packages.
pub fn wasm_target() -> Result<()> {
    let sysroot = process::run_quietly(
        "rustc --print sysroot",
        process::program("rustc")?.args(["--print", "sysroot"]),
    )?;
    if PathBuf::from(sysroot.trim()).join("lib/rustlib").join(place::WASM).exists() {
        return Ok(());
    }
    println!("Installing the Rust target {} (seconds)", place::WASM);
    let mut rustup = process::program("rustup")?;
    process::run_quietly("rustup target add", rustup.args(["target", "add", place::WASM]))?;
    Ok(())
}
