//! The sample images in a local bucket.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    place,
    process::{self, cargo},
};

/// Builds the command line and gives its path.
pub fn azulejo() -> Result<PathBuf> {
    let mut build = cargo(&["build", "--quiet", "--profile", "native", "--package", "ingest-cli"])?;
    process::run("compiling azulejo", &mut build)?;
    Ok(place::target().join("native/azulejo"))
}

/// The ids of the samples in the bucket, in the order of their names.
pub fn ids() -> Result<Vec<String>> {
    let mut ids: Vec<String> = files()?
        .iter()
        .filter_map(|path| Some(format!("Samples/{}", path.file_stem()?.to_str()?)))
        .collect();
    ids.sort();
    Ok(ids)
}

/// Ingests all samples into the bucket in `state`, unless they are there already.
pub fn ingest(azulejo: &Path, state: &Path) -> Result<()> {
    unless_there(azulejo, state, || {
        let mut ingest = process::program(azulejo)?;
        ingest.args(["ingest", "samples/", "--to", "local", "--root", "Samples"]);
        process::run("azulejo ingest samples/", ingest.env("AZULEJO_STATE", state))
    })
}

/// Puts the pyramids of all samples into the bucket in `state`, unless they are there already. The
/// browser package makes them: the command line is not built for that.
pub fn put(state: &Path) -> Result<()> {
    let package = place::browser_package();
    unless_there(&package.join("browser_preview_bg.wasm"), state, || {
        let mut node = process::program(place::npm_program("node"))?;
        node.args([place::root().join("crates/xtask/src/samples.mjs"), place::root()]);
        node.arg(state).args(files()?).env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
        node.envs([("WRANGLER_SEND_METRICS", "false"), ("WRANGLER_LOG", "warn")]);
        process::run("making pyramids of samples/", &mut node)
    })
}

/// Calls `fill` unless the samples as they are now were put by this `program`.
fn unless_there(program: &Path, state: &Path, fill: impl FnOnce() -> Result<()>) -> Result<()> {
    let mut hasher = DefaultHasher::new();
    // Another program may write another layout.
    fs::read(program).with_context(|| program.display().to_string())?.hash(&mut hasher);
    for path in files()? {
        path.file_name().hash(&mut hasher);
        fs::read(&path)?.hash(&mut hasher);
    }
    let made_from = format!("{:016x}", hasher.finish());
    let stamp = state.join("samples.made-from");
    if fs::read_to_string(&stamp).is_ok_and(|had| had == made_from) {
        return Ok(());
    }
    println!("Putting the samples into the local bucket");
    fill()?;
    fs::create_dir_all(state)?;
    Ok(fs::write(stamp, made_from)?)
}

fn files() -> Result<Vec<PathBuf>> {
    let folder = place::root().join("samples");
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
