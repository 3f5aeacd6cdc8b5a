//! Files with the same id: which of them is ingested, and a warning if another was ingested before.

use std::{
    collections::{HashMap, hash_map::Entry},
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Error, anyhow};
use azulejo::protocol::composed;

use crate::asset::Asset;

/// File name extensions in order of preference: layered and lossless formats come before those that
/// are most likely derived from them.
const PRECEDENCE: [&str; 24] = [
    "tif", "tiff", "btf", "tf8", "ptif", "psd", "psb", "png", "bmp", "dib", "jxl", "jp2", "jpx",
    "jpf", "j2k", "j2c", "jpc", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "svg",
];

/// Adds a file to the files to ingest for each id. Among files of equal rank the first one is
/// preferred.
pub fn prefer(preferred: &mut HashMap<Asset, PathBuf>, asset: Asset, path: PathBuf) {
    match preferred.entry(asset) {
        Entry::Vacant(entry) => drop(entry.insert(path)),
        Entry::Occupied(mut entry) if rank(&path) < rank(entry.get()) => {
            entry.insert(path);
        }
        Entry::Occupied(_) => {}
    }
}

/// The error for a file whose id belongs to a preferred file.
pub fn error(asset: &Asset, preferred_path: &Path) -> Error {
    let (id, preferred_path) = (&asset.id, preferred_path.display());
    anyhow!(
        "its id is {id}, as that of {preferred_path}, which goes before it ({}; then the first name): \
         rename one, or use --id name",
        PRECEDENCE.join(", ")
    )
}

/// The name of an original in its record: `folder/file`. The rest of the path is left out, since it
/// differs from machine to machine.
pub fn original_name(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?;
    let names = [folder.file_name(), path.file_name()].into_iter().flatten();
    let names: Vec<_> = names.map(OsStr::to_string_lossy).collect();
    Some(composed(&names.join("/")).into_owned())
}

/// The warning if the stored asset was made of an original with another name.
pub fn replacement_warning(id: &str, before: Option<&str>, now: Option<&str>) -> Option<String> {
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
    PRECEDENCE.iter().position(|other| *other == extension).unwrap_or(PRECEDENCE.len())
}
