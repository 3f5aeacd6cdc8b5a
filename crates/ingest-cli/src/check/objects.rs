//! The objects that the store would have after a publish of the folder, without publishing it.

use anyhow::{Result, bail};
use azulejo::{
    catalog::{Compiled, Record},
    error::Error,
    limits,
    store::{Block, ByteRange, MemoryStore, Read, ReadError, Store, keys::Kind},
};

use super::sources::Sources;
use crate::{
    args::CheckArgs,
    publish::{
        changes::Changes,
        publication::{self, Publication},
        records::apply_to,
    },
    store::{Bucket, Change},
};

/// The objects of a store after a publish.
pub struct Objects<'a> {
    /// The catalogs and records that the publish writes.
    written: MemoryStore,
    bucket: Option<&'a Bucket>,
    /// The changes of the folder, and the publications of other folders.
    changes: Option<(Changes<'a>, Vec<Publication>)>,
}

impl<'a> Objects<'a> {
    /// The objects of store and folder, as far as they are given.
    pub async fn new(args: &CheckArgs, sources: &'a Sources) -> Result<Self> {
        let Sources { folder, bucket } = sources;
        let written = MemoryStore::new();
        let changes = match (folder, bucket, &args.catalog) {
            (Some(folder), Some(bucket), Some(path)) => {
                let name = publication::name(path, args.name.as_deref())?;
                let changes = Changes::new(bucket, &name, args.name.is_some(), folder).await?;
                let others = changes.others().await?;
                Some((changes, others))
            }
            (Some(folder), ..) => {
                for (root, catalog) in &folder.catalogs {
                    written.put(&Compiled::key(root), without_default_image(catalog.clone())?);
                }
                for (key, rows) in folder.by_record() {
                    let mut record = Record::default();
                    apply_to(&rows, &mut record)?;
                    written.put(&key, record.to_json()?);
                }
                None
            }
            (None, ..) => None,
        };
        Ok(Self { written, bucket: bucket.as_ref(), changes })
    }

    /// Reads a catalog; `None` if it does not exist.
    pub async fn catalog(&self, key: &str) -> Result<Option<Block>> {
        let range = ByteRange::new(0, limits::CATALOG_BYTES);
        match self.read(&Read { key: key.to_owned(), range, version: None }).await {
            Ok(block) => Ok(Some(block)),
            Err(ReadError::NotFound) => Ok(None),
            Err(error) => bail!("{key}: {error}"),
        }
    }

    /// Clears the list of objects that were read.
    pub fn forget_reads(&self) {
        self.written.take_reads();
    }

    /// Computes what the publish writes at a key. Returns false if the stored object stays.
    async fn write(&self, bucket: &Bucket, key: &str) -> Result<bool> {
        let change = match &self.changes {
            Some((changes, others)) => changes.after(key, others).await?,
            None => Change::Keep,
        };
        let catalog = Kind::Catalog.holds(key);
        let json = match change {
            Change::Remove => return Ok(true),
            Change::Put(json) => json,
            Change::Keep if !catalog => return Ok(false),
            Change::Keep => match bucket.get(key).await? {
                Some(json) => json,
                None => return Ok(true),
            },
        };
        let json =
            if catalog { without_default_image(Compiled::from_json(key, &json)?)? } else { json };
        self.written.put(key, json);
        Ok(true)
    }
}

/// The catalog without a default image, which would hide missing images.
fn without_default_image(mut catalog: Compiled) -> Result<Vec<u8>, Error> {
    catalog.attributes.remove("DefaultImage");
    catalog.to_json()
}

impl Store for Objects<'_> {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        let mut read = read.clone();
        // Only the existence of pyramids matters, not their content.
        if Kind::Asset.holds(&read.key) {
            read.range = ByteRange::new(read.range.start, 0);
        }
        let written = self.written.read(&read).await;
        let (Err(ReadError::NotFound), Some(bucket)) = (&written, self.bucket) else {
            return written;
        };
        let changes = [Kind::Catalog, Kind::Record].iter().any(|kind| kind.holds(&read.key));
        if changes && self.write(bucket, &read.key).await.map_err(failed)? {
            return self.written.read(&read).await;
        }
        bucket.read(&read).await
    }
}

/// A damaged record or catalog is an error of the URLs that need it. A failing store is not.
fn failed(error: anyhow::Error) -> ReadError {
    let damaged = |cause: &(dyn std::error::Error + 'static)| {
        cause.is::<Error>() || cause.is::<serde_json::Error>()
    };
    match error.chain().any(damaged) {
        true => ReadError::Refused(Error::bad_source(format!("{error:#}"))),
        false => ReadError::Failed(format!("{error:#}")),
    }
}
