//! The staging area, where files are written before they are stored. For a folder it is inside the
//! folder, so that files can be renamed; otherwise it is the system's temporary folder.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile};

/// The staging folder within a store.
const FOLDER: &str = ".staging";

/// The staging area of a store.
#[derive(Debug, Clone)]
pub struct Staging(Option<PathBuf>);

impl Staging {
    /// Within the folder of the store.
    pub fn within(root: &Path) -> Self {
        Self(Some(root.join(FOLDER)))
    }

    /// In the system's temporary folder.
    pub fn temporary() -> Self {
        Self(None)
    }

    /// A locked file for one object. Dropping it removes it unless it has been stored.
    pub fn file(&self) -> io::Result<NamedTempFile> {
        let Some(folder) = &self.0 else { return NamedTempFile::new() };
        fs::create_dir_all(folder)?;
        let mut builder = Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // The same mode as any new file has; the umask restricts it.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        loop {
            let file = builder.tempfile_in(folder)?;
            file.as_file().lock()?;
            // Another process may have removed it as abandoned before it was locked.
            if file.path().exists() {
                return Ok(file);
            }
        }
    }

    /// An unnamed file, which the system removes when it is closed.
    pub fn scratch(&self) -> io::Result<File> {
        let Some(folder) = &self.0 else { return tempfile::tempfile() };
        fs::create_dir_all(folder)?;
        tempfile::tempfile_in(folder)
    }

    /// Removes files that killed processes have left behind. The lock of a file ends with its
    /// process, so a file that can be locked is abandoned.
    pub fn remove_abandoned(&self) -> io::Result<()> {
        let Some(folder) = &self.0 else { return Ok(()) };
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            // A missing file has been stored meanwhile.
            let Ok(file) = File::open(&path) else { continue };
            // Holds the lock during the removal, so that the file's creator notices it after
            // locking.
            if file.try_lock().is_ok() {
                let _ = fs::remove_file(&path);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abandoned_files_are_removed_and_files_in_use_are_not() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::within(root.path());
        let alive = staging.file().unwrap();
        let dead = root.path().join(FOLDER).join("dead");
        fs::write(&dead, b"half").unwrap();
        staging.remove_abandoned().unwrap();
        assert!(alive.path().exists() && !dead.exists());
    }

    #[test]
    fn a_file_that_is_being_created_is_not_removed() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::within(root.path());
        std::thread::scope(|scope| {
            let cleaner = scope.spawn(|| (0..2000).try_for_each(|_| staging.remove_abandoned()));
            while !cleaner.is_finished() {
                let file = staging.file().unwrap();
                file.persist(root.path().join("kept")).unwrap();
            }
            cleaner.join().unwrap().unwrap();
        });
    }

    #[test]
    fn dropped_files_are_removed() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::within(root.path());
        drop((staging.file().unwrap(), staging.scratch().unwrap()));
        assert_eq!(fs::read_dir(root.path().join(FOLDER)).unwrap().count(), 0);
    }
}
