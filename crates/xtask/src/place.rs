//! Where things lie: the repository, what is built, what is kept between runs.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The target of both wasm packages.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Cargo's output folder.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The release wasm module of the package in `folder`, before any post-processing.
pub fn wasm_module(folder: &str, target: &Path) -> PathBuf {
    let package = folder.rsplit('/').next().unwrap_or(folder).replace('-', "_");
    target.join(WASM).join("release").join(package).with_extension("wasm")
}

/// A program of the npm packages.
pub fn npm_program(name: &str) -> PathBuf {
    root().join("node_modules/.bin").join(name)
}

/// The built Worker.
pub fn worker() -> PathBuf {
    root().join("build/worker")
}

/// The built Worker that runs the store suite.
pub fn store_worker() -> PathBuf {
    root().join("build/store-worker")
}

/// The built browser package, served with the preview page.
pub fn browser_package() -> PathBuf {
    root().join("www/pkg")
}

/// `PATH` with the npm programs first: their node runs wrangler where the machine's is too old.
pub fn search_path() -> Result<std::ffi::OsString> {
    let machine = env::var_os("PATH").unwrap_or_default();
    let npm = [root().join("node_modules/.bin")];
    let all = npm.into_iter().chain(env::split_paths(&machine));
    env::join_paths(all).context("PATH cannot be extended")
}
