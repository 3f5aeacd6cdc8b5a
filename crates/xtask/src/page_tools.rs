//! Builds the tools that the page loads when it needs them: `www/tools/`, wasm-bindgen's target `web`.

use std::path::PathBuf;

use anyhow::Result;

use crate::{artifacts, paths, size::PackageSize};

/// The size limit of the tools in gzipped bytes. Before wasm-opt they have 1,026,000.
pub const LIMIT: u64 = 1_000_000;

/// Compiles the tools and returns the path of their module. They share most dependencies with the
/// browser package, so they share its target folder: cargo compiles one after the other there,
/// while the Worker compiles beside them.
pub fn compile() -> Result<PathBuf> {
    artifacts::compile("crates/browser-tools", &paths::target().join("page"))
}

/// Builds the tools if their sources have changed.
pub fn build() -> Result<()> {
    artifacts::for_page(&compile()?, "browser_tools", &paths::page_tools())
}

/// The size of the files that a page loads.
pub fn size() -> Result<PackageSize> {
    PackageSize::of(&paths::page_tools(), |_| true)
}

/// Prints the size. Fails if it exceeds [`LIMIT`].
pub fn check_size() -> Result<()> {
    size()?.report("page's tools", LIMIT)
}
