//! The release Worker: `build/worker/`.

use anyhow::Result;

use crate::{artifacts, place, process, size::Size, tools::WasmTools};

/// Compressed bytes a Worker of this project may have; the platform's free plan takes 3 MB.
const LIMIT: u64 = 1_000_000;

/// Builds it, and nothing if nothing changed.
pub fn build(tools: &WasmTools) -> Result<()> {
    let module = artifacts::compile("edge-worker")?;
    let folder = place::worker();
    artifacts::make_if_changed(&folder, &module, tools, || {
        let mut build = process::program(&tools.worker_build)?;
        build
            .args(["--release", "--no-opt", "crates/edge-worker", "--out-dir"])
            .arg(&folder)
            // Without these it would download them.
            .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
            .env("WASM_OPT_BIN", &tools.wasm_opt)
            .env("ESBUILD_BIN", &tools.esbuild);
        process::run_quietly("worker-build", &mut build)?;
        artifacts::optimise(tools, &folder.join("index_bg.wasm"))
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
