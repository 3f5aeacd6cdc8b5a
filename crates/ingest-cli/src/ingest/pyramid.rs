//! One original to the bytes that are put.

use anyhow::{Context, Result, anyhow};
use azulejo::{
    pyramid::{
        Index, open,
        write::{TileCompression, WriteOptions, Writer},
    },
    store::{Known, MemoryStore, fulfil},
};

use super::{
    budget::{Budget, Share},
    decode,
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
    if args.as_is {
        return as_is(original, budget);
    }
    let opened = decode::open(&original.path, args.max_memory)?;
    let share = budget.take(opened.memory)?;
    let pixels = opened.decode()?;
    let compression = match pixels.channels {
        4 => TileCompression::Deflate,
        _ => TileCompression::Jpeg { quality: args.quality },
    };
    let options =
        WriteOptions { tile: args.tile, compression, icc: pixels.icc, ..WriteOptions::default() };
    let told = |error: azulejo::error::Error| anyhow!(error.message);
    let mut writer =
        Writer::new(pixels.width, pixels.height, pixels.channels, options).map_err(told)?;
    for row in pixels.data.chunks_exact(pixels.width as usize * pixels.channels) {
        writer.push_row(row).map_err(told)?;
    }
    drop(pixels.data);
    let file = writer.finish().map_err(told)?;
    Ok((Made { file, index: None }, share))
}

fn as_is<'budget>(original: &Original, budget: &'budget Budget) -> Result<(Made, Share<'budget>)> {
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
