//! Folders and S3 through the `object_store` crate.

use std::{path::Path, str::FromStr};

use anyhow::{Context, Result};
use azulejo::store::{Block, Read, ReadError, Version};
use object_store::{
    Error, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    path::Path as Key,
};

/// Servers read offsets as signed numbers.
const LAST: u64 = i64::MAX as u64;

/// A store of `object_store`, and what stands before each key.
pub struct ObjectBucket {
    store: Box<dyn ObjectStore>,
    prefix: String,
}

impl ObjectBucket {
    /// A folder that is there.
    pub fn folder(path: &Path) -> Result<Self> {
        let store = LocalFileSystem::new_with_prefix(path)
            .with_context(|| format!("the folder {}", path.display()))?;
        Ok(Self { store: Box::new(store), prefix: String::new() })
    }

    /// A bucket behind the S3 API; endpoint, region and keys come from the environment.
    pub fn s3<'a>(
        bucket: &str,
        prefix: &str,
        settings: impl IntoIterator<Item = (&'a str, String)>,
    ) -> Result<Self> {
        let mut builder = AmazonS3Builder::from_env();
        for (name, value) in settings {
            builder = builder.with_config(AmazonS3ConfigKey::from_str(name)?, value);
        }
        let store = builder
            .with_bucket_name(bucket)
            // Servers of one's own often have no certificate and no host name per bucket.
            .with_allow_http(true)
            .with_virtual_hosted_style_request(false)
            .build()
            .with_context(|| format!("s3://{bucket}"))?;
        Ok(Self { store: Box::new(store), prefix: prefix.to_owned() })
    }

    fn key(&self, key: &str) -> Result<Key, Error> {
        let whole =
            if self.prefix.is_empty() { key.to_owned() } else { format!("{}/{key}", self.prefix) };
        Ok(Key::parse(whole)?)
    }

    /// One put; the crate makes a folder's files appear by renaming.
    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<Version> {
        let path = self.key(key).with_context(|| key.to_owned())?;
        let put = self.store.put(&path, bytes.into()).await.with_context(|| key.to_owned())?;
        match put.e_tag {
            Some(tag) => Ok(version(Some(&tag))),
            None => Ok(version(self.store.head(&path).await?.e_tag.as_deref())),
        }
    }

    /// A range of an object, cut at its end.
    pub async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        let Ok(key) = self.key(&read.key) else { return Err(ReadError::NotFound) };
        let options = GetOptions {
            range: Some(GetRange::Bounded(read.range.start.min(LAST)..read.range.end().min(LAST))),
            if_match: read.version.as_ref().map(|version| format!("\"{}\"", version.0)),
            ..GetOptions::default()
        };
        if read.range.len == 0 {
            return self.behind_the_end(read, &key).await;
        }
        let got = match self.store.get_opts(&key, options).await {
            Ok(got) => got,
            Err(Error::NotFound { .. }) => return Err(ReadError::NotFound),
            Err(Error::Precondition { .. }) => return Err(ReadError::Changed),
            // A range behind the end is an error to the crate and an empty block to us.
            Err(error) => {
                return match self.behind_the_end(read, &key).await {
                    Ok(block) if block.object_len <= read.range.start => Ok(block),
                    Ok(_) => Err(ReadError::Failed(error.to_string())),
                    Err(other) => Err(other),
                };
            }
        };
        let meta = got.meta.clone();
        if read.version.as_ref().is_some_and(|wanted| *wanted != version(meta.e_tag.as_deref())) {
            return Err(ReadError::Changed);
        }
        let bytes = got.bytes().await.map_err(|error| ReadError::Failed(error.to_string()))?;
        Ok(block(read, &meta, bytes.into()))
    }

    async fn behind_the_end(&self, read: &Read, key: &Key) -> Result<Block, ReadError> {
        match self.store.head(key).await {
            Ok(meta) => {
                let present = version(meta.e_tag.as_deref());
                match &read.version {
                    Some(wanted) if *wanted != present => Err(ReadError::Changed),
                    _ => Ok(block(read, &meta, Vec::new())),
                }
            }
            Err(Error::NotFound { .. }) => Err(ReadError::NotFound),
            Err(error) => Err(ReadError::Failed(error.to_string())),
        }
    }
}

fn block(read: &Read, meta: &ObjectMeta, bytes: Vec<u8>) -> Block {
    Block {
        start: read.range.start,
        bytes,
        version: version(meta.e_tag.as_deref()),
        object_len: meta.size,
        modified: Some(meta.last_modified.timestamp_millis() as f64),
    }
}

/// The ETag without the quotes that HTTP puts around it.
fn version(tag: Option<&str>) -> Version {
    Version(tag.unwrap_or_default().trim_matches('"').to_owned())
}
