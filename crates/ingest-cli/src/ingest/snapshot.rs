//! Detects changes of an original's file while it is read.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
    time::SystemTime,
};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::stat::Stat;

/// The state of a file at the time of hashing.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The file when it was opened.
    pub stat: Stat,
    modified: SystemTime,
    opened: SystemTime,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Snapshot {
    /// Reads and hashes the whole file.
    pub fn read(path: &Path) -> Result<Self> {
        let opened = SystemTime::now();
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
        Ok(Self { stat: Stat::of(&meta)?, modified: meta.modified()?, opened, sha256 })
    }

    /// Its length in bytes.
    pub fn bytes(&self) -> u64 {
        self.stat.len
    }

    /// Whether a file that still has the same [`Stat`] still has the same bytes.
    pub fn is_certain(&self) -> bool {
        self.stat.is_older_than_a_tick(self.opened)
    }

    /// Fails if the length or the modification time of the file have changed.
    pub fn check(&self, path: &Path) -> Result<()> {
        let meta = fs::metadata(path).context("it went away while it was read")?;
        if meta.len() != self.stat.len || meta.modified()? != self.modified {
            bail!("it changed while it was read: ingest it again when its writer is done");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_is_noticed_by_its_length_or_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        fs::write(&path, b"abc").unwrap();
        let snapshot = Snapshot::read(&path).unwrap();
        assert!(snapshot.sha256.starts_with("ba7816bf"));
        snapshot.check(&path).unwrap();
        let file = File::options().append(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert!(snapshot.check(&path).is_err());
        let snapshot = Snapshot::read(&path).unwrap();
        fs::write(&path, b"abcd").unwrap();
        assert!(snapshot.check(&path).unwrap_err().to_string().contains("changed"));
    }
}
