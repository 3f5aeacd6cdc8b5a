//! The samples of the repository, for `azulejo serve --samples`.

use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::Parser;
use tokio::runtime::Runtime;

use super::cache_folder;
use crate::{
    args::{Args, Command},
    ingest::{self, BatchResult},
    store::Location,
};

/// Requests to begin with.
pub const EXAMPLES: [&str; 3] = [
    "dandelions?$product$&wid=800",
    "dunes?wid=600&hei=600&fit=crop&qlt=85",
    "pier?wid=400&fmt=png-alpha",
];

/// Ingests the samples into a folder of the user's cache, unless they are there already.
pub fn ingested(runtime: &Runtime) -> Result<Location> {
    let store = Location::Folder(cache_folder().join("samples"));
    let (files, to) = (files(&folder()?)?, store.to_string());
    let words = ["azulejo", "ingest", "--root", "Samples", "--to", &to].map(OsString::from);
    let words = words.into_iter().chain(files.into_iter().map(OsString::from));
    let Command::Ingest(args) = Args::try_parse_from(words)?.command else {
        bail!("the samples cannot be ingested");
    };
    match ingest::run(&args, runtime)? {
        BatchResult::Done => Ok(store),
        BatchResult::SomeFailed => bail!("not all samples could be ingested; see the lines above"),
        BatchResult::Interrupted | BatchResult::Terminated => bail!("interrupted"),
    }
}

/// The samples: all files but the text about them.
fn files(samples: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(samples).with_context(|| samples.display().to_string())?;
    let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut files = paths?;
    files.retain(|path| path.extension().is_some_and(|extension| extension != "md"));
    files.sort();
    Ok(files)
}

/// The folder `samples/` of the checkout in which this is run.
fn folder() -> Result<PathBuf> {
    let here = env::current_dir()?;
    let found = here.ancestors().map(|above| above.join("samples")).find(|samples| {
        samples.join("README.md").is_file()
            && samples.with_file_name("wrangler.example.toml").is_file()
    });
    found.context("no samples here or above: run this in a checkout of the repository, or name a store with --from")
}
