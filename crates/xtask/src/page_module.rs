//! The wasm modules of the page besides the browser package: wasm-bindgen's target `web`.

use std::path::PathBuf;

use anyhow::Result;

use crate::{
    artifacts::{self, Wish},
    paths,
    size::PackageSize,
};

/// A crate that is built for pages. All share a target folder, since they share most dependencies:
/// cargo compiles one after the other there, while the Worker compiles beside them.
#[derive(Debug, Clone, Copy)]
pub struct PageModule {
    /// What messages call it.
    pub title: &'static str,
    /// The crate, in `crates/`.
    pub package: &'static str,
    /// The folder it is served from, in `www/`.
    pub folder: &'static str,
    /// What it is built for.
    pub wish: Wish,
    /// Its size limit in gzipped bytes.
    pub limit: u64,
}

/// What the Studio loads first: the engine without text.
pub const STUDIO_ENGINE: PageModule = PageModule {
    title: "Studio's engine",
    package: "studio-engine",
    folder: "engine",
    wish: Wish::Small,
    limit: 1_003_000,
};

/// The tools that the page loads when it needs them. Before wasm-opt they have 1,026,000 bytes.
pub const TOOLS: PageModule = PageModule {
    title: "page's tools",
    package: "browser-tools",
    folder: "tools",
    wish: Wish::Fast,
    limit: 1_000_000,
};

impl PageModule {
    /// Compiles the crate and returns the path of its module.
    pub fn compile(self) -> Result<PathBuf> {
        artifacts::compile(&format!("crates/{}", self.package), &paths::target().join("page"))
    }

    /// Builds the module if its sources have changed.
    pub fn build(self) -> Result<()> {
        artifacts::for_page(
            &self.compile()?,
            &self.package.replace('-', "_"),
            &self.files(),
            self.wish,
        )
    }

    /// The folder of the files that a page loads.
    pub fn files(self) -> PathBuf {
        paths::page().join(self.folder)
    }

    /// The size of these files.
    pub fn size(self) -> Result<PackageSize> {
        PackageSize::of(&self.files(), |_| true)
    }

    /// Prints the size. Fails if it exceeds the limit.
    pub fn check_size(self) -> Result<()> {
        self.size()?.report(self.title, self.limit)
    }
}
