//! Batch set presets: image and spin sets of assets whose names belong together.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow};
use azulejo::catalog::Record;
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::{originals::Original, report::Report};
use crate::{asset::Asset, store::Bucket};

/// How names make sets: `[[set]]` in an image profile.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// What the sets are.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Which names belong to a set: all of a name must match. The first group is what members
    /// have in common; without one it is the whole name.
    #[serde(rename = "match")]
    pub pattern: String,
    /// Stands before what they have in common, in the set's id.
    #[serde(default)]
    pub prefix: String,
    /// Stands behind it.
    #[serde(default)]
    pub suffix: String,
    /// Members that match the first come first, and so on; the rest by name.
    #[serde(default)]
    pub order: Vec<String>,
}

/// The sets that are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// Pictures to choose from.
    ImageSet,
    /// One thing, turned.
    SpinSet,
}

impl Preset {
    /// An error when an expression cannot be read.
    pub fn check(&self) -> Result<()> {
        self.order.iter().try_for_each(|order| whole(order).map(drop))?;
        whole(&self.pattern).map(drop)
    }

    /// The sets that these names make, by name, with their members in order.
    fn sets(&self, names: &BTreeSet<String>) -> Result<BTreeMap<String, Vec<String>>> {
        let pattern = whole(&self.pattern)?;
        let order = self.order.iter().map(|order| whole(order)).collect::<Result<Vec<_>>>()?;
        let mut sets: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for name in names {
            let Some(groups) = pattern.captures(name) else { continue };
            let base = groups.get(1).or(groups.get(0)).map_or("", |group| group.as_str());
            let set = format!("{}{base}{}", self.prefix, self.suffix);
            // A set is no member of itself.
            if set != *name {
                sets.entry(set).or_default().push(name.clone());
            }
        }
        let place = |name: &String| order.iter().position(|order| order.is_match(name));
        for members in sets.values_mut() {
            members.sort_by_key(|name| place(name).unwrap_or(order.len()));
        }
        Ok(sets)
    }
}

/// An expression that must match all of a name.
fn whole(pattern: &str) -> Result<Regex> {
    Regex::new(&format!("^(?:{pattern})$")).with_context(|| format!("set: {pattern}"))
}

/// Builds the sets of the folders that something was ingested into, of what the store holds
/// there: members that came earlier count too.
pub async fn build(bucket: &Bucket, originals: &[Original], report: &mut Report) {
    let mut presets = BTreeSet::new();
    for Original { asset, profile, .. } in originals {
        let folder = asset.id.rsplit_once('/').map_or("", |(folder, _)| folder);
        presets.extend(profile.set.iter().map(|preset| (&asset.root, folder, preset)));
    }
    for (root, folder, preset) in presets {
        if let Err(error) = folder_sets(bucket, root, folder, preset, report).await {
            report.failed(format!("sets of {root}/{folder}").as_ref(), &error);
        }
    }
}

async fn folder_sets(
    bucket: &Bucket,
    root: &str,
    folder: &str,
    preset: &Preset,
    report: &mut Report,
) -> Result<()> {
    let within = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let start = format!("assets/{root}/{within}");
    let keys = bucket.list(&start).await?;
    let names = keys.iter().filter_map(|key| key.strip_prefix(&start)?.strip_suffix(".tif"));
    let names = names.filter(|name| !name.contains('/')).map(str::to_owned).collect();
    for (name, members) in preset.sets(&names)? {
        let members: Vec<String> =
            members.iter().map(|member| format!("{root}/{within}{member}")).collect();
        let set = Asset { root: root.to_owned(), id: format!("{within}{name}") };
        set.check()?;
        if write(bucket, &set, preset.kind, &members.join(",")).await? {
            report.set(&set, members.len());
        }
    }
    Ok(())
}

/// True when the record had to be written.
async fn write(bucket: &Bucket, set: &Asset, kind: Kind, members: &str) -> Result<bool> {
    let key = set.record();
    let stored = match bucket.get(&key).await? {
        Some(bytes) => Record::from_json(&bytes).map_err(|error| anyhow!(error.message)),
        None => Ok(Record::default()),
    };
    let stored = stored.with_context(|| format!("{key}: repair or delete it"))?;
    let record = Record {
        asset_type: Some(format!("{kind:?}")),
        image_set: Some(members.to_owned()),
        ..stored.clone()
    };
    if record == stored {
        return Ok(false);
    }
    let json = record.to_json().map_err(|error| anyhow!(error.message))?;
    bucket.put(&key, json).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preset(pattern: &str, order: &[&str]) -> Preset {
        Preset {
            kind: Kind::ImageSet,
            pattern: pattern.to_owned(),
            prefix: String::new(),
            suffix: "-SET".to_owned(),
            order: order.iter().map(|&order| order.to_owned()).collect(),
        }
    }

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn names_with_one_base_make_one_set_in_order() {
        let names = names(&["0123-RED-03", "0123-RED-01", "0999-RED-01", "other", "0123-SET"]);
        let sets = preset(r"(\w+)-\w+-\w+", &[]).sets(&names).unwrap();
        assert_eq!(sets["0123-SET"], ["0123-RED-01", "0123-RED-03"]);
        assert_eq!((sets.len(), sets["0999-SET"].len()), (2, 1));
    }

    #[test]
    fn an_order_of_expressions_wins_over_names() {
        let names = names(&["a_alt2", "a_alt1", "a_main", "a_extra"]);
        let sets = preset("(a)_.*", &[".*_main", ".*_alt[0-9]"]).sets(&names).unwrap();
        assert_eq!(sets["a-SET"], ["a_main", "a_alt1", "a_alt2", "a_extra"]);
    }

    #[test]
    fn an_expression_that_cannot_be_read_is_named() {
        let error = format!("{:#}", preset("(", &[]).check().unwrap_err());
        assert!(error.starts_with("set: ("), "{error}");
    }
}
