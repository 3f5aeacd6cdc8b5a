//! Builds image and spin sets by batch set presets.

use std::collections::BTreeSet;

use anyhow::Result;
use azulejo::{catalog::Record, store::keys};

use super::{
    original::Original,
    report::Report,
    set_preset::{Kind, SetPreset},
};
use crate::{
    asset::Asset,
    record,
    store::{Bucket, Change},
};

/// The folders into which something was ingested, with their presets.
#[derive(Debug, Default)]
pub struct Folders(BTreeSet<(String, String, SetPreset)>);

impl Folders {
    /// Adds the folder of an original, if its profile has presets.
    pub fn add(&mut self, Original { asset, profile, .. }: &Original) {
        let folder = asset.id.rsplit_once('/').map_or("", |(folder, _)| folder);
        let presets = profile.set.iter().cloned();
        self.0.extend(presets.map(|preset| (asset.root.clone(), folder.to_owned(), preset)));
    }
}

/// Builds the sets of all folders into which something was ingested. Members are all assets that
/// the store holds in a folder, including those of earlier runs.
pub async fn build(bucket: &Bucket, folders: &Folders, report: &mut Report) {
    for (root, folder, preset) in &folders.0 {
        if let Err(error) = folder_sets(bucket, root, folder, preset, report).await {
            report.failed(format!("sets of {root}/{folder}").as_ref(), &error);
        }
    }
}

async fn folder_sets(
    bucket: &Bucket,
    root: &str,
    folder: &str,
    preset: &SetPreset,
    report: &mut Report,
) -> Result<()> {
    let within = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let start = format!("{root}/{within}");
    let keys = bucket.list(&[keys::Kind::Asset.folder(), &start].concat()).await?;
    let names = keys.iter().filter_map(|key| keys::Kind::Asset.name(key)?.strip_prefix(&start));
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

/// Writes the record of a set. Returns whether it has changed.
async fn write(bucket: &Bucket, set: &Asset, kind: Kind, members: &str) -> Result<bool> {
    let key = set.record();
    let write = bucket.update(&key, async |stored| {
        let before = record::parse(&key, stored)?;
        let record = Record {
            asset_type: Some(format!("{kind:?}")),
            image_set: Some(members.to_owned()),
            ..before.clone().unwrap_or_default()
        };
        let change = record::change(before.as_ref(), &record)?;
        let written = change != Change::Keep;
        Ok((change, written))
    });
    write.await
}
