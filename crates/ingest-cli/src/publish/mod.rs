//! `azulejo publish`: compiles a catalog folder and stores what the server reads.
//!
//! A publish replaces the previous publish of the folder: it also removes what that one stored and
//! the folder no longer contains. `publication` is the stored list of what was published; `changes`
//! computes and applies the difference.

pub mod changes;
pub mod check;
pub mod compile;
mod fields;
pub mod files;
pub mod folder;
mod font_files;
mod missing_objects;
mod manifest;
mod maps;
mod references;
pub mod problem;
pub mod publication;
pub mod records;
mod rule_set;
mod bad_names;
mod table;
pub mod text;

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
use folder::{BadNames, Folder};
use problem::Severity;

/// The largest file of a catalog folder, in bytes.
const FILE_BYTES: u64 = 256 << 20;
/// The most files of a catalog folder.
const MAX_FILES: usize = 10_000;

/// Publishes a folder. Returns false if it has errors; then nothing is stored, or with
/// `--keep-going` everything but the bad rows.
pub async fn run(args: &PublishArgs) -> Result<bool> {
    let files = files(&args.folder)?;
    let mut folder = compile(&files);
    let mut err = std::io::stderr().lock();
    for problem in &folder.problems.0 {
        writeln!(err, "{problem}")?;
    }
    let worst = folder.problems.worst();
    let is_valid = worst < Some(Severity::Row);
    if !(is_valid || args.keep_going && worst == Some(Severity::Row)) {
        writeln!(err, "azulejo: nothing was published")?;
        return Ok(false);
    }
    let mut out = std::io::stdout().lock();
    let absent = matches!(&args.to, Location::Folder(path) if !path.exists());
    if !(args.dry_run && absent) {
        let bucket = Bucket::open_or_create(&args.to, args.state.as_deref())?;
        bad_names::retain(&bucket, &mut folder).await?;
        let catalogs = catalogs(&folder)?;
        let name = publication::name(&args.folder, args.name.as_deref())?;
        let mut changes = Changes::new(&bucket, &name, args.name.is_some(), &folder).await?;
        for problem in missing_objects::warnings(&bucket, &folder, changes.rows()).await?.0 {
            writeln!(err, "{problem}")?;
        }
        let cleared = changes.cleared_fields(args.dry_run).await?;
        let removed = match args.dry_run {
            true => changes.remove_stale(true).await?,
            false => changes.apply(&files, &catalogs).await?,
        };
        for line in cleared.into_iter().chain(removed) {
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
    if !is_valid {
        let skipped_records = folder.skipped_records.len();
        let lines: usize = folder.bad_names.values().map(BadNames::count).sum();
        writeln!(
            err,
            "azulejo: what the bad lines are about stays as it was: {skipped_records} records, {lines} \
             macros, fonts and profiles"
        )?;
    }
    Ok(is_valid)
}

/// Stores a compiled folder without errors, as [`run`] does. `folder` is where its files are from.
pub async fn store(bucket: &Bucket, folder: &Path, files: &Files, compiled: &Folder) -> Result<()> {
    let catalogs = catalogs(compiled)?;
    let name = publication::name(folder, None)?;
    let mut changes = Changes::new(bucket, &name, false, compiled).await?;
    changes.apply(files, &catalogs).await.map(drop)
}

/// Reads all files of a catalog folder. Fails if there are too many, or if one is too large.
pub fn files(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    read(folder, "", &mut files)?;
    font_files::unpack(&mut files);
    Ok(files)
}

/// The key and the JSON of each catalog. Fails if a catalog exceeds the size limit.
pub fn catalogs(folder: &Folder) -> Result<Vec<(String, Vec<u8>)>> {
    let mut catalogs = Vec::new();
    for (root, compiled) in &folder.catalogs {
        let (key, json) = (Compiled::key(root), compiled.to_json()?);
        if json.len() as u64 > limits::CATALOG_BYTES {
            let (len, most) = (json.len(), limits::CATALOG_BYTES);
            bail!("{key}: {len} bytes compiled, the limit is {most}");
        }
        catalogs.push((key, json));
    }
    Ok(catalogs)
}

/// Reads the files of a folder and its subfolders into `files`.
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
        if files.len() >= MAX_FILES {
            bail!(
                "{}: more than {MAX_FILES} files; name the catalog folder itself",
                folder.display()
            );
        }
        files.insert(key, std::fs::read(&path).with_context(|| path.display().to_string())?);
    }
    Ok(())
}
