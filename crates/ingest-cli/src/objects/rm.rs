//! `azulejo rm`: removes objects with everything that is stored of them.

use std::io::Write;

use anyhow::{Result, bail};

use super::{naming, parse, stored_object::StoredObject};
use crate::{
    args::RmArgs,
    asset::Asset,
    store::{Bucket, Change},
};

/// Removes all objects that it can. Returns false if one failed. The same command completes an
/// interrupted run.
pub async fn run(args: &RmArgs) -> Result<bool> {
    let objects = args.objects.iter().map(|object| parse(object)).collect::<Result<Vec<_>>>()?;
    let bucket = Bucket::open(&args.from, args.state.as_deref())?;
    let (mut gone, mut failed) = (Vec::new(), 0);
    for asset in objects {
        let name = asset.name();
        match remove(&bucket, asset, args.dry_run).await {
            Ok((asset, keys)) => {
                let verb = if args.dry_run { "would be removed" } else { "removed" };
                for key in keys {
                    writeln!(std::io::stdout().lock(), "{key} {verb}")?;
                }
                gone.push(asset);
            }
            Err(error) => {
                failed += 1;
                writeln!(std::io::stderr().lock(), "{name}: {error:#}")?;
            }
        }
    }
    naming::warn(&bucket, &gone).await?;
    let verb = if args.dry_run { "would be removed" } else { "removed" };
    let text = format!("{} {verb}, {failed} failed", gone.len());
    writeln!(std::io::stderr().lock(), "{text}")?;
    Ok(failed == 0)
}

async fn remove(bucket: &Bucket, asset: Asset, dry_run: bool) -> Result<(Asset, Vec<String>)> {
    let object = StoredObject::find(bucket, asset).await?;
    if !object.exists() {
        bail!("there is no such object; `azulejo ls {}` lists those that are", object.asset.root);
    }
    let mut keys = object.keys.clone();
    keys.extend(object.record.is_some().then(|| object.asset.record()));
    if !dry_run {
        object.remove(bucket).await?;
    }
    Ok((object.asset, keys))
}

impl StoredObject {
    /// Removes what [`StoredObject::find`] found. The record, which names the original, is last, so
    /// that a further call completes one that was interrupted.
    pub async fn remove(&self, bucket: &Bucket) -> Result<()> {
        for key in &self.keys {
            bucket.delete(key).await?;
        }
        if self.record.is_some() {
            bucket.update(&self.asset.record(), async |_| Ok((Change::Remove, ()))).await?;
        }
        Ok(())
    }
}
