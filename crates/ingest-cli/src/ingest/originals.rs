//! Finds the files to ingest and determines their ids.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Error, Result, anyhow};
use azulejo::protocol::composed;

use super::{
    failures::Failure,
    id_conflict,
    profile::{self, Profile, Profiles},
    svg,
};
use crate::{
    args::{Id, IngestArgs},
    asset::Asset,
};

/// An original to ingest.
#[derive(Debug, Clone)]
pub struct Original {
    /// Its path.
    pub path: PathBuf,
    /// The asset that it becomes.
    pub asset: Asset,
    /// The image profile of its folder.
    pub profile: Arc<Profile>,
    /// Its key, if it is read from the store.
    pub stored_key: Option<String>,
    /// Whether it is stored unchanged as static content.
    pub content: bool,
}

impl Original {
    /// The key of the stored object, judged by the file name.
    pub fn key(&self) -> String {
        if self.content {
            return self.asset.content();
        }
        let vector =
            self.path.extension().is_some_and(|e| e.eq_ignore_ascii_case(svg::FORMAT.extension));
        if vector { self.asset.svg() } else { self.asset.pyramid() }
    }
}

/// The files that were found for the command line's arguments.
#[derive(Debug, Default)]
pub struct FoundFiles {
    /// The originals, in order.
    pub originals: Vec<Original>,
    /// Files in folders that are not ingested, and why.
    pub skipped: Vec<(PathBuf, String)>,
    /// Missing files, files with invalid names, and files whose id belongs to another file.
    pub failed: Vec<(PathBuf, Error)>,
}

/// Fails with the reason if files with this extension are not ingested from folders. Files that are
/// named on the command line are tried whatever their extension.
fn check_extension(extension: &str, content: bool) -> Result<(), String> {
    let has = |format: &&originals::Format| format.extensions.contains(&extension);
    if content
        || extension == svg::FORMAT.extension
        || originals::formats().any(|format| has(&format))
    {
        return Ok(());
    }
    Err(originals::unsupported_formats().find(has).map_or_else(
        || "not an image by its name".to_owned(),
        |format| format!("{} is not accepted: {}", format.name, format.about),
    ))
}

/// Finds the originals among files and folders, and the failures of an earlier run. Ids contain the
/// relative path within a folder.
pub fn find(names: &[PathBuf], failed: Vec<Failure>, args: &IngestArgs) -> Result<FoundFiles> {
    let mut found = FoundFiles::default();
    // The id of static content includes the extension.
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
    let preferred = id_conflict::preferred(&named);
    let mut profiles = Profiles::new(args.build.profile.as_deref())?;
    let mut firsts = HashSet::new();
    for (path, asset) in named {
        if let Err(error) = asset.check() {
            found.failed.push((path, error));
            continue;
        }
        if let Some(preferred_path) =
            preferred.get(&asset).filter(|preferred_path| **preferred_path != path)
        {
            found.failed.push((path, id_conflict::error(&asset, preferred_path)));
            continue;
        }
        // A file that is named twice is ingested once.
        if !firsts.insert(asset.clone()) {
            continue;
        }
        let profile = profiles.of(&path)?;
        found.originals.push(Original {
            path,
            asset,
            profile,
            stored_key: None,
            content: args.content,
        });
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
    found: &mut FoundFiles,
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
        // Links to folders are not followed, since they can form cycles.
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
            match check_extension(&extension.unwrap_or_default(), content) {
                Ok(()) => files.push((path, relative)),
                Err(why) => found.skipped.push((path, why)),
            }
        }
    }
}

/// The id for a relative path, with `/` as the separator on all platforms.
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

    fn find(names: &[PathBuf], options: &[&str]) -> FoundFiles {
        let command = ["azulejo", "ingest", "--to", "local", "--root", "Shop", "x"];
        let args = Args::try_parse_from(command.iter().chain(options));
        match args.map(|args| args.command) {
            Ok(Command::Ingest(args)) => super::find(names, Vec::new(), &args).unwrap_or_default(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_folder_is_searched_for_images_with_its_relative_paths() {
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
    fn of_two_files_with_one_id_the_worse_fails() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.jpg", "a.png"] {
            fs::write(folder.path().join(name), b"").unwrap();
        }
        let names = [folder.path().to_owned()];
        let conflicting = find(&names, &[]);
        // The PNG is preferred, whatever the order of names.
        assert!(conflicting.originals[0].path.ends_with("a.png"), "{conflicting:?}");
        let [(loser, error)] = conflicting.failed.as_slice() else { panic!("{conflicting:?}") };
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
        let ids = |found: &FoundFiles| -> Vec<String> {
            found.originals.iter().map(|original| original.asset.id.clone()).collect()
        };
        let flat = find(&names, &["--id", "flat", "--prefix", "2027-"]);
        assert_eq!(ids(&flat), ["2027-R\u{f6}te", "2027-red"]);
        assert!(flat.failed[0].0.ends_with("men/red.jpg"), "a TIFF goes before a JPEG");
        let prefixed = find(&names, &["--prefix", "sale/"]);
        assert_eq!(ids(&prefixed), ["sale/men/red", "sale/women/R\u{f6}te", "sale/women/red"]);
    }

    #[test]
    fn a_missing_file_fails() {
        assert_eq!(find(&["/no/such/file".into()], &[]).failed.len(), 1);
    }
}
