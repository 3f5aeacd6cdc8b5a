//! The shared image corpus: its files, opened and decoded.

#![allow(dead_code, reason = "each test uses a part of this")]

pub mod vips;

use std::{
    fs,
    path::{Path, PathBuf},
};

use azulejo::{
    color::convert_row,
    error::Result,
    pixel::ColorModel,
    pyramid::{self, Index, Level, Rows},
    store::{self, FetchBuffer, MemoryStore},
};

use crate::skip::skip;

/// A folder of the corpus, if the corpus is here; else a message says that the test did nothing.
pub fn folder(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(name);
    if !folder.is_dir() {
        skip("corpus", &format!("{} is not here", folder.display()));
        return None;
    }
    Some(folder)
}

/// The files of a folder, by name.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files
}

/// The last part of a path.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Key under which the tests store a file.
pub const KEY: &str = "assets/Corpus/file.tif";

/// Opens a file as a pyramid.
pub fn open(store: &MemoryStore) -> Result<Index> {
    let buffer = FetchBuffer::default();
    pollster::block_on(store::fulfil(store, &buffer, pyramid::open(KEY, &buffer)))
}

/// Decodes all of a level out of the file's bytes, CMYK to RGB.
pub fn decode(level: &Level, bytes: &[u8]) -> Result<Vec<u8>> {
    let tile = |number: usize| {
        let span = level.tile(number)?;
        let start = usize::try_from(span.start).ok()?;
        bytes.get(start..start.checked_add(usize::try_from(span.len).ok()?)?)
    };
    let mut rows = Rows::new(level, 0..level.width, 0..level.height, tile)?;
    let mut pixels = Vec::new();
    while let Some(row) = rows.next_row() {
        pixels.extend_from_slice(row?);
    }
    let pixel = level.drawn_type();
    if pixel.model != ColorModel::Cmyk {
        return Ok(pixels);
    }
    let mut rgb = Vec::new();
    convert_row(pixel, ColorModel::Rgb, &pixels, &mut rgb);
    Ok(rgb)
}
