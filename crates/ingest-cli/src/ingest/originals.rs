//! Which files are ingested, and under which keys.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Error, anyhow};

use crate::args::Id;

/// A file that is to be ingested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Where it is.
    pub path: PathBuf,
    /// The key of its pyramid.
    pub key: String,
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

/// Whether files of this extension are taken from folders. A file named itself is tried whatever
/// it is called.
fn accepted(extension: &str) -> bool {
    originals::formats().any(|format| format.extensions.contains(&extension))
}

/// Finds the images among files and folders; a folder's relative paths are kept.
pub fn find(names: &[PathBuf], root: &str, id: Id) -> Found {
    let mut found = Found::default();
    let mut files = Vec::new();
    for name in names {
        match fs::metadata(name) {
            Ok(meta) if meta.is_dir() => walk(name, Path::new(""), &mut files, &mut found),
            Ok(meta) if !meta.is_file() => {
                found.failed.push((name.clone(), anyhow!("not a file and not a folder")));
            }
            Ok(_) => {
                let own = name.file_name().map(PathBuf::from).unwrap_or_default();
                files.push((name.clone(), own));
            }
            Err(error) => found.failed.push((name.clone(), error.into())),
        }
    }
    let mut keys: HashMap<String, PathBuf> = HashMap::new();
    for (path, relative) in files {
        match key(root, &relative, id) {
            None => found.failed.push((path, anyhow!("the name is not UTF-8"))),
            Some(key) => match keys.get(&key) {
                Some(first) => {
                    let error = anyhow!("has the same id as {}: use --id name", first.display());
                    found.failed.push((path, error));
                }
                None => {
                    keys.insert(key.clone(), path.clone());
                    found.originals.push(Original { path, key });
                }
            },
        }
    }
    found
}

fn walk(folder: &Path, relative: &Path, files: &mut Vec<(PathBuf, PathBuf)>, found: &mut Found) {
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
                walk(&path, &relative, files, found);
            }
        } else if !path.is_file() {
            found.skipped.push((path, "not a file".to_owned()));
        } else if extension.is_some_and(|extension| accepted(&extension)) {
            files.push((path, relative));
        } else {
            found.skipped.push((path, "not an image by its name".to_owned()));
        }
    }
}

/// `assets/<rootId>/<id>.tif`, with `/` whatever the platform's separator is.
fn key(root: &str, relative: &Path, id: Id) -> Option<String> {
    let relative = match id {
        Id::Stem => relative.with_extension(""),
        Id::Name => relative.to_owned(),
    };
    let parts: Option<Vec<&str>> =
        relative.components().map(|part| part.as_os_str().to_str()).collect();
    Some(format!("assets/{root}/{}.tif", parts?.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_its_paths_and_leaves_out_what_is_no_image() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("shoes/.hidden")).unwrap();
        for name in ["a.JPG", "notes.txt", "shoes/b.png", "shoes/.hidden/c.png", ".d.png"] {
            fs::write(folder.path().join(name), b"").unwrap();
        }
        let found = find(&[folder.path().to_owned()], "Shop", Id::Stem);
        let keys: Vec<&str> = found.originals.iter().map(|o| o.key.as_str()).collect();
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
        let found = find(&[folder.path().to_owned()], "Shop", Id::Stem);
        assert_eq!((found.originals.len(), found.skipped.len()), (1, 1));
    }

    #[test]
    fn two_files_with_one_id_are_told() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.jpg", "a.png"] {
            fs::write(folder.path().join(name), b"").unwrap();
        }
        let names = [folder.path().to_owned()];
        assert_eq!(find(&names, "Shop", Id::Stem).failed.len(), 1);
        assert_eq!(find(&names, "Shop", Id::Name).failed.len(), 0);
    }

    #[test]
    fn a_name_that_leads_nowhere_fails() {
        assert_eq!(find(&["/no/such/file".into()], "Shop", Id::Stem).failed.len(), 1);
    }
}
