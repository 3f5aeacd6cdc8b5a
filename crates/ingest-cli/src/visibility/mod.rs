//! `azulejo publish-assets` and `unpublish-assets`: which assets the public host shows.

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

/// Records that are on their way at once.
const BATCH: usize = 50;

/// What Dynamic Media calls a pyramid among the renditions of an asset, and its original.
const PYRAMID: &str = "cqdam.pyramid.tiff";
const ORIGINAL: &str = "original";

/// Which assets are meant.
struct Wanted {
    mime: Filter,
    rendition: Filter,
}

/// Sets `published` in all records that are meant; false when one failed. What is told of those
/// that were done is true also when the rest is cut off: the same command goes on.
pub async fn run(args: &VisibilityArgs, published: bool) -> Result<bool> {
    let bucket = Bucket::open(&args.to, args.state.as_deref())?;
    let wanted = Wanted { mime: Filter::all(&args.mime), rendition: Filter::all(&args.rendition) };
    let assets = assets(&bucket, &args.root, &args.prefix).await?;
    let (bucket, wanted) = (&bucket, &wanted);
    let change = |(asset, pyramid): (Asset, bool)| async move {
        let key = asset.record();
        let change = bucket.update(&key, async |stored| {
            let record = record::parse(&key, stored)?;
            let change = changed(record, pyramid, wanted, published)?;
            let changed = change != Change::Keep;
            Ok((if args.dry_run { Change::Keep } else { change }, changed))
        });
        let outcome = change.await;
        (asset, outcome)
    };
    let mut changes = Box::pin(stream::iter(assets).map(change).buffer_unordered(BATCH));
    let word = match (args.dry_run, published) {
        (false, true) => "published",
        (false, false) => "unpublished",
        (true, true) => "would be published",
        (true, false) => "would be unpublished",
    };
    let (mut changed, mut same, mut failed) = (0, 0, 0);
    while let Some((asset, outcome)) = changes.next().await {
        let name = format!("{}/{}", asset.root, asset.id);
        let told = args.dry_run && matches!(outcome, Ok(true));
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
        } else if told {
            writeln!(std::io::stdout().lock(), "{name} {word}")?;
        }
    }
    if !args.json {
        let text = format!("{changed} {word}, {same} left as they are, {failed} failed");
        writeln!(std::io::stderr().lock(), "{text}")?;
    }
    Ok(failed == 0)
}

/// Every asset whose id begins with `prefix`, those with a record and pyramids that have none, and
/// whether it has a pyramid.
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

/// What becomes of a record. One that says nothing, of what has no pyramid, is no asset's.
fn changed(
    before: Option<Record>,
    pyramid: bool,
    wanted: &Wanted,
    published: bool,
) -> Result<Change> {
    if before.is_none() && !pyramid {
        return Ok(Change::Keep);
    }
    let mut record = before.clone().unwrap_or_default();
    if record.is_published() == published || !wanted.takes(&record, pyramid) {
        return Ok(Change::Keep);
    }
    record.published = Some(published);
    record::change(before.as_ref(), &record)
}

impl Wanted {
    /// By its type, and by its renditions: one of them must be included. What has none, such as a
    /// set, is meant by its type alone.
    fn takes(&self, record: &Record, pyramid: bool) -> bool {
        let renditions = renditions(record, pyramid);
        self.mime.takes(&mime(record))
            && (renditions.is_empty() || renditions.iter().any(|name| self.rendition.takes(name)))
    }
}

/// The type of an asset as Dynamic Media has it: that of its original, or of a set; empty where
/// neither is known.
fn mime(record: &Record) -> String {
    match (&record.asset_type, &record.original) {
        (Some(set), _) => format!("multipart/related; type=application/x-{set}"),
        (None, Some(original)) => original.mime.clone().unwrap_or_default(),
        (None, None) => String::new(),
    }
}

/// What there is of an asset: its pyramid, its original where that is kept, smart crops and the
/// swatch by their names.
fn renditions(record: &Record, pyramid: bool) -> Vec<&str> {
    let kept = record.original.as_ref().is_some_and(|original| original.key.is_some());
    let own = [(pyramid, PYRAMID), (kept, ORIGINAL)];
    let own = own.into_iter().filter_map(|(there, name)| there.then_some(name));
    own.chain(record.parts().map(|part| part.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(mime: &str, rendition: &str, record: &str, pyramid: bool) -> bool {
        let wanted = Wanted { mime: mime.parse().unwrap(), rendition: rendition.parse().unwrap() };
        wanted.takes(&Record::from_json(record.as_bytes()).unwrap(), pyramid)
    }

    #[test]
    fn an_asset_is_meant_by_its_type_and_one_of_its_renditions() {
        let crop = r#"{"rect":[0,0,1,1],"width":1,"height":1}"#;
        let original = r#"{"sha256":"","mime":"image/png","settings":{},"pyramidBytes":1"#;
        let photo = format!(r#"{{"crops":{{"Large":{crop}}},"original":{original}}}}}"#);
        assert!(takes("image/*", "+cqdam,*", &photo, true));
        assert!(takes("image/*", "+Large", &photo, true));
        assert!(!takes("image/*", "+original", &photo, true), "it is not kept");
        assert!(!takes("image/*", "+cqdam,*", &photo, false), "there is no pyramid");
        assert!(!takes("-image/png", "*", &photo, true));
        let kept = format!(r#"{{"original":{original},"key":"originals/a.png"}}}}"#);
        assert!(takes("image/png", "+original", &kept, true));
        assert!(takes("*", "-original", &kept, true), "its pyramid is left");
    }

    #[test]
    fn a_set_is_meant_by_its_type() {
        let set = r#"{"assetType":"ImageSet","imageSet":"a,b"}"#;
        assert!(takes("*application/*set", "+cqdam,*", set, false));
        assert!(!takes("image/*", "+cqdam,*", set, false));
    }
}
