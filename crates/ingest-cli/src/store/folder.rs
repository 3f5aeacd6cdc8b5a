//! Puts into a folder: a file is written aside and renamed, so it appears whole; both are on the
//! disk before a put is done, so that a record never outlives a loss of power that its pyramid
//! did not.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use tempfile::NamedTempFile;

use super::staging::Staging;

/// Writes `bytes` to `key` in the folder `root`.
pub fn put(root: &Path, key: &str, bytes: &[u8]) -> io::Result<()> {
    let mut staged = Staging::within(root).file()?;
    staged.write_all(bytes)?;
    appear(root, key, staged)
}

/// Copies a file to `key` in the folder `root`.
pub fn copy(root: &Path, key: &str, from: &Path) -> io::Result<()> {
    let mut staged = Staging::within(root).file()?;
    io::copy(&mut File::open(from)?, staged.as_file_mut())?;
    appear(root, key, staged)
}

/// Lets a file of the folder's own staging appear as `key`. What is done is on the disk.
pub fn appear(root: &Path, key: &str, staged: NamedTempFile) -> io::Result<()> {
    let target = root.join(key);
    let folder = target.parent().unwrap_or(Path::new(""));
    make(folder)?;
    staged.as_file().sync_all()?;
    staged.persist(&target)?;
    sync(folder)
}

/// Removes `key` from the folder `root`, if it is there.
pub fn remove(root: &Path, key: &str) -> io::Result<()> {
    let path = root.join(key);
    match fs::remove_file(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        removed => removed?,
    }
    path.parent().map_or(Ok(()), sync)
}

/// Makes what a folder lists last; elsewhere than on Unix a folder cannot be opened for that.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Makes a folder and those above it, up to one that is there already, and makes them last.
fn make(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(Path::new(""));
    make(above)?;
    match fs::create_dir(folder) {
        // Another put was quicker.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        made => made.and_then(|()| sync(above)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_put_that_fails_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a"), b"no folder").unwrap();
        assert!(put(root.path(), "a/b.tif", b"bytes").is_err());
        assert_eq!(fs::read_dir(root.path().join(".staging")).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn an_object_may_be_read_by_whom_other_files_may() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        put(root.path(), "a/b.tif", b"bytes").unwrap();
        fs::write(root.path().join("plain"), b"bytes").unwrap();
        let mode = |name| fs::metadata(root.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode("a/b.tif"), mode("plain"));
    }
}
