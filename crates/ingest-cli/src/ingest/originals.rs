//! Which files are ingested, and under which keys.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Error, Result, anyhow};
use azulejo::protocol::composed;

use super::{
    clash,
    failures::Failure,
    profile::{self, Profile, Profiles},
    svg,
};
use crate::{
    args::{Id, IngestArgs},
    asset::Asset,
};

/// A file that is to be ingested.
#[derive(Debug, Clone)]
pub struct Original {
    /// Where it is.
    pub path: PathBuf,
    /// What becomes of it.
    pub asset: Asset,
    /// How it is made.
    pub profile: Arc<Profile>,
    /// Its key, when it comes from the store.
    pub kept: Option<String>,
    /// Whether it is stored as it is, as static content.
    pub content: bool,
}

impl Original {
    /// The key of what becomes of it, as far as its name tells.
    pub fn key(&self) -> String {
        if self.content {
            return self.asset.content();
        }
        let vector = self.path.extension().is_some_and(|e| e.eq_ignore_ascii_case(svg::ABOUT.1));
        if vector { self.asset.svg() } else { self.asset.pyramid() }
    }
}

/// What was found under the names on the command line.
#[derive(Debug, Default)]
pub struct Found {
    /// The images, in order.
    pub originals: Vec<Original>,
    /// Files in folders that are no images, and why they are passed over.
    pub skipped: Vec<(PathBuf, String)>,
    /// Names that lead to nothing, and files whose id another has.
    pub failed: Vec<(PathBuf, Error)>,
}

/// An error with the reason if files of this extension are not taken from folders. A file named
/// itself is tried whatever it is called.
fn accepted(extension: &str, content: bool) -> Result<(), String> {
    let has = |format: &&originals::Format| format.extensions.contains(&extension);
    if content || extension == svg::ABOUT.1 || originals::formats().any(|format| has(&format)) {
        return Ok(());
    }
    Err(originals::unsupported_formats().find(has).map_or_else(
        || "not an image by its name".to_owned(),
        |format| format!("{} is not accepted: {}", format.name, format.about),
    ))
}

/// Finds the images among files and folders, whose relative paths are kept, and among those
/// that failed before.
pub fn find(names: &[PathBuf], failed: Vec<Failure>, args: &IngestArgs) -> Result<Found> {
    let mut found = Found::default();
    // Static content is told apart by its extension.
    let kind = if args.content { Id::Name } else { args.id };
    let mut files = Vec::new();
    for name in names {
        match fs::metadata(name) {
            Ok(meta) if meta.is_dir() => {
                walk((name, Path::new("")), args.content, &mut files, &mut found);
            }
            Ok(meta) if !meta.is_file() => {
                found.failed.push((name.clone(), anyhow!("not a file and not a folder")));
            }
            Ok(_) => files.push((name.clone(), own_name(name))),
            Err(error) => found.failed.push((name.clone(), error.into())),
        }
    }
    let asset = |relative: &Path| {
        let id = composed(&format!("{}{}", args.prefix, id(relative, kind)?)).into_owned();
        Some(Asset { root: args.root.clone(), id })
    };
    let mut named = Vec::new();
    for (path, relative) in files {
        match asset(&relative) {
            Some(asset) => named.push((path, asset)),
            None => found.failed.push((path, anyhow!("the name is not UTF-8"))),
        }
    }
    for Failure { file, asset: before, .. } in failed {
        match before.or_else(|| asset(&own_name(&file))) {
            Some(asset) => named.push((file, asset)),
            None => found.failed.push((file, anyhow!("the name is not UTF-8"))),
        }
    }
    let winners = clash::winners(&named);
    let mut profiles = Profiles::new(args.making.profile.as_deref())?;
    let mut firsts = HashSet::new();
    for (path, asset) in named {
        if let Err(error) = asset.check() {
            found.failed.push((path, error));
            continue;
        }
        if let Some(winner) = winners.get(&asset).filter(|winner| **winner != path) {
            found.failed.push((path, clash::lost(&asset, winner)));
            continue;
        }
        // One file that is named twice is ingested once.
        if !firsts.insert(asset.clone()) {
            continue;
        }
        let profile = profiles.of(&path)?;
        found.originals.push(Original { path, asset, profile, kept: None, content: args.content });
    }
    Ok(found)
}

fn own_name(path: &Path) -> PathBuf {
    path.file_name().map(PathBuf::from).unwrap_or_default()
}

fn walk(
    (folder, relative): (&Path, &Path),
    content: bool,
    files: &mut Vec<(PathBuf, PathBuf)>,
    found: &mut Found,
) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return found.failed.push((folder.to_owned(), error.into())),
    };
    let mut paths = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => paths.push(entry.path()),
            Err(error) => found.failed.push((folder.to_owned(), error.into())),
        }
    }
    paths.sort();
    for path in paths {
        let Some(name) = path.file_name() else { continue };
        if name.to_string_lossy().starts_with('.') {
            found.skipped.push((path, "hidden".to_owned()));
            continue;
        }
        let relative = relative.join(name);
        let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        // Links to folders are not followed: they can lead in circles.
        let link = path.is_symlink();
        if path.is_dir() {
            if link {
                found.skipped.push((path, "a link to a folder".to_owned()));
            } else {
                walk((&path, &relative), content, files, found);
            }
        } else if !path.is_file() {
            found.skipped.push((path, "not a file".to_owned()));
        } else if name != profile::FILE {
            match accepted(&extension.unwrap_or_default(), content) {
                Ok(()) => files.push((path, relative)),
                Err(why) => found.skipped.push((path, why)),
            }
        }
    }
}

/// The id of a relative path, with `/` whatever the platform's separator is.
fn id(relative: &Path, id: Id) -> Option<String> {
    let relative = match id {
        Id::Stem => relative.with_extension(""),
        Id::Name => relative.to_owned(),
        Id::Flat => own_name(&relative.with_extension("")),
    };
    let parts: Option<Vec<&str>> =
        relative.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Args, Command};

    fn find(names: &[PathBuf], options: &[&str]) -> Found {
        let words = ["azulejo", "ingest", "--to", "local", "--root", "Shop", "x"];
        let args = Args::try_parse_from(words.iter().chain(options));
        match args.map(|args| args.command) {
            Ok(Command::Ingest(args)) => super::find(names, Vec::new(), &args).unwrap_or_default(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_folder_keeps_its_paths_and_leaves_out_what_is_no_image() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("shoes/.hidden")).unwrap();
        for name in
            ["a.JPG", "azulejo.toml", "notes.txt", "shoes/b.png", "shoes/.hidden/c.png", ".d.png"]
        {
            fs::write(folder.path().join(name), b"").unwrap();
        }
        let found = find(&[folder.path().to_owned()], &[]);
        let keys: Vec<String> = found.originals.iter().map(|o| o.asset.pyramid()).collect();
        assert_eq!(keys, ["assets/Shop/a.tif", "assets/Shop/shoes/b.tif"]);
        let skipped: Vec<&str> = found.skipped.iter().map(|(_, why)| why.as_str()).collect();
        assert_eq!(skipped, ["hidden", "not an image by its name", "hidden"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_folder_it_is_in_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("shoes")).unwrap();
        fs::write(folder.path().join("shoes/a.jpg"), b"").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("shoes/all")).unwrap();
        let found = find(&[folder.path().to_owned()], &[]);
        assert_eq!((found.originals.len(), found.skipped.len()), (1, 1));
    }

    #[test]
    fn two_files_with_one_id_are_told() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.jpg", "a.png"] {
            fs::write(folder.path().join(name), b"").unwrap();
        }
        let names = [folder.path().to_owned()];
        let clashing = find(&names, &[]);
        // The original goes before what was made of it, whatever the order of names.
        assert!(clashing.originals[0].path.ends_with("a.png"), "{clashing:?}");
        let [(loser, error)] = clashing.failed.as_slice() else { panic!("{clashing:?}") };
        assert!(loser.ends_with("a.jpg"), "{loser:?}");
        assert!(error.to_string().contains("goes before it"), "{error}");
        assert_eq!(find(&names, &["--id", "name"]).failed.len(), 0);
    }

    #[test]
    fn ids_are_flat_prefixed_and_composed() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["men/red.jpg", "women/Ro\u{308}te.png", "women/red.tif"] {
            fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
            fs::write(folder.path().join(name), b"").unwrap();
        }
        let names = [folder.path().to_owned()];
        let ids = |found: &Found| -> Vec<String> {
            found.originals.iter().map(|original| original.asset.id.clone()).collect()
        };
        let flat = find(&names, &["--id", "flat", "--prefix", "2027-"]);
        assert_eq!(ids(&flat), ["2027-R\u{f6}te", "2027-red"]);
        assert!(flat.failed[0].0.ends_with("men/red.jpg"), "a TIFF goes before a JPEG");
        let prefixed = find(&names, &["--prefix", "sale/"]);
        assert_eq!(ids(&prefixed), ["sale/men/red", "sale/women/R\u{f6}te", "sale/women/red"]);
    }

    #[test]
    fn a_name_that_leads_nowhere_fails() {
        assert_eq!(find(&["/no/such/file".into()], &[]).failed.len(), 1);
    }
}
