//! Builds the release Worker: `build/worker/`.

use std::path::PathBuf;

use anyhow::Result;

use crate::{artifacts, paths, size::PackageSize};

/// The size limit of the Worker in gzipped bytes. Cloudflare's free plan allows 3 MB.
pub const LIMIT: u64 = 1_000_000;

/// Compiles the Worker and returns the path of its module.
pub fn compile() -> Result<PathBuf> {
    artifacts::compile("crates/edge-worker", &paths::target())
}

/// Builds the Worker if its sources have changed.
pub fn build() -> Result<()> {
    artifacts::for_worker(&compile()?, &entry(), &paths::worker())
}

/// Builds the test Worker that runs the store suite against R2.
pub fn build_store_suite() -> Result<()> {
    let module = artifacts::compile("tests/edge/store-worker", &paths::target())?;
    artifacts::for_worker(&module, &entry(), &paths::store_worker())
}

fn entry() -> PathBuf {
    paths::root().join("crates/edge-worker/entry.js")
}

/// The size of the files that are deployed.
pub fn size() -> Result<PackageSize> {
    PackageSize::of(&paths::worker(), &["js", "mjs", "wasm"])
}

/// Prints the size. Fails if it exceeds [`LIMIT`].
pub fn check_size() -> Result<()> {
    size()?.report("Worker", LIMIT)
}
