//! An original to ingest: a file, or an object of a bucket.

use std::{
    borrow::Cow,
    fmt,
    path::{Path, PathBuf},
    rc::Rc,
    sync::Arc,
};

use anyhow::{Context, Result};
use tempfile::TempPath;

use super::{id_conflict, profile::Profile, svg};
use crate::{asset::Asset, store::Bucket};

/// An original to ingest.
#[derive(Debug, Clone)]
pub struct Original {
    /// Its path. Of an object, its URL.
    pub path: PathBuf,
    /// The asset that it becomes.
    pub asset: Asset,
    /// The image profile of its folder.
    pub profile: Arc<Profile>,
    /// Its key, if it is read from the store.
    pub stored_key: Option<String>,
    /// Where it is read from, if it is no file.
    pub object: Option<SourceObject>,
    /// Whether it is stored unchanged as static content.
    pub content: bool,
}

/// An object of a bucket with originals.
#[derive(Clone)]
pub struct SourceObject {
    /// The bucket.
    pub bucket: Rc<Bucket>,
    /// Its key.
    pub key: String,
    /// Its entity tag, if the list of the bucket's objects had one.
    pub tag: Option<String>,
    /// Its length in bytes, and when it was stored in milliseconds since 1970. They tell whether it
    /// has changed where lists have no tags.
    pub stored: (u64, i64),
}

impl fmt::Debug for SourceObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceObject").field("key", &self.key).field("tag", &self.tag).finish()
    }
}

impl Original {
    /// The key of the stored object, judged by the file name.
    pub fn key(&self) -> String {
        if self.content {
            return self.asset.content();
        }
        let vector =
            self.path.extension().is_some_and(|e| e.eq_ignore_ascii_case(svg::FORMAT.extension));
        if vector { self.asset.svg() } else { self.asset.pyramid() }
    }

    /// The key of the original itself, where the store keeps it.
    pub fn original_key(&self) -> String {
        let extension = self.path.extension().and_then(|extension| extension.to_str());
        self.asset.original(extension.unwrap_or("bin"))
    }

    /// The name of its folder and its own, as the record has them.
    pub fn name(&self) -> Option<String> {
        match &self.object {
            None => id_conflict::original_name(&self.path),
            Some(object) => {
                let start = object.key.rmatch_indices('/').nth(1).map_or(0, |(at, _)| at + 1);
                object.key.get(start..).map(str::to_owned)
            }
        }
    }

    /// The entity tag of the object that it is read from.
    pub fn tag(&self) -> Option<&str> {
        self.object.as_ref()?.tag.as_deref()
    }

    /// Downloads it unless it is a file. Dropping the path removes the download.
    pub async fn fetch(&self, store: Option<&Bucket>) -> Result<Option<TempPath>> {
        Ok(match (&self.stored_key, &self.object, store) {
            (Some(key), _, Some(store)) => Some(store.fetch(key).await?),
            (_, Some(object), _) => Some(object.bucket.fetch(&object.key).await?),
            _ => None,
        })
    }

    /// The file to read: what was downloaded, or its own.
    pub fn file<'a>(&'a self, fetched: Option<&'a TempPath>) -> Cow<'a, Path> {
        Cow::Borrowed(fetched.map_or(self.path.as_path(), |fetched| fetched))
    }
}

impl SourceObject {
    /// The object that a failure of an earlier run names. Its entity tag is not known.
    pub fn named(url: &Path) -> Result<Self> {
        let url = url.to_string_lossy();
        let rest = url.strip_prefix("s3://").unwrap_or(&url);
        let (bucket, key) = rest.split_once('/').with_context(|| format!("{url}: has no key"))?;
        let bucket = Rc::new(Bucket::s3_with(bucket, "", [])?);
        Ok(Self { bucket, key: key.to_owned(), tag: None, stored: (0, 0) })
    }
}
