//! The pictures that the page shows, and the texts that it links.

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use compare::{decode, difference, media_type};

use super::{
    Class,
    judge::is_text,
    outcome::Outcome,
    reply::{Fetched, Reply},
    target,
};

/// The folder within that of the report.
pub const FOLDER: &str = "images";

/// Extensions of media types.
const EXTENSIONS: [(&str, &str); 12] = [
    ("text/plain", "txt"),
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/bmp", "bmp"),
    ("image/avif", "avif"),
    ("image/tiff", "tif"),
    ("image/jp2", "jp2"),
    ("image/jxl", "jxl"),
    ("application/pdf", "pdf"),
    ("application/postscript", "eps"),
];

/// Media types that browsers show.
const SHOWN: [&str; 6] = ["jpg", "png", "gif", "webp", "bmp", "avif"];

/// The parts of a pair.
pub const PARTS: [&str; 3] = ["old", "new", "difference"];

/// Stores pictures.
pub struct Images {
    folder: PathBuf,
}

/// The files of a pair by their parts.
pub type Files = HashMap<&'static str, String>;

impl Images {
    /// The pictures of the report in a folder.
    pub fn open(report: &Path) -> Result<Self> {
        let folder = report.join(FOLDER);
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        Ok(Self { folder })
    }

    /// Stores the pictures of a pair and how they differ, or its texts.
    pub fn put(&self, outcome: &Outcome, old: &Fetched, new: &Fetched) -> Result<()> {
        let stem = stem(outcome);
        let mut pictures = Vec::new();
        for (part, fetched) in [("old", old), ("new", new)] {
            let Ok(Reply { body, .. }) = fetched else { continue };
            let Some(kind) = media_type(body) else {
                if outcome.class == Class::DifferentText && is_text(body) {
                    self.write(&format!("{stem}-{part}.txt"), body)?;
                }
                continue;
            };
            let extension = EXTENSIONS.iter().find(|(of, _)| *of == kind);
            let extension = extension.map_or("bin", |(_, extension)| extension);
            self.write(&format!("{stem}-{part}.{extension}"), body)?;
            pictures.extend(decode(body).ok().map(|decoded| decoded.picture));
        }
        if let [old, new] = pictures.as_slice()
            && (old.width, old.height) == (new.width, new.height)
        {
            self.write(&format!("{stem}-difference.jpg"), &difference(old, new)?)?;
        }
        Ok(())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        fs::write(&path, bytes).with_context(|| path.display().to_string())
    }

    /// Removes the pictures of a pair.
    pub fn remove(&self, outcome: &Outcome) -> Result<()> {
        let stem = stem(outcome);
        for part in PARTS {
            for extension in EXTENSIONS.iter().map(|(_, extension)| *extension).chain(["bin"]) {
                let path = self.folder.join(format!("{stem}-{part}.{extension}"));
                match fs::remove_file(&path) {
                    Err(error) if error.kind() != ErrorKind::NotFound => {
                        return Err(error).with_context(|| path.display().to_string());
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// The files of these pairs, by the stems of their names. Removes those of all others, which
    /// interrupted runs may have left.
    pub fn sweep<'a>(
        &self,
        pairs: impl Iterator<Item = &'a Outcome>,
    ) -> Result<HashMap<String, Files>> {
        let stems: HashSet<String> = pairs.map(stem).collect();
        let mut found: HashMap<String, Files> = HashMap::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let Some((stem, rest)) = name.split_once('-') else { continue };
            let Some(part) = PARTS.into_iter().find(|part| rest.starts_with(*part)) else {
                continue;
            };
            if stems.contains(stem) {
                found.entry(stem.to_owned()).or_default().insert(part, name.clone());
            } else {
                fs::remove_file(self.folder.join(&name))?;
            }
        }
        Ok(found)
    }
}

/// Whether browsers show a file.
pub fn is_shown(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| SHOWN.contains(&extension))
}

/// The beginning of the names of a pair's files.
pub fn stem(outcome: &Outcome) -> String {
    format!("{:016x}", target::hash(&outcome.url) >> 64)
}
