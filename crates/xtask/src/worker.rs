//! Builds the release Worker: `build/worker/`.

use std::path::PathBuf;

use anyhow::Result;

use crate::{artifacts, paths, size::PackageSize};

/// The size limit of the Worker in gzipped bytes, without the modules that it loads when they are
/// needed. Cloudflare's free plan allows 3 MB for all.
/// Text, SVG and lossless WebP added 739,000 to 991,000; then texts and images of SVGs, layers of inks,
/// cache tags and logs 184,000; the lists of the page 11,000.
pub const LIMIT: u64 = 1_945_000;

/// The size limit of the encoder of AVIF in gzipped bytes.
pub const AVIF_LIMIT: u64 = 400_000;

/// The modules of a Worker.
pub struct Modules {
    engine: PathBuf,
    avif: PathBuf,
}

/// Compiles the Worker and the encoder of AVIF. They share most build dependencies, so they share a
/// target folder.
pub fn compile() -> Result<Modules> {
    let compile = |folder| artifacts::compile(folder, &paths::target());
    Ok(Modules { engine: compile("crates/edge-worker")?, avif: compile("crates/avif-encoder")? })
}

/// Builds the Worker if its sources have changed.
pub fn build() -> Result<()> {
    let Modules { engine, avif } = compile()?;
    artifacts::plain(&avif, "avif", &paths::avif())?;
    artifacts::for_worker(&engine, &entry(), &[paths::avif().join(AVIF)], &paths::worker())
}

/// Builds the test Worker that runs the store suite against R2.
pub fn build_store_suite() -> Result<()> {
    let module = artifacts::compile("tests/edge/store-worker", &paths::target())?;
    artifacts::for_worker(&module, &entry(), &[], &paths::store_worker())
}

/// Builds the bare Worker of the bench.
pub fn build_bare() -> Result<()> {
    let module = artifacts::compile("crates/xtask/bare-worker", &paths::target())?;
    artifacts::for_worker(&module, &entry(), &[], &paths::bare_worker())
}

fn entry() -> PathBuf {
    paths::root().join("crates/edge-worker/entry.js")
}

/// The file name of the encoder of AVIF.
const AVIF: &str = "avif.wasm";

/// The size of what a Worker starts with.
pub fn size() -> Result<PackageSize> {
    PackageSize::of(&paths::worker(), |name| name != AVIF)
}

/// The size of the encoder of AVIF.
pub fn avif_size() -> Result<PackageSize> {
    PackageSize::of(&paths::worker(), |name| name == AVIF)
}

/// Prints the sizes. Fails if one exceeds its limit.
pub fn check_size() -> Result<()> {
    let engine = size()?.report("Worker", LIMIT);
    engine.and(avif_size()?.report("AVIF module", AVIF_LIMIT))
}
