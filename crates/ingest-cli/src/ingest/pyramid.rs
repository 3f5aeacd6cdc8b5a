//! One original to the bytes that are put.

use std::{
    any::Any,
    fs::File,
    io::BufReader,
    panic::{AssertUnwindSafe, catch_unwind},
};

use anyhow::{Context, Result, anyhow};
use azulejo::{
    pyramid::{Index, open},
    store::{Known, MemoryStore, fulfil},
};

use super::{
    budget::{Budget, Share},
    originals::Original,
};
use crate::args::IngestArgs;

/// A finished pyramid; with an index when it is a foreign one.
pub struct Made {
    /// The whole file.
    pub file: Vec<u8>,
    /// What it takes to open it in one read more.
    pub index: Option<Index>,
}

/// Makes the pyramid of an original, or checks that it is one.
pub fn make<'budget>(
    args: &IngestArgs,
    original: &Original,
    budget: &'budget Budget,
) -> Result<(Made, Share<'budget>)> {
    let make = if args.as_is { as_is } else { decoded };
    // Decoders are others' code and files are anybody's: a panic costs one image, not all.
    // Nothing of what it leaves behind is used again.
    catch_unwind(AssertUnwindSafe(|| make(args, original, budget)))
        .unwrap_or_else(|words| Err(anyhow!("its decoder failed: {}", said(words.as_ref()))))
}

/// What was said in a panic.
fn said(words: &dyn Any) -> &str {
    let text = words.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| words.downcast_ref::<&str>().copied()).unwrap_or("without a word")
}

fn decoded<'budget>(
    args: &IngestArgs,
    original: &Original,
    budget: &'budget Budget,
) -> Result<(Made, Share<'budget>)> {
    let file = File::open(&original.path)?;
    let len = file.metadata()?.len();
    let opened = originals::open(BufReader::new(file), len, args.max_memory)?;
    let share = budget.take(opened.memory)?;
    let options = originals::Options { tile: args.tile, quality: args.quality };
    let file = opened.pyramid(options)?;
    Ok((Made { file, index: None }, share))
}

fn as_is<'budget>(
    _args: &IngestArgs,
    original: &Original,
    budget: &'budget Budget,
) -> Result<(Made, Share<'budget>)> {
    let len = std::fs::metadata(&original.path)?.len();
    // Once to be opened, once to be put.
    let share = budget.take(len * 2)?;
    let file = std::fs::read(&original.path)?;
    let store = MemoryStore::new();
    store.put(&original.key, file.clone());
    let mut known = Known::default();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let opened = fulfil(&store, &mut known, |known| open(&original.key, known));
    let index = runtime
        .block_on(opened)
        .map_err(|error| anyhow!(error.message))
        .context("not a pyramid that can be served as it is")?;
    // Our own layout opens in one read without help.
    let foreign = known.reads > 1;
    Ok((Made { file, index: foreign.then_some(index) }, share))
}
