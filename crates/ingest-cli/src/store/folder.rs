//! Puts into a folder: a file is written aside and renamed, so it appears whole; both are on the
//! disk before a put is done, so that a record never outlives a loss of power that its pyramid
//! did not.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

/// Where files are written before they appear, inside the store so that renaming is atomic.
const STAGING: &str = ".staging";

/// Writes `bytes` to `key` in the folder `root`.
pub fn put(root: &Path, key: &str, bytes: &[u8]) -> io::Result<()> {
    let staged = Staged::new(root)?;
    let mut file = &staged.file;
    file.write_all(bytes)?;
    staged.appear(&root.join(key))
}

/// Copies a file to `key` in the folder `root`.
pub fn copy(root: &Path, key: &str, from: &Path) -> io::Result<()> {
    let staged = Staged::new(root)?;
    io::copy(&mut File::open(from)?, &mut &staged.file)?;
    staged.appear(&root.join(key))
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

/// Removes what killed processes left behind. The lock of a file ends with its process, so a
/// file that can be locked is nobody's.
pub fn sweep(root: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(root.join(STAGING)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        // One that is gone by now has appeared in its place.
        if File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(&path);
        }
    }
    Ok(())
}

/// A file that is being written; it is removed unless it appears.
struct Staged {
    file: File,
    path: PathBuf,
}

impl Staged {
    fn new(root: &Path) -> io::Result<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let folder = root.join(STAGING);
        fs::create_dir_all(&folder)?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{}-{number}", process::id()));
        let file = File::create(&path)?;
        file.lock()?;
        Ok(Self { file, path })
    }

    fn appear(self, target: &Path) -> io::Result<()> {
        let folder = target.parent().unwrap_or(Path::new(""));
        make(folder)?;
        self.file.sync_all()?;
        fs::rename(&self.path, target)?;
        sync(folder)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // After the renaming there is nothing under this name.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_is_swept_and_what_is_being_written_is_not() {
        let root = tempfile::tempdir().unwrap();
        let alive = Staged::new(root.path()).unwrap();
        let dead = root.path().join(STAGING).join("1-0");
        fs::write(&dead, b"half").unwrap();
        sweep(root.path()).unwrap();
        assert!(alive.path.exists() && !dead.exists());
        alive.appear(&root.path().join("a/b.tif")).unwrap();
        assert!(root.path().join("a/b.tif").exists());
    }

    #[test]
    fn a_put_that_fails_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a"), b"no folder").unwrap();
        assert!(put(root.path(), "a/b.tif", b"bytes").is_err());
        assert_eq!(fs::read_dir(root.path().join(STAGING)).unwrap().count(), 0);
    }
}
