//! `azulejo mv`: gives an object another name.

use std::io::Write;

use anyhow::{Result, bail, ensure};
use azulejo::catalog::Record;

use super::{naming, parse, stored_object::StoredObject};
use crate::{args::MvArgs, asset::Asset, record, store::Bucket};

/// Copies everything to the new name, the record last, and then removes the old name. The same
/// command completes an interrupted run. Fails if something else has the new name.
pub async fn run(args: &MvArgs) -> Result<()> {
    let (old, new) = (parse(&args.old)?, parse(&args.new)?);
    ensure!(old != new, "{}: both names are the same", args.old);
    let bucket = Bucket::open(&args.from, args.state.as_deref())?;
    let object = StoredObject::find(&bucket, old).await?;
    if !object.exists() {
        let root = &object.asset.root;
        bail!("{}: there is no such object; `azulejo ls {root}` lists those that are", args.old);
    }
    let moves: Vec<(&String, String)> =
        object.keys.iter().map(|key| (key, renamed(key, &object.asset, &new))).collect();
    let record = object.record.as_ref().map(|record| moved(record, &moves));
    check(&bucket, &new, &moves, record.as_ref()).await?;
    let verb = if args.dry_run { "would be moved" } else { "moved" };
    for (from, to) in &moves {
        if !args.dry_run {
            let file = bucket.fetch(from).await?;
            bucket.put_file(to, &file).await?;
        }
        writeln!(std::io::stdout().lock(), "{from} {verb} to {to}")?;
    }
    if !args.dry_run {
        if let Some(record) = &record {
            put_record(&bucket, &new, record).await?;
        }
        object.remove(&bucket).await?;
    }
    naming::warn(&bucket, std::slice::from_ref(&object.asset)).await?;
    writeln!(std::io::stderr().lock(), "{} {verb} to {}", args.old, args.new)?;
    Ok(())
}

/// A key of one object as that of another. Keys are `<kind>/<rootId>/<id>` with an ending.
fn renamed(key: &str, old: &Asset, new: &Asset) -> String {
    let (kind, rest) = key.split_once('/').unwrap_or_default();
    let ending = rest.strip_prefix(&old.name()).unwrap_or_default();
    format!("{kind}/{}{ending}", new.name())
}

/// The record with the new key of the original.
fn moved(before: &Record, moves: &[(&String, String)]) -> Record {
    let mut record = before.clone();
    let original = record.original.as_mut().and_then(|original| original.key.as_mut());
    if let Some(key) = original
        && let Some((_, to)) = moves.iter().find(|(from, _)| *from == key)
    {
        key.clone_from(to);
    }
    record
}

/// Fails if anything else has the new name. Objects of the same length and an equal record are copies
/// of an interrupted run.
async fn check(
    bucket: &Bucket,
    new: &Asset,
    moves: &[(&String, String)],
    record: Option<&Record>,
) -> Result<()> {
    let there = StoredObject::find(bucket, new.clone()).await?;
    for key in &there.keys {
        let from = moves.iter().find(|(_, to)| to == key).map(|(from, _)| *from);
        let len = match from {
            Some(from) => bucket.len(from).await?,
            None => None,
        };
        let same = len.is_some() && len == bucket.len(key).await?;
        ensure!(same, "{key}: {ELSE}");
    }
    let same = there.record.is_none() || there.record.as_ref() == record;
    ensure!(same, "{}: {ELSE}", new.record());
    Ok(())
}

/// Why something is not moved.
const ELSE: &str = "something else is there; remove it first";

async fn put_record(bucket: &Bucket, new: &Asset, moved: &Record) -> Result<()> {
    let key = new.record();
    bucket
        .update(&key, async |stored| {
            let before = record::parse(&key, stored)?;
            ensure!(before.as_ref().is_none_or(|before| before == moved), "{key}: {ELSE}");
            Ok((record::change(before.as_ref(), moved)?, ()))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_kind_and_their_ending() {
        let (old, new) = (parse("Shop/a").unwrap(), parse("Outlet/x/b").unwrap());
        for (key, wanted) in [
            ("assets/Shop/a.tif", "assets/Outlet/x/b.tif"),
            ("assets/Shop/a.tif.index", "assets/Outlet/x/b.tif.index"),
            ("content/Shop/a", "content/Outlet/x/b"),
            ("originals/Shop/a.psd", "originals/Outlet/x/b.psd"),
        ] {
            assert_eq!(renamed(key, &old, &new), wanted);
        }
    }
}
