//! Paths of the repository, of build output and of installed programs.

use std::{
    env,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use anyhow::{Context, Result};

/// The Rust target of both wasm packages.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// The path of this program, as it was at the first call. Cargo replaces the file while it tests the
/// workspace; from then on the system says that it is deleted.
pub fn this_program() -> Result<PathBuf> {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    if let Some(path) = PATH.get() {
        return Ok(path.clone());
    }
    let path = env::current_exe().context("where is this program?")?;
    Ok(PATH.get_or_init(|| path).clone())
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The release wasm module of the package in `folder`, as the compiler writes it below `target`.
pub fn wasm_module(folder: &str, target: &Path) -> PathBuf {
    let package = folder.rsplit('/').next().unwrap_or(folder).replace('-', "_");
    target.join(WASM).join("release").join(package).with_extension("wasm")
}

/// An executable of the npm packages.
pub fn npm_program(name: &str) -> PathBuf {
    root().join("node_modules/.bin").join(name)
}

/// The folder of the built Worker.
pub fn worker() -> PathBuf {
    root().join("build/worker")
}

/// The folder of the module that encodes AVIF.
pub fn avif() -> PathBuf {
    root().join("build/avif")
}

/// The folder of the built test Worker that runs the store suite.
pub fn store_worker() -> PathBuf {
    root().join("build/store-worker")
}

/// The folder of the page.
pub fn page() -> PathBuf {
    root().join("www")
}

/// The folder of the built bare Worker, which the bench compares the Worker's start with.
pub fn bare_worker() -> PathBuf {
    root().join("build/bare-worker")
}

/// The folder of the browser package whose module has the names of its functions.
pub fn profiled_package() -> PathBuf {
    root().join("build/profiled")
}

/// The folder of the built browser package, which is served with the page.
pub fn browser_package() -> PathBuf {
    page().join("pkg")
}

/// The folder of the npm package for browsers.
pub fn npm_package() -> PathBuf {
    root().join("build/npm")
}

/// The folder of the npm package of the viewers.
pub fn viewers_package() -> PathBuf {
    root().join("build/npm-viewers")
}

/// `PATH` with the npm executables first. Their node runs wrangler if the machine's node is too
/// old.
pub fn search_path() -> Result<std::ffi::OsString> {
    let machine = env::var_os("PATH").unwrap_or_default();
    let npm = [root().join("node_modules/.bin")];
    let all = npm.into_iter().chain(env::split_paths(&machine));
    env::join_paths(all).context("PATH cannot be extended")
}
