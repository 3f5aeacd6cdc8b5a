//! Puts into a folder: a file is written aside and renamed, so it appears whole.

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

/// Lets a file of the folder's own staging appear as `key`.
pub fn appear(root: &Path, key: &str, staged: NamedTempFile) -> io::Result<()> {
    let target = root.join(key);
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    staged.persist(target)?;
    Ok(())
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
