//! `azulejo publish-assets` and `unpublish-assets`: which assets the public host shows.

use std::{collections::BTreeSet, io::Write};

use anyhow::{Context, Result, anyhow};
use azulejo::catalog::Record;
use futures_util::{StreamExt, stream};
use serde_json::json;

use crate::{args::VisibilityArgs, asset::Asset, store::Bucket};

/// Records that are on their way at once.
const BATCH: usize = 50;

/// Sets `published` in all records that are meant; false when one failed. What is told of those
/// that were done is true also when the rest is cut off: the same command goes on.
pub async fn run(args: &VisibilityArgs, published: bool) -> Result<bool> {
    let bucket = Bucket::open(&args.to, args.state.as_deref())?;
    let assets = assets(&bucket, &args.root, &args.prefix).await?;
    let change = |asset: Asset| async {
        let outcome = set(&bucket, &asset, &args.mime, published).await;
        (asset, outcome)
    };
    let mut changes = Box::pin(stream::iter(assets).map(change).buffer_unordered(BATCH));
    let word = if published { "published" } else { "unpublished" };
    let (mut changed, mut same, mut failed) = (0, 0, 0);
    while let Some((asset, outcome)) = changes.next().await {
        let name = format!("{}/{}", asset.root, asset.id);
        let (status, error) = match &outcome {
            Ok(true) => (word, None),
            Ok(false) => ("unchanged", None),
            Err(error) => ("failed", Some(format!("{error:#}"))),
        };
        match outcome {
            Ok(true) => changed += 1,
            Ok(false) => same += 1,
            Err(_) => failed += 1,
        }
        if args.json {
            let line = json!({ "status": status, "asset": name, "error": error });
            writeln!(std::io::stdout().lock(), "{line}")?;
        } else if let Some(error) = error {
            writeln!(std::io::stderr().lock(), "{name}: {error}")?;
        }
    }
    if !args.json {
        let text = format!("{changed} {word}, {same} left as they are, {failed} failed");
        writeln!(std::io::stderr().lock(), "{text}")?;
    }
    Ok(failed == 0)
}

/// Every asset whose id begins with `prefix`: those with a record, and pyramids that have none.
async fn assets(bucket: &Bucket, root: &str, prefix: &str) -> Result<BTreeSet<Asset>> {
    let mut assets = BTreeSet::new();
    for (kind, ending) in [("records", ".json"), ("assets", ".tif")] {
        let folder = format!("{kind}/{root}/");
        for key in bucket.list(&format!("{folder}{prefix}")).await? {
            let id = key.strip_prefix(&folder).and_then(|id| id.strip_suffix(ending));
            assets.extend(id.map(|id| Asset { root: root.to_owned(), id: id.to_owned() }));
        }
    }
    Ok(assets)
}

/// True when the record had to be changed.
async fn set(bucket: &Bucket, asset: &Asset, mime: &[String], published: bool) -> Result<bool> {
    let key = asset.record();
    let mut record = match bucket.get(&key).await? {
        Some(bytes) => Record::from_json(&bytes)
            .map_err(|error| anyhow!(error.message))
            .with_context(|| format!("{key}: repair or delete it"))?,
        None => Record::default(),
    };
    let own = record.original.as_ref().and_then(|original| original.mime.as_deref());
    let meant = mime.is_empty() || own.is_some_and(|own| mime.iter().any(|mime| fits(mime, own)));
    if !meant || record.is_published() == published {
        return Ok(false);
    }
    record.published = Some(published);
    let json = record.to_json().map_err(|error| anyhow!(error.message))?;
    bucket.put(&key, json).await?;
    Ok(true)
}

/// `image/*` is every image.
fn fits(pattern: &str, mime: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => mime.starts_with(start),
        None => mime == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_the_rest() {
        assert!(fits("image/*", "image/png") && fits("*", "video/mp4"));
        assert!(fits("image/png", "image/png") && !fits("image/png", "image/jpeg"));
    }
}
