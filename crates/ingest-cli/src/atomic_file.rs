//! A file that appears under its name once it is complete.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufWriter, Seek, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use tempfile::{Builder, NamedTempFile};

const SUFFIX: &str = ".partial";

/// A file that is being written beside the one that it replaces.
pub struct AtomicFile {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
}

impl AtomicFile {
    /// Begins a file, and removes what a killed process has left of one. Fails if the folder cannot
    /// be written to.
    pub fn create(path: &Path) -> Result<Self> {
        let create = || {
            if path.is_dir() {
                bail!("it is a folder: name a file");
            }
            remove_abandoned(path)?;
            Ok(Self { path: path.to_owned(), file: BufWriter::new(partial(path)?) })
        };
        create().with_context(|| path.display().to_string())
    }

    /// Puts the complete file under its name.
    pub fn finish(self) -> Result<()> {
        let Self { path, file } = self;
        let finish = || {
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            put(file, &path)
        };
        finish().with_context(|| path.display().to_string())
    }

    /// Puts a copy under its name that ends with `end`, and goes on writing.
    pub fn copy_with(&mut self, end: &[u8]) -> Result<()> {
        let mut copy = || {
            self.file.flush()?;
            let mut copy = partial(&self.path)?;
            let mut written = self.file.get_ref().reopen()?;
            written.rewind()?;
            io::copy(&mut written, copy.as_file_mut())?;
            copy.write_all(end)?;
            put(copy, &self.path)
        };
        copy().with_context(|| self.path.display().to_string())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn put(file: NamedTempFile, path: &Path) -> Result<()> {
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// What the names of unfinished files begin with.
fn prefix(path: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(path.file_name().unwrap_or_default());
    prefix.push(".");
    prefix
}

/// A locked file beside `path`. The lock ends with the process.
fn partial(path: &Path) -> io::Result<NamedTempFile> {
    let prefix = prefix(path);
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The same mode as any new file has; the umask restricts it.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder(path))?;
    file.as_file().lock()?;
    Ok(file)
}

/// Removes unfinished files whose process is gone.
fn remove_abandoned(path: &Path) -> io::Result<()> {
    let prefix = prefix(path);
    for entry in fs::read_dir(folder(path))? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        if name.starts_with(prefix.as_encoded_bytes())
            && name.ends_with(SUFFIX.as_bytes())
            && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok())
        {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_appears_when_it_is_complete_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        fs::write(&path, "old").unwrap();
        fs::write(folder.path().join(".report.json.abc.partial"), "killed").unwrap();
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"one").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        file.copy_with(b".").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one.");
        file.write_all(b",two").unwrap();
        file.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one,two");
        assert_eq!(names(folder.path()), ["report.json"]);
    }

    #[test]
    fn a_file_that_is_given_up_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.csv");
        fs::write(&path, "old").unwrap();
        drop(AtomicFile::create(&path).unwrap());
        assert_eq!(
            (names(folder.path()).len(), fs::read_to_string(&path).unwrap()),
            (1, "old".into())
        );
        assert!(AtomicFile::create(folder.path()).is_err(), "it is a folder");
        assert!(AtomicFile::create(&folder.path().join("no/report.csv")).is_err());
    }
}
