//! Builds the engine for web pages: `www/pkg/`, wasm-bindgen's target `web`.

use std::path::PathBuf;

use anyhow::Result;

use crate::{artifacts, paths, size::PackageSize};

/// The size limit of the package in gzipped bytes. The formats of replies and colour management
/// added 128,000 to 808,000. The rest of a page of 1 MB is left to its scripts and samples.
pub const LIMIT: u64 = 950_000;

/// Compiles the package and returns the path of its module.
pub fn compile() -> Result<PathBuf> {
    artifacts::compile("crates/browser-preview", &paths::target().join("page"))
}

/// Builds the package if its sources have changed.
pub fn build() -> Result<()> {
    artifacts::for_page(&compile()?, "browser_preview", &paths::browser_package())
}

/// The size of the files that a page loads.
pub fn size() -> Result<PackageSize> {
    PackageSize::of(&paths::browser_package(), |_| true)
}

/// Prints the size. Fails if it exceeds [`LIMIT`].
pub fn check_size() -> Result<()> {
    size()?.report("browser package", LIMIT)
}
