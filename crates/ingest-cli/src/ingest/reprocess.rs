//! `azulejo reprocess`: pyramids are made again of originals that the store keeps.

use std::{path::PathBuf, sync::Arc};

use anyhow::Result;
use azulejo::{catalog::Record, store::keys::Kind};
use tokio::runtime::Runtime;

use super::{
    End, batch,
    job::{Outcome, Workshop},
    jobs,
    originals::Original,
    profile::Profile,
    report::Report,
    settings::Settings,
};
use crate::{
    args::ReprocessArgs,
    asset::Asset,
    record,
    store::{Bucket, Stored},
};

/// Makes everything again whose settings are others by now.
pub fn run(args: &ReprocessArgs, runtime: &Runtime) -> Result<End> {
    let making = &args.making;
    let profile = making.profile.as_deref().map(Profile::read).transpose()?.map(Arc::new);
    let bucket = Bucket::open_or_make(&making.to, making.state.as_deref())?;
    let assets = runtime.block_on(assets(&bucket, &args.root, &args.prefix))?;
    let mut report = Report::new(making.json, assets.len());
    let workshop = Workshop::new(&bucket, making, jobs(making), true);
    let (workshop, profile) = (&workshop, &profile);
    let each = |asset: Asset| async move {
        let mut original = Original {
            path: PathBuf::from(asset.pyramid()),
            asset,
            profile: profile.clone().unwrap_or_default(),
            kept: None,
            content: false,
        };
        let again = async {
            let record_key = original.asset.record();
            let stored = workshop.bucket().stored(&record_key).await?;
            let record = record::parse(&record_key, stored.as_ref().and_then(Stored::bytes))?;
            let record = record.unwrap_or_default();
            let Some((key, recorded)) = kept(&record) else { return Ok(Outcome::NotKept) };
            original.path = PathBuf::from(&key);
            original.kept = Some(key);
            let settings = Settings::again(making, recorded, profile.as_deref())?;
            workshop.ingest(&original, stored, &settings).await
        };
        let outcome = again.await;
        (original, outcome)
    };
    let interrupted = runtime.block_on(batch::run(assets, making.batch, each, &mut report));
    report.finish(interrupted, making.failures.as_deref())
}

/// The key of the original and the settings it was made with.
fn kept(record: &Record) -> Option<(String, serde_json::Value)> {
    let origin = record.original.as_ref()?;
    Some((origin.key.clone()?, origin.settings.clone()))
}

/// Every asset whose id begins with `prefix`.
async fn assets(bucket: &Bucket, root: &str, prefix: &str) -> Result<Vec<Asset>> {
    let keys = bucket.list(&format!("{}{root}/{prefix}", Kind::Record.folder())).await?;
    let names = keys.iter().filter_map(|key| Kind::Record.name(key)?.split_once('/'));
    let ids = names.map(|(_, id)| id);
    Ok(ids.map(|id| Asset { root: root.to_owned(), id: id.to_owned() }).collect())
}
