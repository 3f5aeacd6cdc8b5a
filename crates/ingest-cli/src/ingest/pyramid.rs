//! One original to the bytes that are put.

use std::{
    any::Any,
    fs::File,
    io::{self, BufReader, Seek, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use anyhow::{Context, Result, anyhow};
use azulejo::{
    pyramid::{Index, open, write::Scratch},
    store::{Known, MemoryStore, fulfil},
};
use tempfile::SpooledTempFile;

use super::{
    budget::{Budget, Share},
    settings::Settings,
    smart::{self, Found},
};
use crate::asset::Asset;

/// A finished pyramid; with an index when it is a foreign one.
pub struct Made {
    /// The whole file.
    pub file: Vec<u8>,
    /// What it takes to open it.
    pub index: Index,
    /// Whether it takes more than one read to open it.
    pub foreign: bool,
    /// Smart crops and swatch.
    pub found: Found,
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
    let options = settings.options();
    let share = budget.take(opened.memory(options))?;
    let scratch = || Ok(Spill(SpooledTempFile::new(SPILL)));
    opened_again(settings, opened.pyramid_by(options, scratch)?, share)
}

/// Levels longer than this wait in a file of the system's temporary folder.
const SPILL: usize = 4 << 20;

/// The tiles of a level, until all levels are made.
struct Spill(SpooledTempFile);

impl Write for Spill {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Scratch for Spill {
    fn copy_to(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.0.rewind()?;
        io::copy(&mut self.0, out).map(drop)
    }
}

fn as_is(settings: &Settings, path: &Path, budget: &Budget) -> Result<Made> {
    let len = std::fs::metadata(path)?.len();
    // Once to be opened, once to be put.
    let share = budget.take(len * 2)?;
    let file = std::fs::read(path)?;
    opened_again(settings, file, share).context("not a pyramid that can be served as it is")
}

/// Opens a pyramid as the server will. The share shrinks to the file, which waits to be put.
fn opened_again(settings: &Settings, file: Vec<u8>, mut share: Share) -> Result<Made> {
    let asset = Asset { root: "ingest".into(), id: "pyramid".into() };
    let key = asset.pyramid();
    let store = MemoryStore::new();
    store.put(&key, file);
    let mut known = Known::default();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let opened = runtime.block_on(fulfil(&store, &mut known, |known| open(&key, known)));
    let index = opened.map_err(|error| anyhow!(error.message))?;
    let found = runtime.block_on(smart::find(settings, &asset, &index, &store))?;
    let file = store.take(&key).unwrap_or_default();
    share.shrink(file.len() as u64);
    // Our own layout opens in one read without help.
    Ok(Made { file, index, foreign: known.reads > 1, found, share })
}
