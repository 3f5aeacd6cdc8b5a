//! `azulejo publish-assets` and `unpublish-assets`: set which assets the public host shows.

mod filter;

use std::{collections::BTreeMap, io::Write};

use anyhow::Result;
use azulejo::catalog::Record;
use futures_util::{StreamExt, stream};
use serde_json::json;

pub use self::filter::Filter;
use crate::{
    args::VisibilityArgs,
    asset::Asset,
    record,
    store::{Bucket, Change},
};

/// How many records are updated at once.
const BATCH: usize = 50;

/// Dynamic Media's name of the rendition that is a pyramid.
const PYRAMID: &str = "cqdam.pyramid.tiff";
/// Dynamic Media's name of the rendition that is the original.
const ORIGINAL: &str = "original";

/// Selects assets by type and by rendition.
struct Selection {
    mime: Filter,
    rendition: Filter,
}

/// Sets `published` in the records of all selected assets. Returns false if one failed. The same
/// command completes an interrupted run.
pub async fn run(args: &VisibilityArgs, published: bool) -> Result<bool> {
    let bucket = Bucket::open(&args.to, args.state.as_deref())?;
    let selection =
        Selection { mime: Filter::all(&args.mime), rendition: Filter::all(&args.rendition) };
    let assets = assets(&bucket, &args.root, &args.prefix).await?;
    let (bucket, selection) = (&bucket, &selection);
    let change = |(asset, pyramid): (Asset, bool)| async move {
        let key = asset.record();
        let change = bucket.update(&key, async |stored| {
            let record = record::parse(&key, stored)?;
            let change = changed(record, pyramid, selection, published)?;
            let changed = change != Change::Keep;
            Ok((if args.dry_run { Change::Keep } else { change }, changed))
        });
        let outcome = change.await;
        (asset, outcome)
    };
    let mut changes = Box::pin(stream::iter(assets).map(change).buffer_unordered(BATCH));
    let verb = match (args.dry_run, published) {
        (false, true) => "published",
        (false, false) => "unpublished",
        (true, true) => "would be published",
        (true, false) => "would be unpublished",
    };
    let (mut changed, mut same, mut failed) = (0, 0, 0);
    while let Some((asset, outcome)) = changes.next().await {
        let name = format!("{}/{}", asset.root, asset.id);
        let is_planned = args.dry_run && matches!(outcome, Ok(true));
        let (status, error) = match &outcome {
            Ok(true) => (verb, None),
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
        } else if is_planned {
            writeln!(std::io::stdout().lock(), "{name} {verb}")?;
        }
    }
    if !args.json {
        let text = format!("{changed} {verb}, {same} left as they are, {failed} failed");
        writeln!(std::io::stderr().lock(), "{text}")?;
    }
    Ok(failed == 0)
}

/// All assets with a record or a pyramid whose ids begin with `prefix`, and whether they have a
/// pyramid.
async fn assets(bucket: &Bucket, root: &str, prefix: &str) -> Result<BTreeMap<Asset, bool>> {
    let mut assets = BTreeMap::new();
    for (kind, ending) in [("records", ".json"), ("assets", ".tif")] {
        let folder = format!("{kind}/{root}/");
        for key in bucket.list(&format!("{folder}{prefix}")).await? {
            let id = key.strip_prefix(&folder).and_then(|id| id.strip_suffix(ending));
            let asset = id.map(|id| Asset { root: root.to_owned(), id: id.to_owned() });
            assets.extend(asset.map(|asset| (asset, kind == "assets")));
        }
    }
    Ok(assets)
}

/// The change of a record. An asset without a record and without a pyramid is left alone.
fn changed(
    before: Option<Record>,
    pyramid: bool,
    selection: &Selection,
    published: bool,
) -> Result<Change> {
    if before.is_none() && !pyramid {
        return Ok(Change::Keep);
    }
    let mut record = before.clone().unwrap_or_default();
    if record.is_published() == published || !selection.includes(&record, pyramid) {
        return Ok(Change::Keep);
    }
    record.published = Some(published);
    record::change(before.as_ref(), &record)
}

impl Selection {
    /// Whether the type is included, and one of the renditions. Assets without renditions, such as
    /// sets, are selected by type alone.
    fn includes(&self, record: &Record, pyramid: bool) -> bool {
        let renditions = renditions(record, pyramid);
        self.mime.includes(&mime(record))
            && (renditions.is_empty()
                || renditions.iter().any(|name| self.rendition.includes(name)))
    }
}

/// The MIME type of an asset as in Dynamic Media: the original's, or that of a set. Empty if
/// unknown.
fn mime(record: &Record) -> String {
    match (&record.asset_type, &record.original) {
        (Some(set), _) => format!("multipart/related; type=application/x-{set}"),
        (None, Some(original)) => original.mime.clone().unwrap_or_default(),
        (None, None) => String::new(),
    }
}

/// The names of an asset's renditions: pyramid, stored original, smart crops and swatch.
fn renditions(record: &Record, pyramid: bool) -> Vec<&str> {
    let has_original = record.original.as_ref().is_some_and(|original| original.key.is_some());
    let own = [(pyramid, PYRAMID), (has_original, ORIGINAL)];
    let own = own.into_iter().filter_map(|(there, name)| there.then_some(name));
    own.chain(record.parts().map(|part| part.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn includes_asset(mime: &str, rendition: &str, record: &str, pyramid: bool) -> bool {
        let selection =
            Selection { mime: mime.parse().unwrap(), rendition: rendition.parse().unwrap() };
        selection.includes(&Record::from_json(record.as_bytes()).unwrap(), pyramid)
    }

    #[test]
    fn an_asset_is_selected_by_its_type_and_one_of_its_renditions() {
        let crop = r#"{"rect":[0,0,1,1],"width":1,"height":1}"#;
        let original = r#"{"sha256":"","mime":"image/png","settings":{},"pyramidBytes":1"#;
        let photo = format!(r#"{{"crops":{{"Large":{crop}}},"original":{original}}}}}"#);
        assert!(includes_asset("image/*", "+cqdam,*", &photo, true));
        assert!(includes_asset("image/*", "+Large", &photo, true));
        assert!(
            !includes_asset("image/*", "+original", &photo, true),
            "the original is not stored"
        );
        assert!(!includes_asset("image/*", "+cqdam,*", &photo, false), "there is no pyramid");
        assert!(!includes_asset("-image/png", "*", &photo, true));
        let with_original = format!(r#"{{"original":{original},"key":"originals/a.png"}}}}"#);
        assert!(includes_asset("image/png", "+original", &with_original, true));
        assert!(includes_asset("*", "-original", &with_original, true), "its pyramid is left");
    }

    #[test]
    fn a_set_is_selected_by_its_type() {
        let set = r#"{"assetType":"ImageSet","imageSet":"a,b"}"#;
        assert!(includes_asset("*application/*set", "+cqdam,*", set, false));
        assert!(!includes_asset("image/*", "+cqdam,*", set, false));
    }
}
