//! Puts the sample images into a local bucket.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    paths,
    process::{self, cargo},
};

/// Builds the `azulejo` command line and returns its path.
pub fn azulejo() -> Result<PathBuf> {
    let mut build = cargo(&["build", "--quiet", "--profile", "native", "--package", "ingest-cli"])?;
    process::run("compiling azulejo", &mut build)?;
    Ok(paths::target().join("native/azulejo"))
}

/// The ids of the samples in the bucket, sorted.
pub fn ids() -> Result<Vec<String>> {
    let mut ids: Vec<String> = files()?
        .iter()
        .filter_map(|path| Some(format!("Samples/{}", path.file_stem()?.to_str()?)))
        .collect();
    ids.sort();
    Ok(ids)
}

/// Ingests all samples with the command line into the bucket in `state`, unless they are up to
/// date.
pub fn ingest(azulejo: &Path, state: &Path) -> Result<()> {
    if_changed(azulejo, state, || {
        let mut ingest = process::program(azulejo)?;
        ingest.args(["ingest", "samples/", "--to", "local", "--root", "Samples"]);
        process::run("azulejo ingest samples/", ingest.env("AZULEJO_STATE", state))
    })
}

/// Puts the pyramids of all samples into the bucket in `state`, unless they are up to date. Uses
/// the browser package, since building the command line would take minutes.
pub fn put(state: &Path) -> Result<()> {
    let package = paths::browser_package();
    if_changed(&package.join("browser_preview_bg.wasm"), state, || {
        let mut node = process::program(paths::npm_program("node"))?;
        node.args([paths::root().join("crates/xtask/src/samples.mjs"), paths::root()]);
        node.arg(state).args(files()?).env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
        node.envs([("WRANGLER_SEND_METRICS", "false"), ("WRANGLER_LOG", "warn")]);
        process::run("making pyramids of samples/", &mut node)
    })
}

/// Calls `fill` if the samples or the `program` that ingests them have changed since the last time.
fn if_changed(program: &Path, state: &Path, fill: impl FnOnce() -> Result<()>) -> Result<()> {
    let mut hasher = DefaultHasher::new();
    // Another version of the program may write other pyramids.
    fs::read(program).with_context(|| program.display().to_string())?.hash(&mut hasher);
    for path in files()? {
        path.file_name().hash(&mut hasher);
        fs::read(&path)?.hash(&mut hasher);
    }
    let fingerprint = format!("{:016x}", hasher.finish());
    let stamp = state.join("samples.made-from");
    if fs::read_to_string(&stamp).is_ok_and(|last| last == fingerprint) {
        return Ok(());
    }
    println!("Putting the samples into the local bucket");
    fill()?;
    fs::create_dir_all(state)?;
    Ok(fs::write(stamp, fingerprint)?)
}

fn files() -> Result<Vec<PathBuf>> {
    let folder = paths::root().join("samples");
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
        if ["jpg", "jpeg", "png", "tif", "tiff"].contains(&extension) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
