//! The engine for web pages: `www/pkg/`, as wasm-bindgen's target `web`.

use anyhow::Result;

use crate::{artifacts, place, process, size::Size, tools::WasmTools};

/// Compressed bytes a page may have to load.
pub const LIMIT: u64 = 700_000;

/// Builds it, and nothing if nothing changed.
pub fn build(tools: &WasmTools) -> Result<()> {
    let module = artifacts::compile("crates/browser-preview")?;
    let folder = place::browser_package();
    artifacts::make_if_changed(&folder, &module, tools, || {
        let mut bind = process::program(&tools.wasm_bindgen)?;
        bind.args(["--target", "web", "--out-dir"]).arg(&folder).arg(&module);
        process::run_quietly("wasm-bindgen", &mut bind)?;
        artifacts::optimise(tools, &folder.join("browser_preview_bg.wasm"))
    })
}

/// What a page loads.
pub fn size() -> Result<Size> {
    Size::of(&place::browser_package(), &["js", "wasm"])
}

/// Prints the size; an error if it is too large.
pub fn check_size() -> Result<()> {
    size()?.report("browser package", LIMIT)
}
