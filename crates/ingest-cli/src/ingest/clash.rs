//! Several files with one id: which of them is ingested, and which was before.

use std::{
    collections::HashMap,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Error, anyhow};
use azulejo::protocol::composed;

use crate::asset::Asset;

/// Extensions, that of the better original first: layered and lossless ones before those that were
/// most likely made of them.
const PRECEDENCE: [&str; 24] = [
    "tif", "tiff", "btf", "tf8", "ptif", "psd", "psb", "png", "bmp", "dib", "jxl", "jp2", "jpx",
    "jpf", "j2k", "j2c", "jpc", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "svg",
];

/// The file that each id stands for; among equals the one that was named first.
pub fn winners(named: &[(PathBuf, Asset)]) -> HashMap<Asset, PathBuf> {
    let mut winners: HashMap<Asset, PathBuf> = HashMap::new();
    for (path, asset) in named {
        let winner = winners.entry(asset.clone()).or_insert_with(|| path.clone());
        if rank(path) < rank(winner) {
            winner.clone_from(path);
        }
    }
    winners
}

/// The error of a file whose id another has.
pub fn lost(asset: &Asset, winner: &Path) -> Error {
    let (id, winner) = (&asset.id, winner.display());
    anyhow!(
        "its id is {id}, as that of {winner}, which goes before it ({}; then the first name): \
         rename one, or use --id name",
        PRECEDENCE.join(", ")
    )
}

/// What an original is called in its record: its folder's name and its own. What lies above differs
/// from machine to machine.
pub fn name(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?;
    let names = [folder.file_name(), path.file_name()].into_iter().flatten();
    let names: Vec<_> = names.map(OsStr::to_string_lossy).collect();
    Some(composed(&names.join("/")).into_owned())
}

/// The warning where what is stored was made of an original of another name.
pub fn replaced(id: &str, before: Option<&str>, now: Option<&str>) -> Option<String> {
    let (before, now) = before.zip(now)?;
    (before != now).then(|| {
        format!(
            "it replaces {before}, which was stored as {id} before: if both are to stay, use \
             another --prefix or --id"
        )
    })
}

fn rank(path: &Path) -> usize {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    PRECEDENCE.iter().position(|known| *known == extension).unwrap_or(PRECEDENCE.len())
}
