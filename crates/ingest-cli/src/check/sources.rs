//! The sources that URLs are checked against: a catalog folder, a store, both, or neither.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};

use crate::{
    args::{CheckArgs, Usage},
    publish::{self, compile::compile, folder::Folder},
    store::{Bucket, Location},
};

/// A catalog folder and a store, if they are given.
pub struct Sources {
    /// The folder, compiled.
    pub folder: Option<Folder>,
    /// The store, opened.
    pub bucket: Option<Bucket>,
}

impl Sources {
    /// Compiles the folder and opens the store. Fails if the folder has errors.
    pub fn open(args: &CheckArgs) -> Result<Self> {
        if let Some(path) = args.catalog.as_ref().filter(|path| !path.is_dir()) {
            let path = path.display();
            let message = format!(
                "--catalog {path}: no such folder; name the one that azulejo publish takes"
            );
            return Err(Usage(message).into());
        }
        if let Some(Location::Folder(path)) = &args.from
            && !path.is_dir()
        {
            let path = path.display();
            let message =
                format!("--from dir:{path}: no such folder; name the one that ingest fills");
            return Err(Usage(message).into());
        }
        let compiled = |path: &PathBuf| {
            let folder = compile(&publish::files(path)?);
            let errors = folder.problems.errors().join("\n");
            match errors.as_str() {
                "" => publish::catalogs(&folder).map(|_| folder),
                _ => Err(anyhow!("{errors}")).with_context(|| path.display().to_string()),
            }
        };
        let folder = args.catalog.as_ref().map(compiled).transpose()?;
        let from = args.from.as_ref();
        let bucket = from.map(|from| Bucket::open(from, args.state.as_deref())).transpose()?;
        Ok(Self { folder, bucket })
    }
}
