//! Where files are written before they are objects: beside them where that makes them appear at
//! once, else in the system's temporary folder.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile};

/// Inside the store, so that a renamed file is on the same disk.
const FOLDER: &str = ".staging";

/// Where a store's objects are prepared; a thread of its own can take it along.
#[derive(Debug, Clone)]
pub struct Staging(Option<PathBuf>);

impl Staging {
    /// Within the folder that is the store.
    pub fn within(root: &Path) -> Self {
        Self(Some(root.join(FOLDER)))
    }

    /// In the system's temporary folder.
    pub fn elsewhere() -> Self {
        Self(None)
    }

    /// A file for one object; it goes with its handle unless it is put.
    pub fn file(&self) -> io::Result<NamedTempFile> {
        let Some(folder) = &self.0 else { return NamedTempFile::new() };
        fs::create_dir_all(folder)?;
        let mut builder = Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // It becomes a file like any other: who may read it is the umask's to say.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        loop {
            let file = builder.tempfile_in(folder)?;
            file.as_file().lock()?;
            // Before it was locked, the sweep of another process may have taken it for nobody's.
            if file.path().exists() {
                return Ok(file);
            }
        }
    }

    /// A file without a name, which goes with its handle whatever happens.
    pub fn scratch(&self) -> io::Result<File> {
        let Some(folder) = &self.0 else { return tempfile::tempfile() };
        fs::create_dir_all(folder)?;
        tempfile::tempfile_in(folder)
    }

    /// Removes what killed processes left behind. The lock of a file ends with its process, so a
    /// file that can be locked is nobody's.
    pub fn sweep(&self) -> io::Result<()> {
        let Some(folder) = &self.0 else { return Ok(()) };
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            // One that is gone by now has appeared in its place.
            let Ok(file) = File::open(&path) else { continue };
            // The lock is held while it is removed: who locks it afterwards sees that it is gone.
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
    fn what_a_killed_process_left_is_swept_and_what_is_being_written_is_not() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::within(root.path());
        let alive = staging.file().unwrap();
        let dead = root.path().join(FOLDER).join("dead");
        fs::write(&dead, b"half").unwrap();
        staging.sweep().unwrap();
        assert!(alive.path().exists() && !dead.exists());
    }

    #[test]
    fn a_sweep_takes_no_file_that_is_just_being_made() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::within(root.path());
        std::thread::scope(|scope| {
            let swept = scope.spawn(|| (0..2000).try_for_each(|_| staging.sweep()));
            while !swept.is_finished() {
                let file = staging.file().unwrap();
                file.persist(root.path().join("kept")).unwrap();
            }
            swept.join().unwrap().unwrap();
        });
    }

    #[test]
    fn what_is_dropped_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::within(root.path());
        drop((staging.file().unwrap(), staging.scratch().unwrap()));
        assert_eq!(fs::read_dir(root.path().join(FOLDER)).unwrap().count(), 0);
    }
}
