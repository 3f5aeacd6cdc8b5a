//! Puts into a folder: a file is written aside and renamed, so it appears whole; both are on the
//! disk before a put is done, so that a record never outlives a loss of power that its pyramid
//! did not. Changes of what several commands write are made under a lock.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use tempfile::NamedTempFile;

use super::staging::Staging;

/// The file in a folder that commands lock while they change an object.
const LOCK: &str = ".lock";

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

/// Puts or removes `key` if it holds what it held when it was read; false where it does not.
///
/// Compared and renamed under a lock, which ends with the process that has it.
pub fn replace(
    root: &Path,
    key: &str,
    was: Option<&[u8]>,
    bytes: Option<&[u8]>,
) -> io::Result<bool> {
    let staged = bytes.map(|bytes| staged(root, bytes)).transpose()?;
    let lock = lock(root)?;
    let target = root.join(key);
    let now = match fs::read(&target) {
        Err(error) if is_absent(&error) => None,
        read => Some(read?),
    };
    if now.as_deref() != was {
        return Ok(false);
    }
    let folder = target.parent().unwrap_or(Path::new(""));
    match staged {
        Some(staged) => {
            make(folder)?;
            staged.persist(&target)?;
        }
        None if now.is_some() => fs::remove_file(&target)?,
        None => return Ok(true),
    }
    drop(lock);
    sync(folder)?;
    Ok(true)
}

/// A file of the folder's own staging that holds `bytes`, on the disk.
fn staged(root: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut staged = Staging::within(root).file()?;
    staged.write_all(bytes)?;
    staged.as_file().sync_all()?;
    Ok(staged)
}

/// The lock of all changes to a folder's objects. Its file stays: whoever removed it could remove
/// that of another process.
fn lock(root: &Path) -> io::Result<File> {
    let file = File::options().create(true).truncate(false).write(true).open(root.join(LOCK))?;
    file.lock()?;
    Ok(file)
}

/// An object is not there either where one stands that would have to be its folder.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
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

    #[test]
    fn an_object_is_replaced_only_as_it_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let is = |bytes: &[u8]| fs::read(root.join("a/b.json")).is_ok_and(|now| now == bytes);
        assert!(!replace(root, "a/b.json", Some(b"old"), Some(b"new")).unwrap());
        assert!(replace(root, "a/b.json", None, Some(b"one")).unwrap() && is(b"one"));
        assert!(!replace(root, "a/b.json", None, Some(b"two")).unwrap() && is(b"one"));
        assert!(!replace(root, "a/b.json", Some(b"two"), None).unwrap() && is(b"one"));
        assert!(replace(root, "a/b.json", Some(b"one"), Some(b"two")).unwrap() && is(b"two"));
        assert!(replace(root, "a/b.json", Some(b"two"), None).unwrap());
        assert!(!root.join("a/b.json").exists());
        assert_eq!(fs::read_dir(root.join(".staging")).unwrap().count(), 0);
    }

    #[test]
    fn a_change_waits_for_the_lock_and_a_lock_that_was_left_is_nobodys() {
        let folder = tempfile::tempdir().unwrap();
        let held = lock(folder.path()).unwrap();
        std::thread::scope(|scope| {
            let root = folder.path();
            let change = scope.spawn(move || replace(root, "k", None, Some(b"one")).unwrap());
            std::thread::sleep(std::time::Duration::from_millis(50));
            assert!(!change.is_finished() && !root.join("k").exists());
            drop(held);
            assert!(change.join().unwrap());
        });
        // The file is there still.
        assert!(replace(folder.path(), "k", Some(b"one"), Some(b"two")).unwrap());
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
