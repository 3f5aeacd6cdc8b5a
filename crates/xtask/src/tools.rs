//! What the chores need besides cargo, installed where it is missing.

use std::{fs, io::ErrorKind, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    place,
    process::{self, cargo},
};

/// Must be the version of the `worker` crate.
const WORKER_BUILD: &str = "0.8.7";

/// The programs that turn cargo's wasm into what the platforms load.
#[derive(Debug)]
pub struct WasmTools {
    /// Makes a Worker of a cdylib.
    pub worker_build: PathBuf,
    /// Makes the JavaScript side.
    pub wasm_bindgen: PathBuf,
    /// Optimises.
    pub wasm_opt: PathBuf,
    /// Bundles the JavaScript side.
    pub esbuild: PathBuf,
}

/// The npm packages of `package-lock.json`: node 22, wrangler, binaryen, esbuild, playwright.
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

/// The wasm target and all programs for it.
pub fn wasm() -> Result<WasmTools> {
    npm_packages()?;
    wasm_target()?;
    let bindgen = locked_version("wasm-bindgen")?;
    let tools = WasmTools {
        worker_build: cargo_tool("worker-build", "worker-build", WORKER_BUILD, "4 min")?,
        wasm_bindgen: cargo_tool("wasm-bindgen-cli", "wasm-bindgen", &bindgen, "3 min")?,
        wasm_opt: place::npm_program("wasm-opt"),
        esbuild: place::npm_program("esbuild"),
    };
    match fs::remove_dir_all(building()?) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        Ok(()) | Err(_) => Ok(tools),
    }
}

fn wasm_target() -> Result<()> {
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

/// Where tools are compiled: one folder, since most of their dependencies are the same.
fn building() -> Result<PathBuf> {
    Ok(place::tools()?.join("building"))
}

/// A program of a crate, built once per version and user. Its lock file is used where the registry
/// has all that it names; nothing but the registry is asked either way.
fn cargo_tool(package: &str, program: &str, version: &str, time: &str) -> Result<PathBuf> {
    let tools = place::tools()?;
    let folder = tools.join(format!("{package}-{version}"));
    let installed = folder.join("bin").join(program);
    if installed.exists() {
        return Ok(installed);
    }
    println!(
        "Building {package} {version} (about {time} on two cores; once, in {})",
        tools.display()
    );
    let install = |locked: &[&str]| {
        let mut install = cargo(&["install", package, "--version", version])?;
        install.arg("--root").arg(&folder).arg("--target-dir").arg(building()?);
        // They run for seconds a day: compiled in half the time, they are fast enough.
        install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        process::run_quietly(&format!("cargo install {package}"), install.args(locked))
    };
    if let Err(error) = install(&["--locked"]) {
        // A mirror may lack a release that was withdrawn, or is only days old.
        println!(
            "  FALLBACK: without its lock file, with the newest releases that the registry has of what \
             {package} {version} needs. With it: {}",
            first_line(&error)
        );
        install(&[])?;
    }
    Ok(installed)
}

fn first_line(error: &anyhow::Error) -> String {
    let text = error.to_string();
    let line = text.lines().find(|line| line.starts_with("error")).unwrap_or(&text);
    line.to_owned()
}

/// A crate's version in Cargo.lock: the generated JavaScript must come from the same release.
fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(place::root().join("Cargo.lock")).context("Cargo.lock")?;
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    let version = lines.next().and_then(|line| line.strip_prefix("version = \""));
    let version = version.with_context(|| format!("{package} is not in Cargo.lock"))?;
    Ok(version.trim_end_matches('"').to_owned())
}
