//! Walks through a folder without holding more than the names of the folders that it is in.

use std::{
    ffi::OsString,
    fs::{self, FileType},
    io,
    path::PathBuf,
    vec,
};

use anyhow::Error;

use super::{profile, svg};

/// Why a file is passed over whose name begins with a dot.
pub const HIDDEN: &str = "hidden";

/// What a walk finds.
#[derive(Debug)]
pub enum Walked {
    /// A file to ingest: its path, and the one relative to the folder where the walk began.
    File(PathBuf, PathBuf),
    /// A file or folder that is passed over, and why.
    Skipped(PathBuf, String),
    /// A folder that cannot be read, wholly or in part.
    Unreadable(PathBuf, Error),
}

/// A walk through a folder, in the order of names.
pub struct Walk {
    content: bool,
    folders: Vec<Folder>,
    /// What was found before the next name is looked at.
    found: Vec<Walked>,
}

struct Folder {
    path: PathBuf,
    relative: PathBuf,
    names: vec::IntoIter<(OsString, Option<FileType>)>,
}

impl Walk {
    /// A walk through this folder, for static content or for images.
    pub fn new(folder: PathBuf, content: bool) -> Self {
        let mut walk = Self { content, folders: Vec::new(), found: Vec::new() };
        walk.enter(folder, PathBuf::new());
        walk
    }

    fn enter(&mut self, path: PathBuf, relative: PathBuf) {
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) => return self.found.push(Walked::Unreadable(path, error.into())),
        };
        let mut names = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => names.push((entry.file_name(), entry.file_type().ok())),
                Err(error) => self.found.push(Walked::Unreadable(path.clone(), error.into())),
            }
        }
        names.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        self.folders.push(Folder { path, relative, names: names.into_iter() });
    }

    /// Looks at one name of a folder. Returns `None` if there is nothing to tell about it.
    fn look(
        &mut self,
        path: PathBuf,
        relative: PathBuf,
        kind: Option<FileType>,
    ) -> io::Result<Option<Walked>> {
        let name = path.file_name().unwrap_or_default();
        if name.as_encoded_bytes().starts_with(b".") {
            return Ok(Some(Walked::Skipped(path, HIDDEN.to_owned())));
        }
        let kind = match kind {
            Some(kind) => kind,
            None => fs::symlink_metadata(&path)?.file_type(),
        };
        // Links to folders are not followed, since they can form cycles.
        let link = kind.is_symlink();
        let kind =
            if link { fs::metadata(&path).map_or(kind, |meta| meta.file_type()) } else { kind };
        if kind.is_dir() {
            if link {
                return Ok(Some(Walked::Skipped(path, "a link to a folder".to_owned())));
            }
            self.enter(path, relative);
            return Ok(None);
        }
        if !kind.is_file() {
            return Ok(Some(Walked::Skipped(path, "not a file".to_owned())));
        }
        if name == profile::FILE {
            return Ok(None);
        }
        let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        Ok(Some(match check_extension(&extension.unwrap_or_default(), self.content) {
            Ok(()) => Walked::File(path, relative),
            Err(why) => Walked::Skipped(path, why),
        }))
    }
}

impl Iterator for Walk {
    type Item = Walked;

    fn next(&mut self) -> Option<Walked> {
        loop {
            if let Some(found) = self.found.pop() {
                return Some(found);
            }
            let folder = self.folders.last_mut()?;
            let Some((name, kind)) = folder.names.next() else {
                self.folders.pop();
                continue;
            };
            let (path, relative) = (folder.path.join(&name), folder.relative.join(&name));
            match self.look(path, relative, kind) {
                Ok(None) => {}
                Ok(Some(found)) => return Some(found),
                // It is gone since the folder was read.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    return Some(Walked::Unreadable(folder_of(&self.folders), error.into()));
                }
            }
        }
    }
}

fn folder_of(folders: &[Folder]) -> PathBuf {
    folders.last().map(|folder| folder.path.clone()).unwrap_or_default()
}

/// Fails with the reason if files with this extension are not ingested from folders. Files that are
/// named on the command line are tried whatever their extension.
pub fn check_extension(extension: &str, content: bool) -> Result<(), String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative paths of the files, and the reasons for the rest.
    fn walked(folder: &tempfile::TempDir) -> Vec<String> {
        let walk = Walk::new(folder.path().to_owned(), false);
        walk.map(|found| match found {
            Walked::File(path, relative) => {
                assert_eq!(path, folder.path().join(&relative));
                relative.to_str().unwrap().to_owned()
            }
            Walked::Skipped(_, why) => format!("skipped: {why}"),
            Walked::Unreadable(path, error) => format!("{}: {error}", path.display()),
        })
        .collect()
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
        let skipped = "skipped: not an image by its name";
        let hidden = "skipped: hidden";
        assert_eq!(walked(&folder), [hidden, "a.JPG", skipped, hidden, "shoes/b.png"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_folder_it_is_in_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("shoes")).unwrap();
        fs::write(folder.path().join("shoes/a.jpg"), b"").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("shoes/all")).unwrap();
        std::os::unix::fs::symlink("a.jpg", folder.path().join("shoes/link.jpg")).unwrap();
        std::os::unix::fs::symlink("none", folder.path().join("shoes/none.jpg")).unwrap();
        let (link, none) = ("skipped: a link to a folder", "skipped: not a file");
        assert_eq!(walked(&folder), ["shoes/a.jpg", link, "shoes/link.jpg", none]);
    }

    #[test]
    fn a_folder_that_is_missing_is_unreadable() {
        let mut walk = Walk::new("/no/such/folder".into(), false);
        assert!(matches!(walk.next(), Some(Walked::Unreadable(_, _))));
        assert!(walk.next().is_none());
    }
}
