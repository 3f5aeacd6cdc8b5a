//! Installs the tools that the tasks need besides cargo, if they are missing.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{paths, process};

/// Installs the npm packages of `package-lock.json` and the Rust target for wasm.
pub fn install() -> Result<()> {
    wasm_target()?;
    npm_packages()
}

/// Installs the npm packages: node 22, wrangler, binaryen, esbuild, playwright.
pub fn npm_packages() -> Result<()> {
    let root = paths::root();
    let wanted = fs::read(root.join("package-lock.json")).context("package-lock.json")?;
    // npm's own copy of the lock file has another format, so compare with our copy.
    let installed = root.join("node_modules/.azulejo-installed");
    if fs::read(&installed).is_ok_and(|last| last == wanted) {
        return Ok(());
    }
    println!("Installing the npm packages (about 30 s and 550 MB, in node_modules/)");
    // Not through `program`: `npm ci` removes the node that would run it.
    let mut npm = std::process::Command::new("npm");
    npm.current_dir(&root).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    process::run_quietly("npm ci (node 20 or later with npm is needed)", &mut npm)?;
    Ok(fs::write(installed, wanted)?)
}

/// Installs the Rust target for wasm.
pub fn wasm_target() -> Result<()> {
    let sysroot = process::run_quietly(
        "rustc --print sysroot",
        process::program("rustc")?.args(["--print", "sysroot"]),
    )?;
    if PathBuf::from(sysroot.trim()).join("lib/rustlib").join(paths::WASM).exists() {
        return Ok(());
    }
    println!("Installing the Rust target {} (seconds)", paths::WASM);
    let mut rustup = process::program("rustup")?;
    process::run_quietly("rustup target add", rustup.args(["target", "add", paths::WASM]))?;
    Ok(())
}
