//! Turns a wasm module into what a platform loads. wasm-bindgen writes the JavaScript and wasm-opt
//! optimises the module. The result is rebuilt only if the module or this file has changed.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    paths,
    process::{self, cargo},
};

/// The features are listed because wasm-opt refuses a simd128 module that does not declare them.
const WASM_OPT: &[&str] = &[
    "-O3",
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

/// What a module is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// As fast as can be.
    Fast,
    /// Starts fast: longer functions stay on their own even if they have one caller, because V8
    /// compiles a function when it is first called. The first picture takes 127 ms instead of 131,
    /// later ones as long, and the module is 10 KB smaller. The browser package would lose 8 %.
    Worker,
    /// Pages wait for it: a little smaller. The Studio's engine becomes 998 instead of 1006 KB, and
    /// takes twice as long to make.
    Small,
    /// As fast, with the names of its functions.
    Profile,
}

impl Wish {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Fast => &["--strip-debug"],
            Self::Worker => &["--strip-debug", "--one-caller-inline-max-function-size=200"],
            Self::Small => &["--strip-debug", "-Os"],
            Self::Profile => &["--debuginfo"],
        }
    }
}

/// The arguments that make esbuild bundle the Worker's JavaScript into one file.
const ESBUILD: &[&str] =
    &["--bundle", "--minify", "--format=esm", "--external:*.wasm", "--external:cloudflare:*"];

/// Compiles the package in `folder` for wasm, with its output below `target`. Returns the path of
/// the module. Packages with different targets compile in parallel.
pub fn compile(folder: &str, target: &Path) -> Result<PathBuf> {
    let mut build = cargo(&["build", "--quiet", "--lib", "--release", "--target", paths::WASM])?;
    // In the package's folder: in the workspace's, cargo would unify its features with others'.
    build.current_dir(paths::root().join(folder));
    build.env("WASM_BINDGEN_USE_JS_SYS", "1").arg("--target-dir").arg(target);
    process::run(&format!("compiling {folder} for wasm"), &mut build)?;
    Ok(paths::wasm_module(folder, target))
}

/// Builds the browser package `name` in `folder`. Its JavaScript loads the module by itself.
pub fn for_page(module: &Path, name: &str, folder: &Path, wish: Wish) -> Result<()> {
    let fingerprint = fingerprint(&[module])?;
    build_if_changed(folder, &fingerprint, || {
        // The script loads the module from its own folder.
        Bindgen::new()
            .input_path(module)
            .web(true)?
            .out_name(name)
            .omit_default_module_path(false)
            .typescript(true)
            .generate(folder)?;
        let module = folder.join(format!("{name}_bg.wasm"));
        if wish == Wish::Small {
            minify(&folder.join(name).with_extension("js"))?;
        }
        optimise(&module, &module, wish)
    })
}

/// Builds a module whose functions take and return numbers only. It needs no JavaScript but an empty
/// function `__wbindgen_init_externref_table`, which it imports and does not call.
pub fn plain(module: &Path, name: &str, folder: &Path) -> Result<()> {
    let fingerprint = fingerprint(&[module])?;
    build_if_changed(folder, &fingerprint, || {
        let parts = module.with_extension("plain");
        Bindgen::new().input_path(module).web(true)?.out_name(name).generate(&parts)?;
        let target = folder.join(name).with_extension("wasm");
        optimise(&parts.join(format!("{name}_bg.wasm")), &target, Wish::Fast)
    })
}

/// Builds a Worker in `folder`. The script `entry` is its entry point, and `others` are modules that
/// it loads besides the engine.
pub fn for_worker(module: &Path, entry: &Path, others: &[PathBuf], folder: &Path) -> Result<()> {
    let mut inputs = vec![module, entry];
    inputs.extend(others.iter().map(PathBuf::as_path));
    let fingerprint = fingerprint(&inputs)?;
    build_if_changed(folder, &fingerprint, || {
        let parts = module.with_extension("worker");
        clear(&parts)?;
        // The abort handler reports a trap to the entry script, which then resets the state.
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
        let mut esbuild = process::program(paths::npm_program("esbuild"))?;
        esbuild.current_dir(&parts).args(ESBUILD).arg("entry.js");
        esbuild.arg(format!("--outfile={}", bundle.display()));
        process::run_quietly("esbuild", &mut esbuild)?;
        // The Workers runtime does not support source phase imports.
        let script = fs::read_to_string(&bundle)?.replace("import source ", "import ");
        fs::write(&bundle, script)?;
        for other in others {
            fs::copy(other, folder.join(other.file_name().unwrap_or_default()))?;
        }
        optimise(&parts.join("index_bg.wasm"), &folder.join("index_bg.wasm"), Wish::Worker)
    })
}

/// Removes comments and long names from a script.
fn minify(script: &Path) -> Result<()> {
    let mut esbuild = process::program(paths::npm_program("esbuild"))?;
    esbuild.args(["--minify", "--format=esm", "--allow-overwrite"]).arg(script);
    esbuild.arg(format!("--outfile={}", script.display()));
    process::run_quietly("esbuild", &mut esbuild).map(drop)
}

/// Optimises `module` and writes the result to `to`, which may be the same file.
fn optimise(module: &Path, to: &Path, wish: Wish) -> Result<()> {
    let mut optimise = process::program(paths::npm_program("wasm-opt"))?;
    optimise.args(WASM_OPT).args(wish.arguments()).arg(module).arg("-o").arg(to);
    process::run_quietly(&format!("wasm-opt {}", module.display()), &mut optimise)?;
    Ok(())
}

/// A hash of the input files and of this file.
fn fingerprint(files: &[&Path]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        fs::read(file).with_context(|| file.display().to_string())?.hash(&mut hasher);
    }
    // The module contains the version of wasm-bindgen; this file determines the rest.
    include_str!("artifacts.rs").hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

/// Empties `folder` and calls `build`, unless the last build had the same fingerprint.
fn build_if_changed(
    folder: &Path,
    fingerprint: &str,
    build: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let stamp = paths::root().join("build").join(folder.file_name().unwrap_or_default());
    let stamp = stamp.with_extension("made-from");
    if folder.exists() && fs::read_to_string(&stamp).is_ok_and(|last| last == fingerprint) {
        return Ok(());
    }
    // If the build fails, no fingerprint may match.
    fs::create_dir_all(paths::root().join("build"))?;
    fs::write(&stamp, "")?;
    clear(folder)?;
    build()?;
    Ok(fs::write(stamp, fingerprint)?)
}

/// Creates an empty folder, or empties it.
fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}
