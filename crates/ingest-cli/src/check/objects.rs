//! What a publish of the folder would leave in the store, without publishing it.

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
        records::lay_over,
    },
    store::{Bucket, Change},
};

/// The objects of a store after a publish.
pub struct Objects<'a> {
    /// Catalogs, and records that the publish writes.
    written: MemoryStore,
    bucket: Option<&'a Bucket>,
    /// Of the folder, and the publications of other folders.
    changes: Option<(Changes<'a>, Vec<Publication>)>,
}

impl<'a> Objects<'a> {
    /// What is in the store, or else in the folder alone.
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
                    written.put(&Compiled::key(root), without_stand_in(catalog.clone())?);
                }
                for (key, rows) in folder.by_record() {
                    let mut record = Record::default();
                    lay_over(&rows, &mut record)?;
                    written.put(&key, record.to_json()?);
                }
                None
            }
            (None, ..) => None,
        };
        Ok(Self { written, bucket: bucket.as_ref(), changes })
    }

    /// A whole catalog.
    pub async fn whole(&self, key: &str) -> Result<Option<Block>> {
        let range = ByteRange::new(0, limits::CATALOG_BYTES);
        match self.read(&Read { key: key.to_owned(), range, version: None }).await {
            Ok(block) => Ok(Some(block)),
            Err(ReadError::NotFound) => Ok(None),
            Err(error) => bail!("{key}: {error}"),
        }
    }

    /// Whether there is anything at a key.
    pub async fn has(&self, key: String) -> Result<bool> {
        match self.read(&Read { key, range: ByteRange::new(0, 0), version: None }).await {
            Ok(_) => Ok(true),
            Err(ReadError::NotFound) => Ok(false),
            Err(error) => bail!("{error}"),
        }
    }

    /// Forgets which objects were read.
    pub fn forget_reads(&self) {
        self.written.take_reads();
    }

    /// Puts what a publish writes at the key; false where the store's own object stays.
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
        let json = if catalog { without_stand_in(Compiled::from_json(key, &json)?)? } else { json };
        self.written.put(key, json);
        Ok(true)
    }
}

/// An image in place of a missing one would hide that it is missing.
fn without_stand_in(mut catalog: Compiled) -> Result<Vec<u8>, Error> {
    catalog.attributes.remove("DefaultImage");
    catalog.to_json()
}

impl Store for Objects<'_> {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        let mut read = read.clone();
        // Whether a pyramid is there is all that is asked of it.
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

/// A damaged record or catalog is the fault of the URLs that need it; a store that fails is nobody's.
fn failed(error: anyhow::Error) -> ReadError {
    let damaged = |cause: &(dyn std::error::Error + 'static)| {
        cause.is::<Error>() || cause.is::<serde_json::Error>()
    };
    match error.chain().any(damaged) {
        true => ReadError::Refused(Error::bad_source(format!("{error:#}"))),
        false => ReadError::Failed(format!("{error:#}")),
    }
}
