//! The engine for web pages: `www/pkg/`, as wasm-bindgen's target `web`.

use std::path::PathBuf;

use anyhow::Result;

use crate::{artifacts, place, size::Size};

/// Compressed bytes a page may have to load.
pub const LIMIT: u64 = 700_000;

/// The module of the package.
pub fn compile() -> Result<PathBuf> {
    artifacts::compile("crates/browser-preview", &place::target().join("page"))
}

/// Builds it, and nothing if nothing changed.
pub fn build() -> Result<()> {
    artifacts::for_page(&compile()?, "browser_preview", &place::browser_package())
}

/// What a page loads.
pub fn size() -> Result<Size> {
    Size::of(&place::browser_package(), &["js", "wasm"])
}

/// Prints the size; an error if it is too large.
pub fn check_size() -> Result<()> {
    size()?.report("browser package", LIMIT)
}
