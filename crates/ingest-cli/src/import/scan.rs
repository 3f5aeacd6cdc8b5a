//! What an export contains: each file is classified by its place, its name, and if need be by its first
//! bytes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::smart_crop_file;
use crate::ingest::svg;

/// The files of an export, each in one list, in the order of their names.
#[derive(Debug, Default)]
pub struct Export {
    /// Originals of images.
    pub images: Vec<PathBuf>,
    /// Images of formats that are not accepted, and why.
    pub refused: Vec<(PathBuf, String)>,
    /// Attribute files of catalogs.
    pub catalogs: Vec<PathBuf>,
    /// Files that a catalog may name: tables, macros, rule sets, fonts, profiles.
    pub parts: Vec<PathBuf>,
    /// Saved replies that describe smart crops.
    pub crops: Vec<PathBuf>,
    /// Nodes of AEM's repository, as FileVault XML.
    pub nodes: Vec<PathBuf>,
    /// Saved nodes of assets, as Sling JSON.
    pub assets: Vec<PathBuf>,
    /// Anything else.
    pub others: Vec<PathBuf>,
    /// Files that are left out, and why.
    pub ignored: Vec<(PathBuf, String)>,
}

/// Extensions of fonts and profiles, which only a font map or a profile map can name.
const FONTS_AND_PROFILES: [&str; 11] =
    ["ttf", "otf", "ttc", "woff", "woff2", "pfb", "pfm", "afm", "pft", "icc", "icm"];

/// Extensions of the tables, macro files and rule sets of a catalog. They may have any other, too.
const TABLES: [&str; 5] = ["txt", "tsv", "tab", "csv", "xml"];

/// The extension of documents, which are no originals here, but static content.
const DOCUMENT: &str = "pdf";

/// The most bytes of a saved node of an asset.
const NODE_BYTES: u64 = 4 << 20;

impl Export {
    /// Reads the names of all files below a folder. Fails if a folder cannot be read.
    pub fn scan(folder: &Path) -> Result<Self> {
        let mut export = Self::default();
        export.walk(folder)?;
        Ok(export)
    }

    fn walk(&mut self, folder: &Path) -> Result<()> {
        let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
        let mut paths = Vec::new();
        for entry in entries {
            paths.push(entry.with_context(|| folder.display().to_string())?.path());
        }
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                match path.is_symlink() {
                    // Links to folders can form cycles.
                    true => self.ignored.push((path, "a link to a folder".to_owned())),
                    false if name.starts_with('.') => {
                        self.ignored.push((path, "hidden".to_owned()));
                    }
                    false => self.walk(&path)?,
                }
            } else if path.is_file() {
                self.classify(path, &name);
            } else {
                self.ignored.push((path, "not a file".to_owned()));
            }
        }
        Ok(())
    }

    fn classify(&mut self, path: PathBuf, name: &str) {
        let lower = name.to_ascii_lowercase();
        let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
        let has = |format: &&originals::Format| format.extensions.contains(&extension);
        if in_repository(&path) {
            match name {
                ".content.xml" => self.nodes.push(path),
                // Found by the node of their asset.
                _ => self.others.push(path),
            }
        } else if name.starts_with('.') || matches!(lower.as_str(), "thumbs.db" | "desktop.ini") {
            self.ignored.push((path, "hidden".to_owned()));
        } else if extension == "ini" {
            self.catalogs.push(path);
        } else if smart_crop_file::is_named_so(&lower) {
            self.crops.push(path);
        } else if extension == "json" && is_asset_node(&path) {
            self.assets.push(path);
        } else if originals::formats().any(|format| has(&format))
            || extension == svg::FORMAT.extension
        {
            self.images.push(path);
        } else if let Some(format) =
            originals::unsupported_formats().find(has).filter(|_| extension != DOCUMENT)
        {
            self.refused.push((path, format!("{} is not accepted: {}", format.name, format.about)));
        } else if FONTS_AND_PROFILES.contains(&extension) || TABLES.contains(&extension) {
            self.parts.push(path);
        } else {
            self.others.push(path);
        }
    }
}

/// Whether a file is in an unpacked package of AEM.
pub fn in_repository(path: &Path) -> bool {
    let mut folders = path.components().map(|part| part.as_os_str());
    folders.any(|folder| folder == "jcr_root" || folder == "META-INF")
}

/// Whether a JSON file is a saved node of an asset.
fn is_asset_node(path: &Path) -> bool {
    let small = path.metadata().is_ok_and(|about| about.len() <= NODE_BYTES);
    let text = if small { fs::read(path).unwrap_or_default() } else { Vec::new() };
    let node: Option<serde_json::Value> = serde_json::from_slice(&text).ok();
    node.is_some_and(|node| node["jcr:primaryType"] == "dam:Asset")
}

/// Whether a file is a font or a profile.
pub fn is_font_or_profile(path: &Path) -> bool {
    let extension =
        path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|extension| FONTS_AND_PROFILES.contains(&extension.as_str()))
}
