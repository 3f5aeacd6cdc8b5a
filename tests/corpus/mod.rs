//! The shared image corpus, and libvips' opinion of its pixels.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use azulejo::{
    error::Result,
    pyramid::{self, Index, Level, Rows},
    store::{self, Known, MemoryStore},
};

/// A folder of the corpus, if the corpus is here; else a message says that the test did nothing.
pub fn folder(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(name);
    if !folder.is_dir() {
        skip(&format!("{} is not here", folder.display()));
        return None;
    }
    Some(folder)
}

/// Whether libvips' command is here; else a message says that the test did nothing.
pub fn has_vips() -> bool {
    let found =
        Command::new("vips").arg("--version").output().is_ok_and(|out| out.status.success());
    if !found {
        skip("the vips command (Debian: libvips-tools) is not here");
    }
    found
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn skip(why: &str) {
    eprintln!("skipped: {why}");
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

/// Opens a file as a pyramid; what was read for it is left in `known`.
pub fn open(store: &MemoryStore, known: &mut Known) -> Result<Index> {
    pollster::block_on(store::fulfil(store, known, |known| pyramid::open(KEY, known)))
}

/// Decodes all of a level out of the file's bytes.
pub fn decode(level: &Level, bytes: &[u8]) -> Result<Vec<u8>> {
    let tile = |number: usize| {
        let span = level.tiles.get(number)?;
        let start = usize::try_from(span.start).ok()?;
        bytes.get(start..start.checked_add(usize::try_from(span.len).ok()?)?)
    };
    let mut rows = Rows::new(level, 0..level.width, 0..level.height, tile)?;
    let mut pixels = Vec::new();
    while let Some(row) = rows.next_row() {
        pixels.extend_from_slice(row?);
    }
    Ok(pixels)
}

/// Peak signal to noise ratio in dB; infinite for equal pictures.
pub fn psnr(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len(), "pictures of one size are compared");
    let squares = |(&a, &b): (&u8, &u8)| u64::from(a.abs_diff(b)).pow(2);
    let sum: u64 = one.iter().zip(other).map(squares).sum();
    10.0 * libm::log10(255.0 * 255.0 * one.len() as f64 / sum as f64)
}
