//! What is made of a wasm module is made again only when the module or the tools changed.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    place,
    process::{self, cargo},
    tools::WasmTools,
};

/// Spelled out, since wasm-opt refuses a simd128 module that does not declare it.
const WASM_OPT: &[&str] = &[
    "-O3",
    "--strip-debug",
    "--strip-producers",
    "--enable-simd",
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-reference-types",
    "--enable-exception-handling",
];

/// Compiles the package in `folder` for wasm and gives the path of the module.
pub fn compile(folder: &str) -> Result<PathBuf> {
    let mut build = cargo(&["build", "--quiet", "--lib", "--release", "--target", place::WASM])?;
    // In its own folder and with the variable that worker-build sets, so that the two share a build.
    build.current_dir(place::root().join(folder));
    build.env("WASM_BINDGEN_USE_JS_SYS", "1");
    process::run(&format!("compiling {folder} for wasm"), &mut build)?;
    Ok(place::wasm_module(folder))
}

/// Optimises a module in place.
pub fn optimise(tools: &WasmTools, module: &Path) -> Result<()> {
    let mut optimise = process::program(&tools.wasm_opt)?;
    optimise.args(WASM_OPT).arg(module).arg("-o").arg(module);
    process::run_quietly(&format!("wasm-opt {}", module.display()), &mut optimise)?;
    Ok(())
}

/// Calls `make` unless `folder` was already made from this module by these tools.
pub fn make_if_changed(
    folder: &Path,
    module: &Path,
    tools: &WasmTools,
    make: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let mut hasher = DefaultHasher::new();
    fs::read(module).with_context(|| module.display().to_string())?.hash(&mut hasher);
    (&tools.worker_build, &tools.wasm_bindgen, WASM_OPT).hash(&mut hasher);
    let made_from = format!("{:016x}", hasher.finish());
    let stamp = place::root().join("build").join(folder.file_name().unwrap_or_default());
    let stamp = stamp.with_extension("made-from");
    if folder.exists() && fs::read_to_string(&stamp).is_ok_and(|had| had == made_from) {
        return Ok(());
    }
    make()?;
    fs::create_dir_all(place::root().join("build"))?;
    Ok(fs::write(stamp, made_from)?)
}
