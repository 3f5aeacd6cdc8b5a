//! What an import writes into records besides what ingest and publish do.

use std::collections::BTreeSet;

use anyhow::Result;
use azulejo::catalog::Record;

use super::{assign::Item, smart_crop_file::SavedCrop};
use crate::{asset::Asset, record, store::Bucket};

/// Hides assets on the public host, unless their records already say whether they are published.
pub async fn hide(bucket: &Bucket, assets: &BTreeSet<Asset>) -> Result<()> {
    for asset in assets {
        change(bucket, asset, |record| {
            record.published.get_or_insert(false);
        })
        .await?;
    }
    Ok(())
}

/// Writes smart crops and swatches. Returns a line for each that has no image.
pub async fn crops(bucket: &Bucket, images: &[Item], crops: &[SavedCrop]) -> Result<Vec<String>> {
    let mut lost = Vec::new();
    for crop in crops {
        let named = |id: &str| id == crop.object || id.rsplit('/').next() == Some(&crop.object);
        let assets: BTreeSet<&Asset> =
            images.iter().map(|item| &item.asset).filter(|asset| named(&asset.id)).collect();
        let name = format!("the crop {} of {}", crop.name, crop.object);
        match (assets.first(), assets.len()) {
            (Some(asset), 1) if bucket.len(&asset.pyramid()).await?.is_some() => {
                change(bucket, asset, |record| crop.write(record)).await?;
            }
            (Some(asset), 1) => lost.push(format!("{name}: {} is not stored", asset.pyramid())),
            (_, 0) => lost.push(format!("{name}: the export has no image of this name")),
            (_, count) => lost.push(format!("{name}: {count} images have this name")),
        }
    }
    Ok(lost)
}

async fn change(bucket: &Bucket, asset: &Asset, edit: impl Fn(&mut Record)) -> Result<()> {
    let key = asset.record();
    let update = bucket.update(&key, async |stored| {
        let before = record::parse(&key, stored)?;
        let mut now = before.clone().unwrap_or_default();
        edit(&mut now);
        Ok((record::change(before.as_ref(), &now)?, ()))
    });
    update.await
}
