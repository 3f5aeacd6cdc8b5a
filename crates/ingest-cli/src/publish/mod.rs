//! `azulejo publish`: compiles a catalog folder and stores what the server reads.

mod check;
pub mod compile;
mod manifest;
mod maps;
pub mod problem;
mod records;
mod rule_set;
mod text;

use std::{collections::BTreeMap, io::Write, path::Path};

use anyhow::{Context, Result, bail};
use azulejo::{
    catalog::{Compiled, Record},
    limits,
    store::{ByteRange, Read, ReadError, Store},
};
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::{args::PublishArgs, store::Bucket};
use compile::{Files, Folder, compile};
use records::Row;

/// Records that are written at once.
const CONCURRENT: usize = 16;

/// Bytes of one file of a catalog folder, and files: more is no catalog.
const FILE_BYTES: u64 = 256 << 20;
const FILES: usize = 10_000;

/// Publishes a folder; false when it has errors, and then nothing is stored.
pub async fn run(args: &PublishArgs) -> Result<bool> {
    let mut files = Files::new();
    read(&args.folder, "", &mut files)?;
    let folder = compile(&files);
    let mut err = std::io::stderr().lock();
    for problem in &folder.problems.0 {
        writeln!(err, "{problem}")?;
    }
    if folder.problems.has_errors() {
        writeln!(err, "azulejo: nothing was published")?;
        return Ok(false);
    }
    let objects = objects(&folder)?;
    let mut out = std::io::stdout().lock();
    if !args.dry_run {
        let bucket = Bucket::open_or_make(&args.to, args.state.as_deref())?;
        store(&bucket, &folder, &objects, &files).await?;
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
    Ok(true)
}

/// The JSON of each catalog, within its limit.
fn objects(folder: &Folder) -> Result<Vec<(String, Vec<u8>)>> {
    let mut objects = Vec::new();
    for (root, compiled) in &folder.catalogs {
        let (key, json) = (Compiled::key(root), compiled.to_json()?);
        if json.len() as u64 > limits::CATALOG_BYTES {
            let (len, most) = (json.len(), limits::CATALOG_BYTES);
            bail!("{key}: {len} bytes compiled, of which {most} are allowed");
        }
        objects.push((key, json));
    }
    Ok(objects)
}

async fn store(
    bucket: &Bucket,
    folder: &Folder,
    catalogs: &[(String, Vec<u8>)],
    files: &Files,
) -> Result<()> {
    for (key, file) in &folder.objects {
        bucket.put(key, files.get(file).cloned().unwrap_or_default()).await?;
    }
    // The last instance of an id prevails; so each record is written once.
    let mut rows: BTreeMap<String, &Row> = BTreeMap::new();
    for (root, row) in &folder.rows {
        rows.insert(Record::key(root, &row.id), row);
    }
    let write = |(key, row): (String, &Row)| {
        let row = row.clone();
        async move { record(bucket, &key, &row).await }
    };
    stream::iter(rows).map(write).buffer_unordered(CONCURRENT).try_collect::<Vec<()>>().await?;
    // Catalogs last: what they name is there when they are seen.
    for (key, json) in catalogs {
        bucket.put(key, json.clone()).await?;
    }
    Ok(())
}

/// Lays a row over the record that is stored, so that what ingest knows stays.
async fn record(bucket: &Bucket, key: &str, row: &Row) -> Result<()> {
    let range = ByteRange::new(0, limits::RECORD_BYTES + 1);
    let read = Read { key: key.to_owned(), range, version: None };
    let stored = match bucket.read(&read).await {
        Ok(block) => Some(block.bytes),
        Err(ReadError::NotFound) => None,
        Err(ReadError::Changed) => bail!("{key}: changed while it was read; publish again"),
        Err(ReadError::Failed(words)) => bail!("{key}: {words}"),
    };
    let mut record = match &stored {
        Some(bytes) => Record::from_json(bytes).with_context(|| key.to_owned())?,
        None => Record::default(),
    };
    row.lay_over(&mut record).with_context(|| key.to_owned())?;
    let json = record.to_json()?;
    if json.len() as u64 > limits::RECORD_BYTES {
        bail!("{key}: {} bytes, of which {} are allowed", json.len(), limits::RECORD_BYTES);
    }
    if stored.as_deref() != Some(json.as_slice()) {
        bucket.put(key, json).await?;
    }
    Ok(())
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
