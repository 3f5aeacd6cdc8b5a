//! Builds the engine for web pages: `www/pkg/`, wasm-bindgen's target `web`.

use std::path::PathBuf;

use anyhow::Result;

use crate::{artifacts, npm_package, paths, size::PackageSize};

/// The size limit of the package in gzipped bytes. Text, with two fonts, added 443,000 to 936,000; the
/// documentation of the commands 30,000. The page is without SVG.
pub const LIMIT: u64 = 1_470_000;

/// Compiles the package and returns the path of its module.
pub fn compile() -> Result<PathBuf> {
    artifacts::compile("crates/browser-preview", &paths::target().join("page"))
}

/// Builds the package if its sources have changed, and the npm packages: of it, and of the viewers.
pub fn build() -> Result<()> {
    artifacts::for_page(&compile()?, "browser_preview", &paths::browser_package())?;
    npm_package::assemble()?;
    npm_package::assemble_viewers(&paths::viewers_package())
}

/// Builds the package once more, with the names of the functions in its module: for profiles.
pub fn build_profiled() -> Result<()> {
    artifacts::with_names(&compile()?, "browser_preview", &paths::profiled_package())
}

/// The size of the files that a page loads.
pub fn size() -> Result<PackageSize> {
    PackageSize::of(&paths::browser_package(), |_| true)
}

/// Prints the size. Fails if it exceeds [`LIMIT`].
pub fn check_size() -> Result<()> {
    size()?.report("browser package", LIMIT)
}
