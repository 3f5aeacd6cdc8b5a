//! The release Worker: `build/worker/`.

use std::path::Path;

use anyhow::Result;

use crate::{artifacts, place, process, size::Size, tools::WasmTools};

/// Compressed bytes a Worker of this project may have; the platform's free plan takes 3 MB.
pub const LIMIT: u64 = 1_000_000;

/// Builds it, and nothing if nothing changed.
pub fn build(tools: &WasmTools) -> Result<()> {
    build_package("crates/edge-worker", &place::worker(), tools)
}

/// Builds the Worker that runs the store suite over R2.
pub fn build_store_suite(tools: &WasmTools) -> Result<()> {
    build_package("tests/edge/store-worker", &place::store_worker(), tools)
}

fn build_package(package: &str, output: &Path, tools: &WasmTools) -> Result<()> {
    let module = artifacts::compile(package)?;
    artifacts::make_if_changed(output, &module, tools, || {
        let mut build = process::program(&tools.worker_build)?;
        build
            .args(["--release", "--no-opt", package, "--out-dir"])
            .arg(output)
            // Without these it would download them.
            .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
            .env("WASM_OPT_BIN", &tools.wasm_opt)
            .env("ESBUILD_BIN", &tools.esbuild);
        process::run_quietly("worker-build", &mut build)?;
        artifacts::optimise(tools, &output.join("index_bg.wasm"))
    })
}

/// What is uploaded.
pub fn size() -> Result<Size> {
    Size::of(&place::worker(), &["js", "mjs", "wasm"])
}

/// Prints the size; an error if it is too large.
pub fn check_size() -> Result<()> {
    size()?.report("Worker", LIMIT)
}
