//! Writes to a folder. A file is written to the staging folder and renamed, so that it appears
//! atomically. File and folder are synced before a put returns, so that after a power failure no
//! record exists without its pyramid. Conditional writes take a lock.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use tempfile::NamedTempFile;

use super::staging::Staging;

/// The lock file of a folder, for conditional writes.
const LOCK: &str = ".lock";

/// Writes `bytes` to `key` in the folder `root`.
pub fn put(root: &Path, key: &str, bytes: &[u8]) -> io::Result<()> {
    let mut staged = Staging::within(root).file()?;
    staged.write_all(bytes)?;
    rename_into_place(root, key, staged)
}

/// Copies a file to `key` in the folder `root`.
pub fn copy(root: &Path, key: &str, from: &Path) -> io::Result<()> {
    let mut staged = Staging::within(root).file()?;
    io::copy(&mut File::open(from)?, staged.as_file_mut())?;
    rename_into_place(root, key, staged)
}

/// Renames a file of the folder's staging area to `key`, and syncs file and folder.
pub fn rename_into_place(root: &Path, key: &str, staged: NamedTempFile) -> io::Result<()> {
    let target = root.join(key);
    let folder = target.parent().unwrap_or(Path::new(""));
    create(folder)?;
    staged.as_file().sync_all()?;
    staged.persist(&target)?;
    sync(folder)
}

/// Writes or removes `key` if its content is still `expected`. Returns false otherwise.
///
/// Compares and renames under a lock, which the system releases if the process ends.
pub fn replace(
    root: &Path,
    key: &str,
    expected: Option<&[u8]>,
    bytes: Option<&[u8]>,
) -> io::Result<bool> {
    let staged = bytes.map(|bytes| staged(root, bytes)).transpose()?;
    let lock = lock(root)?;
    let target = root.join(key);
    let now = match fs::read(&target) {
        Err(error) if is_absent(&error) => None,
        read => Some(read?),
    };
    if now.as_deref() != expected {
        return Ok(false);
    }
    let folder = target.parent().unwrap_or(Path::new(""));
    match staged {
        Some(staged) => {
            create(folder)?;
            staged.persist(&target)?;
        }
        None if now.is_some() => fs::remove_file(&target)?,
        None => return Ok(true),
    }
    drop(lock);
    sync(folder)?;
    Ok(true)
}

/// A synced file in the folder's staging area that holds `bytes`.
fn staged(root: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut staged = Staging::within(root).file()?;
    staged.write_all(bytes)?;
    staged.as_file().sync_all()?;
    Ok(staged)
}

/// Locks all conditional writes of a folder. The lock file is never removed, since another process
/// may be waiting for it.
fn lock(root: &Path) -> io::Result<File> {
    let file = File::options().create(true).truncate(false).write(true).open(root.join(LOCK))?;
    file.lock()?;
    Ok(file)
}

/// Whether the error means that the object does not exist. It cannot exist if a part of its path is
/// an object.
pub fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Removes `key` from the folder `root` if it exists.
pub fn remove(root: &Path, key: &str) -> io::Result<()> {
    let path = root.join(key);
    match fs::remove_file(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        removed => removed?,
    }
    path.parent().map_or(Ok(()), sync)
}

/// Syncs the entries of a folder. Only Unix can open a folder for that.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Creates and syncs a folder and its missing parents.
fn create(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(Path::new(""));
    create(above)?;
    match fs::create_dir(folder) {
        // Another process has just created it.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        created => created.and_then(|()| sync(above)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_put_leaves_no_file() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a"), b"no folder").unwrap();
        assert!(put(root.path(), "a/b.tif", b"bytes").is_err());
        assert_eq!(fs::read_dir(root.path().join(".staging")).unwrap().count(), 0);
    }

    #[test]
    fn an_object_is_replaced_only_if_it_has_the_expected_content() {
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
    fn a_conditional_write_waits_for_the_lock() {
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
        // The lock file remains and can be locked again.
        assert!(replace(folder.path(), "k", Some(b"one"), Some(b"two")).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn an_object_has_the_permissions_of_other_new_files() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        put(root.path(), "a/b.tif", b"bytes").unwrap();
        fs::write(root.path().join("plain"), b"bytes").unwrap();
        let mode = |name| fs::metadata(root.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode("a/b.tif"), mode("plain"));
    }
}
