//! The catalogs of an export: the folder of its .ini files, without the originals that may lie there, too.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use azulejo::catalog::{Attributes, DEFAULT, files::attributes};
use tempfile::TempDir;

use super::{
    aem::Nodes,
    scan::{Export, is_font_or_profile},
};
use crate::{
    args::{ImportArgs, Usage},
    publish::{self, compile::compile, folder::Folder},
};

/// The attributes that name files.
const NAMES: [&str; 7] = [
    "CatalogFile",
    "SvgCatalogFile",
    "StaticContentCatalogFile",
    "MacroFile",
    "FontMapFile",
    "IccProfileMapFile",
    "RuleSetFile",
];

/// Catalogs that can be published.
pub struct Catalogs {
    /// A copy of their files.
    pub folder: TempDir,
    /// The name of their publication.
    pub name: String,
    /// The folder in the export.
    pub from: PathBuf,
    /// The compiled catalogs.
    pub compiled: Folder,
    /// The files that are part of them.
    pub files: BTreeSet<PathBuf>,
}

impl Catalogs {
    /// Finds the catalogs of an export; `None` if it has none. Fails if several folders have .ini files
    /// and none of them is chosen.
    pub fn find(args: &ImportArgs, export: &Export, nodes: &Nodes) -> Result<Option<Self>> {
        let folders: BTreeSet<&Path> =
            export.catalogs.iter().filter_map(|file| file.parent()).collect();
        let from = match (&args.catalogs, folders.len()) {
            (Some(chosen), _) => chosen.as_path(),
            (None, 0) if nodes.manifest.is_none() => return Ok(None),
            (None, 0) => args.folder.as_path(),
            (None, 1) => folders.first().copied().unwrap_or(&args.folder),
            (None, _) => {
                let names: Vec<String> =
                    folders.iter().map(|folder| folder.display().to_string()).collect();
                let error = format!(
                    "{} folders have .ini files: {}; choose one with --catalogs",
                    names.len(),
                    names.join(", ")
                );
                return Err(Usage(error).into());
            }
        };
        let folder = tempfile::tempdir()?;
        let mut files = BTreeSet::new();
        for file in export.catalogs.iter().filter(|file| file.parent() == Some(from)) {
            copy(from, file, folder.path(), &mut files)?;
            for name in named(file)? {
                let file = from.join(name);
                if file.is_file() {
                    copy(from, &file, folder.path(), &mut files)?;
                }
            }
        }
        for file in
            export.parts.iter().filter(|file| is_font_or_profile(file) && file.starts_with(from))
        {
            copy(from, file, folder.path(), &mut files)?;
        }
        if let Some(manifest) = &nodes.manifest {
            fs::copy(manifest, folder.path().join(".content.xml"))?;
            files.insert(manifest.clone());
        }
        let compiled = compile(&publish::files(folder.path())?);
        // Fonts and profiles that no map names are not stored.
        let used: BTreeSet<&str> = compiled.objects.values().map(String::as_str).collect();
        files.retain(|file| {
            let within = file.strip_prefix(from).map(slashes).unwrap_or_default();
            !is_font_or_profile(file) || used.contains(within.as_str())
        });
        let name = publish::publication::name(from, args.name.as_deref())?;
        Ok(Some(Self { folder, name, from: from.to_owned(), compiled, files }))
    }

    /// The attributes of a catalog that say where its files are.
    pub fn attributes(&self, root: &str) -> Attributes {
        let mut attributes = Attributes::default();
        for name in [DEFAULT, root] {
            let compiled = self.compiled.catalogs.get(name);
            for (name, value) in compiled.iter().flat_map(|compiled| &compiled.attributes) {
                // Publish reports what is wrong.
                let _ = attributes.set(name, value);
            }
        }
        attributes
    }

    /// The rootIds besides the default catalog's.
    pub fn roots(&self) -> Vec<&str> {
        let roots = self.compiled.catalogs.keys().map(String::as_str);
        roots.filter(|root| *root != DEFAULT).collect()
    }
}

/// A relative path with `/` between its folders.
pub fn slashes(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// The files that an attribute file names.
fn named(file: &Path) -> Result<Vec<String>> {
    let bytes = fs::read(file).with_context(|| file.display().to_string())?;
    let text: String = match String::from_utf8(bytes) {
        Ok(text) => text,
        // Without a byte order mark it is ISO-8859-1 (r-is-cat-character-encoding).
        Err(error) => error.into_bytes().into_iter().map(char::from).collect(),
    };
    // Publish reports a line that is wrong.
    let lines = attributes(&text).unwrap_or_default();
    let files = lines
        .into_iter()
        .filter(|(_, name, _)| NAMES.iter().any(|other| other.eq_ignore_ascii_case(name)))
        .flat_map(|(_, _, value)| {
            let names = value.split(',').map(|name| name.trim().replace('\\', "/"));
            names.filter(|name| is_within(name)).collect::<Vec<_>>()
        });
    Ok(files.collect())
}

/// Whether a name stays within its folder.
fn is_within(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('/') && !name.split('/').any(|part| part == "..")
}

/// Copies a file of the catalog folder to its place in the copy.
fn copy(from: &Path, file: &Path, to: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    if files.insert(file.to_owned()) {
        let target = to.join(file.strip_prefix(from).unwrap_or(file));
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        fs::copy(file, target).with_context(|| file.display().to_string())?;
    }
    Ok(())
}
