//! `azulejo publish`: compiles a catalog folder and stores what the server reads.
//!
//! A folder is all there is to say of its catalogs: what it said last time and says no more is
//! taken back. `publication` remembers that, in the store; `changes` tells what a publish does.

pub mod changes;
mod check;
pub mod compile;
mod fields;
pub mod files;
pub mod folder;
mod images;
mod manifest;
mod maps;
mod named;
pub mod problem;
pub mod publication;
pub mod records;
mod rule_set;
mod stale;
mod table;
mod text;

use std::{io::Write, path::Path};

use anyhow::{Context, Result, bail};
use azulejo::{catalog::Compiled, limits};

use crate::{
    args::PublishArgs,
    store::{Bucket, Location},
};
use changes::Changes;
use compile::compile;
use files::Files;
use folder::{Folder, Stale};
use problem::Severity;

/// Bytes of one file of a catalog folder, and files: more is no catalog.
const FILE_BYTES: u64 = 256 << 20;
const FILES: usize = 10_000;

/// Publishes a folder; false when it has errors: then nothing is stored, or with `--keep-going`
/// all but the bad rows.
pub async fn run(args: &PublishArgs) -> Result<bool> {
    let files = files(&args.folder)?;
    let mut folder = compile(&files);
    let mut err = std::io::stderr().lock();
    for problem in &folder.problems.0 {
        writeln!(err, "{problem}")?;
    }
    let worst = folder.problems.worst();
    let sound = worst < Some(Severity::Row);
    if !(sound || args.keep_going && worst == Some(Severity::Row)) {
        writeln!(err, "azulejo: nothing was published")?;
        return Ok(false);
    }
    let mut out = std::io::stdout().lock();
    let absent = matches!(&args.to, Location::Folder(path) if !path.exists());
    if !(args.dry_run && absent) {
        let bucket = Bucket::open_or_make(&args.to, args.state.as_deref())?;
        stale::keep(&bucket, &mut folder).await?;
        let catalogs = catalogs(&folder)?;
        let name = publication::name(&args.folder, args.name.as_deref())?;
        let mut changes = Changes::new(&bucket, &name, args.name.is_some(), &folder).await?;
        for problem in images::missing(&bucket, &folder, changes.rows()).await?.0 {
            writeln!(err, "{problem}")?;
        }
        let lost = changes.lost(args.dry_run).await?;
        let gone = match args.dry_run {
            true => changes.take_back(true).await?,
            false => changes.carry_out(&files, &catalogs).await?,
        };
        for line in lost.into_iter().chain(gone) {
            writeln!(out, "{line}")?;
        }
    }
    for (root, compiled) in &folder.catalogs {
        let (attributes, macros) = (compiled.attributes.len(), compiled.macros.len());
        let (rules, key) = (compiled.rules.len(), Compiled::key(root));
        let records = folder.rows.iter().filter(|(of, _)| of == root).count();
        writeln!(
            out,
            "{key}: {attributes} attributes, {macros} macros, {rules} rules, {records} records"
        )?;
    }
    if !args.dry_run {
        let seconds = limits::CATALOG_SECONDS;
        writeln!(out, "published; servers see it within {seconds} s")?;
    }
    if !sound {
        let left_out = folder.left_out.len();
        let lines: usize = folder.stale.values().map(Stale::count).sum();
        writeln!(
            err,
            "azulejo: what the bad lines are about stays as it was: {left_out} records, {lines} \
             macros, fonts and profiles"
        )?;
    }
    Ok(sound)
}

/// All files of a catalog folder.
pub fn files(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    read(folder, "", &mut files)?;
    Ok(files)
}

/// The key and the JSON of each catalog, within its limit.
pub fn catalogs(folder: &Folder) -> Result<Vec<(String, Vec<u8>)>> {
    let mut catalogs = Vec::new();
    for (root, compiled) in &folder.catalogs {
        let (key, json) = (Compiled::key(root), compiled.to_json()?);
        if json.len() as u64 > limits::CATALOG_BYTES {
            let (len, most) = (json.len(), limits::CATALOG_BYTES);
            bail!("{key}: {len} bytes compiled, of which {most} are allowed");
        }
        catalogs.push((key, json));
    }
    Ok(catalogs)
}

/// All files of a folder, by their path in it.
fn read(folder: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let key = format!("{prefix}{name}");
        if path.is_dir() {
            read(&path, &format!("{key}/"), files)?;
            continue;
        }
        let len = path.metadata().with_context(|| path.display().to_string())?.len();
        if len > FILE_BYTES {
            bail!("{}: {len} bytes; a catalog's file has at most {FILE_BYTES}", path.display());
        }
        if files.len() >= FILES {
            bail!("{}: more than {FILES} files; name the catalog folder itself", folder.display());
        }
        files.insert(key, std::fs::read(&path).with_context(|| path.display().to_string())?);
    }
    Ok(())
}
