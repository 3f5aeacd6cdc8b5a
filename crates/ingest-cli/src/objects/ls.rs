//! `azulejo ls`: lists catalogs, or the objects of one, with sizes and dates.

use std::{collections::BTreeMap, io::Write};

use anyhow::Result;
use azulejo::store::{Listed, keys::Kind};
use chrono::{DateTime, Utc};
use indicatif::DecimalBytes;
use serde_json::json;

use super::stored_object::owner;
use crate::{args::LsArgs, store::Bucket};

/// The kinds of what is stored of an object, as the list calls them.
const KINDS: [(Kind, &str); 5] = [
    (Kind::Asset, "image"),
    (Kind::Svg, "svg"),
    (Kind::Content, "content"),
    (Kind::Original, "original"),
    (Kind::Record, "record"),
];

/// What is stored under one name.
#[derive(Default)]
struct Entry {
    kinds: Vec<&'static str>,
    stored: Vec<Listed>,
}

impl Entry {
    fn bytes(&self) -> u64 {
        self.stored.iter().map(|object| object.len).sum()
    }

    fn modified(&self) -> DateTime<Utc> {
        let times = self.stored.iter().filter_map(|object| object.modified);
        let last = times.map(|time| time as i64).max();
        last.and_then(DateTime::from_timestamp_millis).unwrap_or_default()
    }
}

/// Lists what the arguments name.
pub async fn run(args: &LsArgs) -> Result<()> {
    let bucket = Bucket::open(&args.from, args.state.as_deref())?;
    match args.what.split_once('/') {
        None if args.what.is_empty() => catalogs(&bucket, args.json).await,
        None => objects(&bucket, (&args.what, ""), args.json).await,
        Some(prefix) => objects(&bucket, prefix, args.json).await,
    }
}

/// Lists the catalogs that have objects.
async fn catalogs(bucket: &Bucket, json: bool) -> Result<()> {
    let mut catalogs: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for (kind, _) in KINDS {
        for object in bucket.objects(kind.folder()).await? {
            let rest = object.key.strip_prefix(kind.folder()).and_then(|rest| rest.split_once('/'));
            if let (Some((root, _)), Some(id)) = (rest, shown(kind, &object)) {
                let objects = catalogs.entry(root.to_owned()).or_default();
                *objects.entry(id.to_owned()).or_default() += object.len;
            }
        }
    }
    let mut out = std::io::stdout().lock();
    for (root, objects) in catalogs {
        let (count, bytes) = (objects.len(), objects.values().sum::<u64>());
        if json {
            writeln!(out, "{}", json!({ "rootId": root, "objects": count, "bytes": bytes }))?;
        } else {
            let size = DecimalBytes(bytes).to_string();
            writeln!(out, "{size:>10}  {count:>8} {:<8}  {root}", plural(count))?;
        }
    }
    Ok(())
}

/// Lists the objects of a catalog whose ids begin with a prefix.
async fn objects(bucket: &Bucket, (root, prefix): (&str, &str), json: bool) -> Result<()> {
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    for (kind, word) in KINDS {
        for object in bucket.objects(&format!("{}{root}/{prefix}", kind.folder())).await? {
            let Some(id) = shown(kind, &object).map(str::to_owned) else { continue };
            let entry = entries.entry(id).or_default();
            if !entry.kinds.contains(&word) {
                entry.kinds.push(word);
            }
            entry.stored.push(object);
        }
    }
    let mut out = std::io::stdout().lock();
    for (id, entry) in &entries {
        let (name, kinds, bytes) = (format!("{root}/{id}"), &entry.kinds, entry.bytes());
        if json {
            let keys: Vec<&str> = entry.stored.iter().map(|object| object.key.as_str()).collect();
            let modified = entry.modified().format("%Y-%m-%dT%H:%M:%SZ").to_string();
            let line = json!({
                "object": name, "kinds": kinds, "bytes": bytes, "modified": modified, "keys": keys,
            });
            writeln!(out, "{line}")?;
        } else {
            let size = DecimalBytes(bytes).to_string();
            let date = entry.modified().format("%Y-%m-%d %H:%M");
            writeln!(out, "{size:>10}  {date}  {:<22}  {name}", kinds.join(", "))?;
        }
    }
    if !json {
        let (count, bytes) = (entries.len(), entries.values().map(Entry::bytes).sum());
        let text = format!("{count} {}, {}", plural(count), DecimalBytes(bytes));
        writeln!(std::io::stderr().lock(), "{text}")?;
    }
    Ok(())
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "object" } else { "objects" }
}

/// The id that something stored belongs to. An empty record is one that was removed.
fn shown(kind: Kind, object: &Listed) -> Option<&str> {
    owner(kind, &object.key).filter(|_| kind != Kind::Record || object.len > 0)
}
