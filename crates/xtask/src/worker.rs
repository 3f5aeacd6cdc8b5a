//! The release Worker: `build/worker/`.

use std::path::PathBuf;

use anyhow::Result;

use crate::{artifacts, place, size::Size};

/// Compressed bytes a Worker of this project may have; the platform's free plan takes 3 MB.
pub const LIMIT: u64 = 1_000_000;

/// The module of the Worker.
pub fn compile() -> Result<PathBuf> {
    artifacts::compile("crates/edge-worker", &place::target())
}

/// Builds it, and nothing if nothing changed.
pub fn build() -> Result<()> {
    artifacts::for_worker(&compile()?, &entry(), &place::worker())
}

/// Builds the Worker that runs the store suite over R2.
pub fn build_store_suite() -> Result<()> {
    let module = artifacts::compile("tests/edge/store-worker", &place::target())?;
    artifacts::for_worker(&module, &entry(), &place::store_worker())
}

fn entry() -> PathBuf {
    place::root().join("crates/edge-worker/entry.js")
}

/// What is uploaded.
pub fn size() -> Result<Size> {
    Size::of(&place::worker(), &["js", "mjs", "wasm"])
}

/// Prints the size; an error if it is too large.
pub fn check_size() -> Result<()> {
    size()?.report("Worker", LIMIT)
}
