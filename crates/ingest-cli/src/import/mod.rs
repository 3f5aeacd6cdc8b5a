//! `azulejo import`: reads an export of Image Serving or AEM, and does what `ingest` and `publish` do.
//!
//! `scan` classifies the files, `catalogs` compiles the .ini files, `aem` reads nodes, and `assign` names
//! the asset of each file. Then everything is an ordinary ingest and an ordinary publish, which complete
//! what an interrupted run has begun.

mod aem;
mod assign;
mod catalogs;
mod plan;
mod scan;
mod smart_crop_file;
mod store;

use std::{ffi::OsString, fs, io::Write, path::Path};

use anyhow::{Context, Result, bail};
use clap::Parser;
use tokio::runtime::Runtime;

use self::{
    assign::{Assigned, Item},
    catalogs::Catalogs,
    scan::Export,
    smart_crop_file::SavedCrop,
};
use crate::{
    args::{Args, Command, ImportArgs},
    ingest::{self, BatchResult},
    publish::{self, problem::Severity},
    store::Bucket,
};

/// Imports an export.
pub fn run(args: &ImportArgs, runtime: &Runtime) -> Result<BatchResult> {
    if !args.folder.is_dir() {
        bail!("{}: not a folder; unpack the export first", args.folder.display());
    }
    let export = Export::scan(&args.folder)?;
    let nodes = aem::read(&export);
    let catalogs = Catalogs::find(args, &export, &nodes)?;
    let mut assigned = assign::assign(args, &export, &nodes, catalogs.as_ref())?;
    let crops = saved_crops(&export, &mut assigned);
    plan::print(&args.folder, &export, catalogs.as_ref(), &assigned, &crops, args.dry_run)?;
    if assigned.images.is_empty() && assigned.content.is_empty() && catalogs.is_none() {
        bail!("{}: nothing in it can be imported", args.folder.display());
    }
    if let Some(catalogs) = &catalogs {
        let worst = catalogs.compiled.problems.worst();
        let is_valid =
            worst < Some(Severity::Row) || args.keep_going && worst == Some(Severity::Row);
        if !is_valid {
            // Prints the problems.
            runtime.block_on(publish(args, catalogs, true))?;
            return Ok(BatchResult::SomeFailed);
        }
    }
    if args.dry_run {
        let published = match &catalogs {
            Some(catalogs) => runtime.block_on(publish(args, catalogs, true))?,
            None => true,
        };
        return Ok(if published { BatchResult::Done } else { BatchResult::SomeFailed });
    }
    carry_over(args, catalogs.as_ref(), &assigned, &crops, runtime)
}

/// Stores everything of the plan.
fn carry_over(
    args: &ImportArgs,
    catalogs: Option<&Catalogs>,
    assigned: &Assigned,
    crops: &[SavedCrop],
    runtime: &Runtime,
) -> Result<BatchResult> {
    // A hidden asset must not be visible for a moment, so its record comes first.
    let hide = async {
        let bucket = Bucket::open_or_create(&args.to, args.state.as_deref())?;
        store::hide(&bucket, &assigned.hidden).await
    };
    runtime.block_on(hide)?;
    let mut all_done = true;
    for (items, content) in [(&assigned.images, false), (&assigned.content, true)] {
        match ingest(args, items, content, runtime)? {
            BatchResult::Done => {}
            BatchResult::SomeFailed => all_done = false,
            interrupted @ (BatchResult::Interrupted | BatchResult::Terminated) => {
                return Ok(interrupted);
            }
        }
    }
    runtime.block_on(async {
        if let Some(catalogs) = catalogs {
            all_done &= publish(args, catalogs, false).await?;
        }
        let bucket = Bucket::open_or_create(&args.to, args.state.as_deref())?;
        let lost = store::crops(&bucket, &assigned.images, crops).await?;
        let mut err = std::io::stderr().lock();
        for line in &lost {
            writeln!(err, "not carried over: {line}")?;
        }
        all_done &= lost.is_empty();
        if !assigned.lost.is_empty() {
            writeln!(err, "{} not carried over; the plan above names them", assigned.lost.len())?;
        }
        anyhow::Ok(())
    })?;
    Ok(if all_done { BatchResult::Done } else { BatchResult::SomeFailed })
}

/// Reads the saved smart crops. Those that cannot be read are lost.
fn saved_crops(export: &Export, assigned: &mut Assigned) -> Vec<SavedCrop> {
    let mut crops = Vec::new();
    for file in &export.crops {
        match smart_crop_file::read(file) {
            Ok(crop) => crops.push(crop),
            Err(error) => assigned.lost.push((file.clone(), format!("{error:#}"))),
        }
    }
    crops
}

/// Runs `azulejo ingest` for these files.
fn ingest(
    args: &ImportArgs,
    items: &[Item],
    content: bool,
    runtime: &Runtime,
) -> Result<BatchResult> {
    if items.is_empty() {
        return Ok(BatchResult::Done);
    }
    let staging = tempfile::tempdir()?;
    let mut list = Vec::new();
    for item in items {
        let file = match &item.staged {
            Some(name) => stage(&item.file, &staging.path().join(name))?,
            None => item.file.clone(),
        };
        serde_json::to_writer(
            &mut list,
            &serde_json::json!({ "file": file, "asset": item.asset }),
        )?;
        list.push(b'\n');
    }
    let list_file = staging.path().join(".files");
    fs::write(&list_file, list)?;
    let to = args.to.to_string();
    let (memory, list_file) = (args.max_memory.to_string(), list_file.into_os_string());
    let mut words: Vec<OsString> =
        ["azulejo", "ingest", "--to", &to, "--max-memory", &memory, "--retry"]
            .map(OsString::from)
            .to_vec();
    words.push(list_file);
    for (flag, given) in [
        ("--content", content),
        ("--keep-originals", args.keep_originals && !content),
        ("--allow-damaged", args.allow_damaged),
    ] {
        words.extend(given.then(|| OsString::from(flag)));
    }
    for (flag, value) in [
        ("--profile", args.profile.as_ref().map(|file| file.clone().into_os_string())),
        ("--jobs", args.jobs.map(|jobs| jobs.to_string().into())),
        ("--state", args.state.as_ref().map(|folder| folder.clone().into_os_string())),
    ] {
        words.extend(value.into_iter().flat_map(|value| [OsString::from(flag), value]));
    }
    let Command::Ingest(args) = Args::try_parse_from(words)?.command else {
        bail!("the files cannot be ingested");
    };
    ingest::run(&args, runtime)
}

/// Gives a file the name of its asset, from which ingest derives its type.
fn stage(file: &Path, name: &Path) -> Result<std::path::PathBuf> {
    let file = std::path::absolute(file)?;
    fs::create_dir_all(name.parent().unwrap_or(name))?;
    #[cfg(unix)]
    let staged = std::os::unix::fs::symlink(&file, name);
    #[cfg(not(unix))]
    let staged = fs::copy(&file, name).map(drop);
    staged.with_context(|| name.display().to_string())?;
    Ok(name.to_owned())
}

/// Runs `azulejo publish` for the catalogs.
async fn publish(args: &ImportArgs, catalogs: &Catalogs, dry_run: bool) -> Result<bool> {
    let mut words: Vec<OsString> = ["azulejo", "publish"].map(OsString::from).to_vec();
    words.push(catalogs.folder.path().as_os_str().to_owned());
    words.extend(["--to", &args.to.to_string(), "--name", &catalogs.name].map(OsString::from));
    for (flag, given) in [("--dry-run", dry_run), ("--keep-going", args.keep_going)] {
        words.extend(given.then(|| OsString::from(flag)));
    }
    if let Some(state) = &args.state {
        words.extend([OsString::from("--state"), state.clone().into_os_string()]);
    }
    let Command::Publish(args) = Args::try_parse_from(words)?.command else {
        bail!("the catalogs cannot be published");
    };
    publish::run(&args).await
}
