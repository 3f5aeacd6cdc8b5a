//! Folders and S3 buckets with the `object_store` crate.

mod read;

use std::{
    fs::File,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use anyhow::{Context, Result};
use azulejo::store::{Listed, Listing, Version};
use futures_util::TryStreamExt;
use object_store::{
    BackoffConfig, Error, ObjectMeta, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey},
    list::{PaginatedListOptions, PaginatedListStore},
    local::LocalFileSystem,
    path::Path as Key,
};
use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;

use super::{Stored, conditions::Conditions, folder, folder_list, staging::Staging, upload};

/// A store of the `object_store` crate.
pub struct ObjectBucket {
    store: Box<dyn ObjectStore>,
    /// The same store, if it lists pages.
    pages: Option<AmazonS3>,
    prefix: String,
    /// The folder, if the store is one.
    folder: Option<PathBuf>,
    /// Whether the store supports `If-Match`.
    conditions: Conditions,
}

/// Retries server errors and broken connections with growing, randomised pauses. Refused requests
/// fail at once.
fn retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(5),
            base: 2.0,
        },
        max_retries: 4,
        retry_timeout: Duration::from_secs(60),
    }
}

impl ObjectBucket {
    /// An existing folder.
    pub fn folder(path: &Path) -> Result<Self> {
        let store = LocalFileSystem::new_with_prefix(path)
            .with_context(|| format!("the folder {}", path.display()))?;
        let folder = Some(path.to_owned());
        let conditions = Conditions::new(&path.display().to_string());
        Ok(Self { store: Box::new(store), pages: None, prefix: String::new(), folder, conditions })
    }

    /// A bucket with the S3 API. Endpoint, region and keys come from the environment.
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
            // Self-hosted servers often have no certificate and no host name for each bucket.
            .with_allow_http(true)
            .with_virtual_hosted_style_request(false)
            .with_retry(retry())
            .build()
            .with_context(|| format!("s3://{bucket}"))?;
        let conditions = Conditions::new(&format!("s3://{bucket}"));
        let (pages, prefix) = (Some(store.clone()), prefix.to_owned());
        Ok(Self { store: Box::new(store), pages, prefix, folder: None, conditions })
    }

    fn key(&self, key: &str) -> Result<Key, Error> {
        Ok(Key::parse(self.whole(key))?)
    }

    /// Stores an object atomically.
    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<Version> {
        let path = self.key(key).with_context(|| key.to_owned())?;
        self.put_bytes(&path, bytes).await.with_context(|| key.to_owned())
    }

    async fn put_bytes(&self, path: &Key, bytes: Vec<u8>) -> Result<Version> {
        let tag = if let Some(root) = self.folder.clone() {
            let name = path.to_string();
            spawn_blocking(move || folder::put(&root, &name, &bytes)).await??;
            None
        } else {
            self.store.put(path, bytes.into()).await?.e_tag
        };
        self.version(path, tag).await
    }

    /// Stores or removes an object if it is still the `expected` one. Returns false otherwise. S3
    /// has no conditional delete, so an empty object represents a removed one.
    pub async fn replace(
        &self,
        key: &str,
        expected: Option<&Stored>,
        bytes: Option<Vec<u8>>,
    ) -> Result<bool> {
        let path = self.key(key).with_context(|| key.to_owned())?;
        let replaced = async {
            let Some(root) = self.folder.clone() else {
                let bytes = bytes.unwrap_or_default();
                return self.conditions.put(&*self.store, &path, expected, bytes).await;
            };
            let (name, expected) =
                (path.to_string(), expected.map(|expected| expected.bytes.clone()));
            let replace =
                move || folder::replace(&root, &name, expected.as_deref(), bytes.as_deref());
            Ok(spawn_blocking(replace).await??)
        };
        replaced.await.with_context(|| key.to_owned())
    }

    /// Stores a file. A folder copies it; S3 uploads a long one in parts.
    pub async fn put_file(&self, key: &str, file: &Path) -> Result<Version> {
        let path = self.key(key).with_context(|| key.to_owned())?;
        let put = async {
            let tag = if let Some(root) = self.folder.clone() {
                let (name, file) = (path.to_string(), file.to_owned());
                spawn_blocking(move || folder::copy(&root, &name, &file)).await??;
                None
            } else {
                upload::put(&*self.store, &path, File::open(file)?).await?
            };
            self.version(&path, tag).await
        };
        put.await.with_context(|| key.to_owned())
    }

    /// Stores a file of [`Self::staging`] and removes it.
    pub async fn put_staged(&self, key: &str, staged: NamedTempFile) -> Result<Version> {
        let Some(root) = self.folder.clone() else {
            return self.put_file(key, staged.path()).await;
        };
        let path = self.key(key).with_context(|| key.to_owned())?;
        let name = path.to_string();
        let renamed =
            spawn_blocking(move || folder::rename_into_place(&root, &name, staged)).await?;
        renamed.with_context(|| key.to_owned())?;
        self.version(&path, None).await.with_context(|| key.to_owned())
    }

    /// Bytes of memory that storing a file of this length needs.
    pub fn put_memory(&self, len: u64) -> u64 {
        if self.folder.is_some() { 0 } else { upload::memory(len) }
    }

    /// The folder, if the store is one.
    pub fn root(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Where to write files before they are stored.
    pub fn staging(&self) -> Staging {
        self.folder.as_deref().map_or_else(Staging::temporary, Staging::within)
    }

    async fn version(&self, path: &Key, tag: Option<String>) -> Result<Version> {
        match tag {
            Some(tag) => Ok(version(Some(&tag))),
            None => Ok(version(self.store.head(path).await?.e_tag.as_deref())),
        }
    }

    /// Deletes an object if it exists.
    pub async fn delete(&self, key: &str) -> Result<()> {
        let path = self.key(key).with_context(|| key.to_owned())?;
        if let Some(root) = self.folder.clone() {
            let removed = spawn_blocking(move || folder::remove(&root, path.as_ref())).await?;
            return removed.with_context(|| key.to_owned());
        }
        match self.store.delete(&path).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error).with_context(|| key.to_owned()),
        }
    }

    /// Lists the objects whose keys begin with `prefix`.
    pub async fn list(&self, prefix: &str) -> Result<Vec<Listed>> {
        // The crate lists whole folders only, so filters their keys by the prefix.
        let above = prefix.rsplit_once('/').map_or("", |(above, _)| above);
        let folder = self.key(above).with_context(|| prefix.to_owned())?;
        let listed = self.store.list(Some(&folder)).try_filter_map(async |meta| {
            Ok(self.listed(&meta).filter(|object| object.key.starts_with(prefix)))
        });
        listed.try_collect().await.with_context(|| prefix.to_owned())
    }

    /// Lists a page of the objects whose keys begin with `prefix` and come after `after`.
    pub async fn page(&self, prefix: &str, after: &str, limit: usize) -> Result<Listing> {
        if let Some(root) = self.folder.clone() {
            let (prefix, after) = (prefix.to_owned(), after.to_owned());
            let page = move || folder_list::page(&root, &prefix, &after, limit);
            return Ok(spawn_blocking(page).await??);
        }
        let pages = self.pages.as_ref().context("the store lists no pages")?;
        let options = PaginatedListOptions {
            offset: Some(self.whole(after)).filter(|_| !after.is_empty()),
            max_keys: Some(limit),
            ..PaginatedListOptions::default()
        };
        let listed = pages.list_paginated(Some(&self.whole(prefix)), options).await;
        let listed = listed.with_context(|| prefix.to_owned())?;
        let objects = listed.result.objects.iter().filter_map(|meta| self.listed(meta)).collect();
        Ok(Listing::new(objects, listed.page_token.is_some()))
    }

    /// A key, with the prefix of all keys.
    fn whole(&self, key: &str) -> String {
        if self.prefix.is_empty() { key.to_owned() } else { format!("{}/{key}", self.prefix) }
    }

    fn listed(&self, meta: &ObjectMeta) -> Option<Listed> {
        let own = if self.prefix.is_empty() { 0 } else { self.prefix.len() + 1 };
        Some(Listed {
            key: meta.location.as_ref().get(own..)?.to_owned(),
            len: meta.size,
            modified: Some(meta.last_modified.timestamp_millis() as f64),
            version: version(meta.e_tag.as_deref()),
        })
    }
}

/// The version of an object: its entity tag without quotes.
fn version(tag: Option<&str>) -> Version {
    Version(tag.unwrap_or_default().trim_matches('"').to_owned())
}
