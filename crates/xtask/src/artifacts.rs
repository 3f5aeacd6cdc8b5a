//! From a wasm module to what a platform loads: the JavaScript side by wasm-bindgen, the module by
//! wasm-opt. It is made again only when the module or the way it is made changed.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    place,
    process::{self, cargo},
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

/// What esbuild makes one file of the Worker's JavaScript with.
const ESBUILD: &[&str] =
    &["--bundle", "--minify", "--format=esm", "--external:*.wasm", "--external:cloudflare:*"];

/// Compiles the package in `folder` for wasm, with its output below `target`, and gives the path of
/// the module. Packages are linked on one core each: those with targets of their own at once.
pub fn compile(folder: &str, target: &Path) -> Result<PathBuf> {
    let mut build = cargo(&["build", "--quiet", "--lib", "--release", "--target", place::WASM])?;
    // In its own folder: in the workspace's, it would get the features that others want.
    build.current_dir(place::root().join(folder));
    build.env("WASM_BINDGEN_USE_JS_SYS", "1").arg("--target-dir").arg(target);
    process::run(&format!("compiling {folder} for wasm"), &mut build)?;
    Ok(place::wasm_module(folder, target))
}

/// Makes the package `name` of a page in `folder`: its JavaScript loads the module by itself.
pub fn for_page(module: &Path, name: &str, folder: &Path) -> Result<()> {
    let made_from = hash(&[module])?;
    make_if_changed(folder, &made_from, || {
        // The script finds the module beside itself.
        Bindgen::new()
            .input_path(module)
            .web(true)?
            .out_name(name)
            .omit_default_module_path(false)
            .typescript(true)
            .generate(folder)?;
        let module = folder.join(format!("{name}_bg.wasm"));
        optimise(&module, &module)
    })
}

/// Makes a Worker in `folder`, which begins with the script `entry`.
pub fn for_worker(module: &Path, entry: &Path, folder: &Path) -> Result<()> {
    let made_from = hash(&[module, entry])?;
    make_if_changed(folder, &made_from, || {
        let parts = module.with_extension("worker");
        clear(&parts)?;
        // The entry resets the state after a trap, of which the abort handler tells it.
        Bindgen::new()
            .input_path(module)
            .module(true)?
            .out_name("index")
            .typescript(false)
            .reset_state_function(true)
            .force_enable_abort_handler(true)
            .generate(&parts)?;
        fs::copy(entry, parts.join("entry.js")).with_context(|| entry.display().to_string())?;
        let bundle = folder.join("index.js");
        let mut esbuild = process::program(place::npm_program("esbuild"))?;
        esbuild.current_dir(&parts).args(ESBUILD).arg("entry.js");
        esbuild.arg(format!("--outfile={}", bundle.display()));
        process::run_quietly("esbuild", &mut esbuild)?;
        // A Worker's module is imported as it is; the runtime knows no phases.
        let script = fs::read_to_string(&bundle)?.replace("import source ", "import ");
        fs::write(&bundle, script)?;
        optimise(&parts.join("index_bg.wasm"), &folder.join("index_bg.wasm"))
    })
}

/// Optimises a module into another file, which may be the same.
fn optimise(module: &Path, to: &Path) -> Result<()> {
    let mut optimise = process::program(place::npm_program("wasm-opt"))?;
    optimise.args(WASM_OPT).arg(module).arg("-o").arg(to);
    process::run_quietly(&format!("wasm-opt {}", module.display()), &mut optimise)?;
    Ok(())
}

/// Of what an artifact is made of, and how.
fn hash(files: &[&Path]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        fs::read(file).with_context(|| file.display().to_string())?.hash(&mut hasher);
    }
    // The module tells the version of wasm-bindgen, and this file the rest.
    include_str!("artifacts.rs").hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

/// Empties `folder` and calls `make`, unless it was made from the same before.
fn make_if_changed(
    folder: &Path,
    made_from: &str,
    make: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let stamp = place::root().join("build").join(folder.file_name().unwrap_or_default());
    let stamp = stamp.with_extension("made-from");
    if folder.exists() && fs::read_to_string(&stamp).is_ok_and(|had| had == made_from) {
        return Ok(());
    }
    // An emptied folder is made of nothing, should what follows fail.
    fs::create_dir_all(place::root().join("build"))?;
    fs::write(&stamp, "")?;
    clear(folder)?;
    make()?;
    Ok(fs::write(stamp, made_from)?)
}

/// An empty folder.
fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}
