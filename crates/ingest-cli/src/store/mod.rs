//! The stores of the contract: `local`, `dir:PATH`, `s3://bucket[/prefix]`.

mod conditions;
mod folder;
mod local;
mod object;
mod one_file;
mod staging;
mod update;
mod upload;

use std::{
    io::Write,
    path::{Path, PathBuf},
    str::FromStr,
};

use anyhow::{Context, Result, bail};
use azulejo::{
    codec::Codecs,
    store::{Block, ByteRange, Read, ReadError, Store, Version},
};
pub use one_file::OneFile;
pub use staging::Staging;
use tempfile::{NamedTempFile, TempPath};
pub use update::{Change, Stored};

/// Where a store is, as the command line names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// The bucket of `cargo xtask dev`.
    Local,
    /// A folder; ingest makes it where it is not there.
    Folder(PathBuf),
    /// A bucket behind the S3 API, and a prefix of all keys.
    S3 {
        /// The bucket's name.
        bucket: String,
        /// What stands before each key, without slashes at its ends.
        prefix: String,
    },
}

impl FromStr for Location {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "local" {
            return Ok(Self::Local);
        }
        if let Some(path) = text.strip_prefix("dir:").filter(|path| !path.is_empty()) {
            return Ok(Self::Folder(PathBuf::from(path)));
        }
        if let Some(rest) = text.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            if !bucket.is_empty() {
                let prefix = prefix.trim_matches('/').to_owned();
                return Ok(Self::S3 { bucket: bucket.to_owned(), prefix });
            }
        }
        Err("expected local, dir:PATH or s3://bucket[/prefix]".into())
    }
}

/// S3 and R2 have no longer keys, and folders no longer paths that matter.
const KEY_BYTES: usize = 1024;

/// An opened store.
pub enum Bucket {
    /// A folder or S3.
    Objects(object::ObjectBucket),
    /// The bucket of `cargo xtask dev`.
    Local(local::LocalBucket),
}

impl Bucket {
    /// Opens a store to put objects: a folder is made where it is not there.
    pub fn open_or_make(location: &Location, state: Option<&Path>) -> Result<Self> {
        if let Location::Folder(path) = location {
            let make =
                || std::fs::create_dir_all(path).and_then(|()| Staging::within(path).sweep());
            make().with_context(|| format!("making {}", path.display()))?;
        }
        Self::open(location, state)
    }

    /// Opens a store; `state` is the state folder of `local`.
    pub fn open(location: &Location, state: Option<&Path>) -> Result<Self> {
        Ok(match location {
            Location::Local => Self::Local(local::LocalBucket::open(state)?),
            Location::Folder(path) => Self::Objects(object::ObjectBucket::folder(path)?),
            Location::S3 { bucket, prefix } => Self::s3_with(bucket, prefix, [])?,
        })
    }

    /// A bucket behind the S3 API, with settings that win over the environment's.
    pub fn s3_with<'a>(
        bucket: &str,
        prefix: &str,
        settings: impl IntoIterator<Item = (&'a str, String)>,
    ) -> Result<Self> {
        Ok(Self::Objects(object::ObjectBucket::s3(bucket, prefix, settings)?))
    }

    /// Puts a whole object: readers see the old one or the new one, never a part.
    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<Version> {
        match self {
            Self::Objects(bucket) => bucket.put(key, bytes).await,
            Self::Local(bucket) => bucket.put(key, &bytes),
        }
    }

    /// Puts a file, without holding it in memory.
    pub async fn put_file(&self, key: &str, file: &Path) -> Result<Version> {
        match self {
            Self::Objects(bucket) => bucket.put_file(key, file).await,
            Self::Local(bucket) => bucket.put_file(key, file),
        }
    }

    /// Puts a file of [`Self::staging`]; where it is a folder, without copying it.
    pub async fn put_staged(&self, key: &str, staged: NamedTempFile) -> Result<Version> {
        match self {
            Self::Objects(bucket) => bucket.put_staged(key, staged).await,
            Self::Local(bucket) => bucket.put_file(key, staged.path()),
        }
    }

    /// Where files are written that are to be put.
    pub fn staging(&self) -> Staging {
        match self {
            Self::Objects(bucket) => bucket.staging(),
            Self::Local(_) => Staging::elsewhere(),
        }
    }

    /// Bytes of this process that putting a file of this length takes.
    pub fn put_memory(&self, len: u64) -> u64 {
        match self {
            Self::Objects(bucket) => bucket.put_memory(len),
            Self::Local(_) => 0,
        }
    }

    /// All bytes of an object, if it is there.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.first(key, u64::MAX).await?.map(|block| block.bytes))
    }

    /// An object as a file that goes with its handle; read piece by piece, all of one version.
    pub async fn fetch(&self, key: &str) -> Result<TempPath> {
        const PIECE: u64 = 8 << 20;
        let mut file = NamedTempFile::new()?;
        let mut version = None;
        for start in (0..).step_by(PIECE as usize) {
            let range = ByteRange::new(start, PIECE);
            let block = self.block(&Read { key: key.to_owned(), range, version }).await?;
            let block = block.with_context(|| format!("{key}: it is not in the store"))?;
            file.write_all(&block.bytes)?;
            if range.end() >= block.object_len {
                break;
            }
            version = Some(block.version);
        }
        Ok(file.into_temp_path())
    }

    /// The length of an object in bytes, if it is there.
    pub async fn len(&self, key: &str) -> Result<Option<u64>> {
        Ok(self.first(key, 0).await?.map(|block| block.object_len))
    }

    /// The version of an object, if it is there.
    pub async fn version(&self, key: &str) -> Result<Option<Version>> {
        Ok(self.first(key, 0).await?.map(|block| block.version))
    }

    async fn first(&self, key: &str, len: u64) -> Result<Option<Block>> {
        let range = ByteRange::new(0, len);
        self.block(&Read { key: key.to_owned(), range, version: None }).await
    }

    async fn block(&self, read: &Read) -> Result<Option<Block>> {
        match self.read(read).await {
            Ok(block) => Ok(Some(block)),
            Err(ReadError::NotFound) => Ok(None),
            Err(error) => bail!("{}: {error}", read.key),
        }
    }

    /// Removes an object; one that is not there is gone already.
    pub async fn delete(&self, key: &str) -> Result<()> {
        match self {
            Self::Objects(bucket) => bucket.delete(key).await,
            Self::Local(bucket) => bucket.delete(key),
        }
    }

    /// The keys that begin with `prefix`, in order.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>> {
        let mut keys = match self {
            Self::Objects(bucket) => bucket.list(prefix).await?,
            Self::Local(bucket) => bucket.list(prefix)?,
        };
        keys.sort();
        Ok(keys)
    }
}

/// All encoders are built in.
impl Codecs for Bucket {}

impl Store for Bucket {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        if read.key.len() > KEY_BYTES {
            return Err(ReadError::NotFound);
        }
        match self {
            Self::Objects(bucket) => bucket.read(read).await,
            Self::Local(bucket) => bucket.read(read),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_are_named_as_in_the_contract() {
        let s3 = Location::S3 { bucket: "b".into(), prefix: "p/q".into() };
        assert_eq!("s3://b/p/q/".parse(), Ok(s3));
        assert_eq!("dir:/tmp/x".parse(), Ok(Location::Folder("/tmp/x".into())));
        assert_eq!("local".parse(), Ok(Location::Local));
        assert!("ftp://x".parse::<Location>().is_err() && "dir:".parse::<Location>().is_err());
    }
}
