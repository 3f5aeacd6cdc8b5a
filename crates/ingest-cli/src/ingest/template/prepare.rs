//! Reads Photoshop files, and writes the pictures of their layers for ingest.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use super::{
    super::{finder::Item, original::Original},
    convert::convert,
    picture::png,
};
use crate::{asset::Asset, psd::Psd};

/// A template that is ready to be stored once its pictures are.
#[derive(Debug)]
pub struct Prepared {
    /// The Photoshop file.
    pub path: PathBuf,
    /// The template.
    pub asset: Asset,
    /// `catalog::Modifier` of its record.
    pub modifier: String,
    /// How many layers it has.
    pub layers: usize,
    /// The assets of its pictures.
    pub pictures: Vec<Asset>,
    /// The fonts that the catalog's font map must have.
    pub fonts: Vec<String>,
    /// What it lacks of the file.
    pub losses: Vec<String>,
}

/// Turns each file that was found into a template. The items to ingest become the pictures of their
/// layers, which are written below `folder`. Each takes `limit` bytes of memory at most.
pub fn prepare(
    found: impl Iterator<Item = Item>,
    folder: &TempDir,
    limit: u64,
) -> (Vec<Prepared>, Vec<Item>) {
    let (mut templates, mut items) = (Vec::new(), Vec::new());
    for item in found {
        let Item::Original(original) = item else {
            items.push(item);
            continue;
        };
        match template(&original, folder, limit) {
            Ok((template, pictures)) => {
                templates.push(template);
                items.extend(pictures.into_iter().map(Item::Original));
            }
            Err(error) => items.push(Item::Failed(original.path, error)),
        }
    }
    (templates, items)
}

fn template(
    original: &Original,
    folder: &TempDir,
    limit: u64,
) -> Result<(Prepared, Vec<Original>)> {
    let Original { path, asset, profile, .. } = original;
    let len = fs::metadata(path)?.len();
    ensure!(len <= limit, "{} MiB, more than --max-memory", len >> 20);
    let file = fs::read(path)?;
    let psd = Psd::read(&file)?;
    let template = convert(&psd, asset)?;
    let mut pictures = Vec::new();
    for (picture, layer) in &template.pictures {
        let png = png(&psd, layer, limit).with_context(|| format!("layer \"{}\"", layer.name))?;
        // The last two names of the path are recorded as those of the original.
        let path = folder.path().join(&picture.id).with_extension("png");
        fs::create_dir_all(path.parent().unwrap_or(folder.path()))?;
        fs::write(&path, png)?;
        pictures.push(Original {
            path,
            asset: picture.clone(),
            profile: profile.clone(),
            stored_key: None,
            object: None,
            content: false,
        });
    }
    let prepared = Prepared {
        path: path.clone(),
        asset: asset.clone(),
        modifier: template.modifier,
        layers: template.layers,
        pictures: template.pictures.into_iter().map(|(asset, _)| asset).collect(),
        fonts: template.fonts,
        losses: template.losses,
    };
    Ok((prepared, pictures))
}
