//! One original to the bytes that are put.

use std::{
    any::Any,
    fs::File,
    io::BufReader,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use anyhow::{Context, Result, anyhow};
use azulejo::{
    pyramid::{Index, open},
    store::{Known, MemoryStore, fulfil},
};

use super::{
    budget::{Budget, Share},
    settings::Settings,
};

/// A finished pyramid; with an index when it is a foreign one.
pub struct Made {
    /// The whole file.
    pub file: Vec<u8>,
    /// What it takes to open it.
    pub index: Index,
    /// Whether it takes more than one read to open it.
    pub foreign: bool,
    /// The memory it takes until it is put.
    pub share: Share,
}

/// Makes the pyramid of an original, or checks that it is one.
pub fn make(settings: &Settings, path: &Path, budget: &Budget) -> Result<Made> {
    let make = if settings.as_is { as_is } else { decoded };
    // Decoders are others' code and files are anybody's: a panic costs one image, not all.
    // Nothing of what it leaves behind is used again.
    catch_unwind(AssertUnwindSafe(|| make(settings, path, budget)))
        .unwrap_or_else(|words| Err(anyhow!("its decoder failed: {}", said(words.as_ref()))))
}

/// What was said in a panic.
fn said(words: &dyn Any) -> &str {
    let text = words.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| words.downcast_ref::<&str>().copied()).unwrap_or("without a word")
}

fn decoded(settings: &Settings, path: &Path, budget: &Budget) -> Result<Made> {
    let file = File::open(path)?;
    let len = file.metadata()?.len();
    let opened = originals::open(BufReader::new(file), len, budget.all())?;
    let share = budget.take(opened.memory)?;
    let options = originals::Options { tile: settings.tile, quality: settings.quality };
    opened_again(opened.pyramid(options)?, share)
}

fn as_is(_settings: &Settings, path: &Path, budget: &Budget) -> Result<Made> {
    let len = std::fs::metadata(path)?.len();
    // Once to be opened, once to be put.
    let share = budget.take(len * 2)?;
    let file = std::fs::read(path)?;
    opened_again(file, share).context("not a pyramid that can be served as it is")
}

/// Opens a pyramid as the server will. The share shrinks to the file, which waits to be put.
fn opened_again(file: Vec<u8>, mut share: Share) -> Result<Made> {
    const KEY: &str = "pyramid";
    let store = MemoryStore::new();
    store.put(KEY, file);
    let mut known = Known::default();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let opened = runtime.block_on(fulfil(&store, &mut known, |known| open(KEY, known)));
    let index = opened.map_err(|error| anyhow!(error.message))?;
    let file = store.take(KEY).unwrap_or_default();
    share.shrink(file.len() as u64);
    // Our own layout opens in one read without help.
    Ok(Made { file, index, foreign: known.reads > 1, share })
}
