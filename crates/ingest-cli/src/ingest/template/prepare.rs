//! Reads Photoshop files, and writes the pictures of their layers for ingest.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use super::{
    super::originals::{FoundFiles, Original},
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

/// Turns each file that was found into a template. The files to ingest become the pictures of their
/// layers, which are written below `folder`. Each takes `limit` bytes of memory at most.
pub fn prepare(found: &mut FoundFiles, folder: &TempDir, limit: u64) -> Vec<Prepared> {
    let mut templates = Vec::new();
    for original in std::mem::take(&mut found.originals) {
        match template(&original, folder, limit) {
            Ok((template, pictures)) => {
                templates.push(template);
                found.originals.extend(pictures);
            }
            Err(error) => found.failed.push((original.path, error)),
        }
    }
    templates
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
