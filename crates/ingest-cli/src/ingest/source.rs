//! The original's file: what it holds, and whether it stays the same while it is read.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
    time::SystemTime,
};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

/// A file as it was when it was first looked at.
#[derive(Debug, Clone)]
pub struct Source {
    len: u64,
    modified: SystemTime,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

impl Source {
    /// Reads the whole file once, for its hash.
    pub fn read(path: &Path) -> Result<Self> {
        let mut file = File::open(path)?;
        let meta = file.metadata()?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 18];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(len) => hash.update(buffer.get(..len).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { len: meta.len(), modified: meta.modified()?, sha256 })
    }

    /// Its length in bytes.
    pub fn bytes(&self) -> u64 {
        self.len
    }

    /// An error when the file is another one by now.
    pub fn check(&self, path: &Path) -> Result<()> {
        let meta = fs::metadata(path).context("it went away while it was read")?;
        if meta.len() != self.len || meta.modified()? != self.modified {
            bail!("it changed while it was read: ingest it again when its writer is done");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changes_is_noticed_by_its_length_or_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        fs::write(&path, b"abc").unwrap();
        let source = Source::read(&path).unwrap();
        assert!(source.sha256.starts_with("ba7816bf"));
        source.check(&path).unwrap();
        let file = File::options().append(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert!(source.check(&path).is_err());
        let source = Source::read(&path).unwrap();
        fs::write(&path, b"abcd").unwrap();
        assert!(source.check(&path).unwrap_err().to_string().contains("changed"));
    }
}
