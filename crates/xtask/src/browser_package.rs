//! Builds the whole engine for web pages: `www/pkg/`, and the npm package of it.

use std::path::PathBuf;

use anyhow::Result;

use crate::{
    artifacts::{self, Wish},
    npm_package,
    page_module::PageModule,
    paths,
    size::PackageSize,
};

/// The size limit of the package in gzipped bytes. Text, with two fonts, added 443,000 to 936,000; the
/// documentation of the commands 30,000; encoding planes and stored tiles 10,000. The page is without SVG.
pub const LIMIT: u64 = 1_475_000;

const MODULE: PageModule = PageModule {
    title: "browser package",
    package: "browser-preview",
    folder: "pkg",
    wish: Wish::Fast,
    limit: LIMIT,
};

/// Compiles the package and returns the path of its module.
pub fn compile() -> Result<PathBuf> {
    MODULE.compile()
}

/// Builds the package if its sources have changed, and the npm packages: of it, and of the viewers.
pub fn build() -> Result<()> {
    MODULE.build()?;
    npm_package::assemble()?;
    npm_package::assemble_viewers(&paths::viewers_package())
}

/// Builds the package once more, with the names of the functions in its module: for profiles.
pub fn build_profiled() -> Result<()> {
    artifacts::for_page(&compile()?, "browser_preview", &paths::profiled_package(), Wish::Profile)
}

/// The size of the files that a page loads.
pub fn size() -> Result<PackageSize> {
    MODULE.size()
}

/// Prints the size. Fails if it exceeds [`LIMIT`].
pub fn check_size() -> Result<()> {
    MODULE.check_size()
}
