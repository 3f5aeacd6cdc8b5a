//! Who else names an object: sets and publications. They are told, not changed.

use std::io::Write;

use anyhow::Result;
use azulejo::{catalog::ImageSet, store::keys::Kind};
use futures_util::{StreamExt, stream};

use crate::{asset::Asset, publish::publication::Publication, record, store::Bucket};

/// How many records are read at once.
const BATCH: usize = 50;

/// Warns of the sets in its catalog that still show each of these objects, and of the publications
/// whose next run stores their records again.
pub async fn warn(bucket: &Bucket, gone: &[Asset]) -> Result<()> {
    let mut roots: Vec<&str> = gone.iter().map(|asset| asset.root.as_str()).collect();
    roots.sort_unstable();
    roots.dedup();
    for root in roots {
        let keys = bucket.list(&format!("{}{root}/", Kind::Record.folder())).await?;
        let sets = stream::iter(keys)
            .map(async |key| (record::read(bucket, &key).await, key))
            .buffered(BATCH);
        let mut sets = Box::pin(sets);
        while let Some((record, key)) = sets.next().await {
            let record = match record {
                Ok(record) => record,
                // What is gone is gone, whatever another record says.
                Err(error) => {
                    tell(&format!("{error:#}"))?;
                    continue;
                }
            };
            let members = record.and_then(|record| ImageSet::parse(&record.image_set?).ok());
            let Some(members) = members.map(|members| members.rooted(root)) else { continue };
            for asset in gone {
                let name = asset.name();
                if asset.record() != key && members.objects().contains(&name.as_str()) {
                    tell(&format!("{name}: the set {} still shows it", set_name(&key)))?;
                }
            }
        }
    }
    for key in bucket.list(Kind::Publication.folder()).await? {
        let publication = Publication::read(bucket, &key).await?;
        for asset in gone.iter().filter(|asset| publication.records.contains_key(&asset.record())) {
            let (name, folder) = (asset.name(), Kind::Publication.name(&key).unwrap_or(&key));
            tell(&format!(
                "{name}: the catalog folder {folder} has a row of it; its next publish stores the \
                 record again"
            ))?;
        }
    }
    Ok(())
}

fn set_name(key: &str) -> &str {
    Kind::Record.name(key).unwrap_or(key)
}

fn tell(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stderr().lock(), "warning: {text}")?)
}
