//! `azulejo reprocess`: rebuilds pyramids from originals in the store.

use std::{path::PathBuf, sync::Arc};

use anyhow::Result;
use azulejo::{catalog::Record, store::keys::Kind};
use tokio::runtime::Runtime;

use super::{
    BatchResult, batch,
    ingester::Ingester,
    jobs,
    original::Original,
    outcome::{Event, Ingested, Outcome},
    profile::Profile,
    report::Report,
    settings::Settings,
};
use crate::{
    args::ReprocessArgs,
    asset::Asset,
    record,
    signals::Signals,
    store::{Bucket, Stored},
};

/// Rebuilds all pyramids whose settings have changed.
pub fn run(args: &ReprocessArgs, runtime: &Runtime) -> Result<BatchResult> {
    let build = &args.build;
    let profile = build.profile.as_deref().map(Profile::read).transpose()?.map(Arc::new);
    let bucket = Bucket::open_or_create(&build.to, build.state.as_deref())?;
    let assets = runtime.block_on(assets(&bucket, &args.root, &args.prefix))?;
    let mut report = Report::new(build, None, assets.len() as u64)?;
    let ingester = Ingester::new(&bucket, build, jobs(build), true);
    let (ingester, profile) = (&ingester, &profile);
    let each = |asset: Asset| async move {
        let mut original = Original {
            path: PathBuf::from(asset.pyramid()),
            asset,
            profile: profile.clone().unwrap_or_default(),
            stored_key: None,
            object: None,
            content: false,
        };
        let rebuild = async {
            let record_key = original.asset.record();
            let stored = ingester.bucket().stored(&record_key).await?;
            let record = record::parse(&record_key, stored.as_ref().and_then(Stored::bytes))?;
            let record = record.unwrap_or_default();
            let Some((key, recorded)) = stored_original(&record) else {
                return Ok(Ingested::new(Outcome::OriginalNotStored));
            };
            original.path = PathBuf::from(&key);
            original.stored_key = Some(key);
            let settings = Settings::for_reprocessing(build, recorded, profile.as_deref())?;
            ingester.ingest(&original, stored, &settings).await
        };
        let result = rebuild.await;
        Event::Done(original, result)
    };
    let signal = runtime.block_on(async {
        let signals = Signals::new()?;
        let signal = batch::run(assets.into_iter(), build.batch, each, &signals, &mut report).await;
        anyhow::Ok(signal)
    })?;
    report.finish(signal)
}

/// The key of the stored original, and the recorded settings.
fn stored_original(record: &Record) -> Option<(String, serde_json::Value)> {
    let origin = record.original.as_ref()?;
    Some((origin.key.clone()?, origin.settings.clone()))
}

/// All assets whose ids begin with `prefix`.
async fn assets(bucket: &Bucket, root: &str, prefix: &str) -> Result<Vec<Asset>> {
    let keys = bucket.list(&format!("{}{root}/{prefix}", Kind::Record.folder())).await?;
    let names = keys.iter().filter_map(|key| Kind::Record.name(key)?.split_once('/'));
    let ids = names.map(|(_, id)| id);
    Ok(ids.map(|id| Asset { root: root.to_owned(), id: id.to_owned() }).collect())
}
