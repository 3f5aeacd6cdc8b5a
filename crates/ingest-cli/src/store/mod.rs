//! The stores of the command line: `local`, `dir:PATH`, `s3://bucket[/prefix]`.

mod conditions;
mod folder;
mod folder_list;
mod local;
mod location;
mod object;
mod file_store;
mod staging;
mod update;
mod upload;

use std::{io::Write, path::Path};

use anyhow::{Context, Result, bail};
use azulejo::{
    codec::Codecs,
    limits::KEY_BYTES,
    store::{Block, ByteRange, Listed, Listing, Read, ReadError, Store, Version},
};
pub use file_store::FileStore;
pub use location::Location;
pub use staging::Staging;
use tempfile::{NamedTempFile, TempPath};
pub use update::{Change, Stored};

/// An opened store.
pub enum Bucket {
    /// A folder or an S3 bucket.
    Objects(object::ObjectBucket),
    /// The bucket of `cargo xtask dev`.
    Local(local::LocalBucket),
}

impl Bucket {
    /// Opens a store for writing. Creates a folder that does not exist, and removes abandoned
    /// staging files.
    pub fn open_or_create(location: &Location, state: Option<&Path>) -> Result<Self> {
        if let Location::Folder(path) = location {
            let make = || {
                std::fs::create_dir_all(path)
                    .and_then(|()| Staging::within(path).remove_abandoned())
            };
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

    /// A bucket with the S3 API. `settings` override the environment's.
    pub fn s3_with<'a>(
        bucket: &str,
        prefix: &str,
        settings: impl IntoIterator<Item = (&'a str, String)>,
    ) -> Result<Self> {
        Ok(Self::Objects(object::ObjectBucket::s3(bucket, prefix, settings)?))
    }

    /// Stores an object atomically: readers see the old or the new one, never a part.
    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<Version> {
        match self {
            Self::Objects(bucket) => bucket.put(key, bytes).await,
            Self::Local(bucket) => bucket.put(key, &bytes),
        }
    }

    /// Stores a file without reading all of it into memory.
    pub async fn put_file(&self, key: &str, file: &Path) -> Result<Version> {
        match self {
            Self::Objects(bucket) => bucket.put_file(key, file).await,
            Self::Local(bucket) => bucket.put_file(key, file),
        }
    }

    /// Stores a file of [`Self::staging`]. A folder renames it instead of copying.
    pub async fn put_staged(&self, key: &str, staged: NamedTempFile) -> Result<Version> {
        match self {
            Self::Objects(bucket) => bucket.put_staged(key, staged).await,
            Self::Local(bucket) => bucket.put_file(key, staged.path()),
        }
    }

    /// The folder, if the store is one.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Objects(bucket) => bucket.root(),
            Self::Local(_) => None,
        }
    }

    /// Where to write files before they are stored.
    pub fn staging(&self) -> Staging {
        match self {
            Self::Objects(bucket) => bucket.staging(),
            Self::Local(_) => Staging::temporary(),
        }
    }

    /// Bytes of memory that [`Self::put_staged`] needs for a file of this length.
    pub fn put_memory(&self, len: u64) -> u64 {
        match self {
            Self::Objects(bucket) => bucket.put_memory(len),
            Self::Local(_) => 0,
        }
    }

    /// Reads a whole object; `None` if it does not exist.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.read_start(key, u64::MAX).await?.map(|block| block.bytes))
    }

    /// Downloads an object in pieces of one version into a temporary file. Dropping the path
    /// removes the file.
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

    /// The length of an object in bytes; `None` if it does not exist.
    pub async fn len(&self, key: &str) -> Result<Option<u64>> {
        Ok(self.read_start(key, 0).await?.map(|block| block.object_len))
    }

    /// The version of an object; `None` if it does not exist.
    pub async fn version(&self, key: &str) -> Result<Option<Version>> {
        Ok(self.read_start(key, 0).await?.map(|block| block.version))
    }

    async fn read_start(&self, key: &str, len: u64) -> Result<Option<Block>> {
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

    /// Deletes an object if it exists.
    pub async fn delete(&self, key: &str) -> Result<()> {
        match self {
            Self::Objects(bucket) => bucket.delete(key).await,
            Self::Local(bucket) => bucket.delete(key),
        }
    }

    /// Lists the keys that begin with `prefix`, sorted.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>> {
        Ok(self.objects(prefix).await?.into_iter().map(|object| object.key).collect())
    }

    /// Lists the objects whose keys begin with `prefix`, sorted by key.
    pub async fn objects(&self, prefix: &str) -> Result<Vec<Listed>> {
        let mut objects = match self {
            Self::Objects(bucket) => bucket.list(prefix).await?,
            Self::Local(bucket) => bucket.list(prefix)?,
        };
        objects.sort_by(|one, other| one.key.cmp(&other.key));
        Ok(objects)
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

    async fn list(&self, prefix: &str, after: &str, limit: usize) -> Result<Listing, ReadError> {
        let page = match self {
            Self::Objects(bucket) => bucket.page(prefix, after, limit).await,
            Self::Local(bucket) => bucket.page(prefix, after, limit),
        };
        page.map_err(|error| ReadError::Failed(format!("{error:#}")))
    }
}
