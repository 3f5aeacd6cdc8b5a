//! Opens a pyramid that was built or copied, as the server does.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read as _, Seek, SeekFrom},
};

use anyhow::{Context, Result, anyhow, bail};
use azulejo::{
    limits,
    pyramid::{Index, Level, Metadata, Rows, open, profile_name},
    store::{FetchBuffer, fulfil},
};
use tempfile::NamedTempFile;

use super::{
    budget::Reservation,
    facts::{self, Facts},
    pyramid_builder::{Built, Pyramid},
    settings::Settings,
    smart_crop,
};
use crate::{asset::Asset, store::FileStore};

/// Decodes the first tile of every level, since a file that can be opened may have tiles that
/// cannot be rendered.
fn levels_decode(index: &Index, mut file: &File) -> Result<()> {
    for level in &index.levels {
        let columns = 0..level.width.min(level.tile_width);
        let rows = 0..level.height.min(level.tile_height);
        let size = format!("the level of {} × {} pixels", level.width, level.height);
        if Rows::memory(level, columns.clone()) > limits::MEMORY {
            bail!("{size} has tiles that take more memory than a request may; ingest it");
        }
        let mut tiles = BTreeMap::new();
        for number in level.tiles_in(columns.clone(), rows.clone()) {
            let span = level.tile(number).context("a tile that is not listed")?;
            if span.start.saturating_add(span.len) > index.len {
                bail!("{size}: tile {number} lies after the end of the file");
            }
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(span.start))?;
            file.take(span.len).read_to_end(&mut bytes)?;
            tiles.insert(number, bytes);
        }
        let tile = |number: usize| tiles.get(&number).map(Vec::as_slice);
        let mut decoded =
            Rows::new(level, columns, rows, tile).map_err(|error| anyhow!(error.message))?;
        while let Some(row) = decoded.next_row() {
            row.map_err(|error| anyhow!("{size} cannot be decoded: {}", error.message))?;
        }
    }
    Ok(())
}

/// Opens a pyramid as the server does, decodes a tile of each level, and detects the subject.
pub fn verified(
    settings: &Settings,
    file: NamedTempFile,
    reservation: Reservation,
) -> Result<Built> {
    let asset = Asset { root: "ingest".into(), id: "pyramid".into() };
    let key = asset.pyramid();
    let len = file.as_file().metadata()?.len();
    let store = FileStore::new(&key, file.reopen()?)?;
    let buffer = FetchBuffer::default();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let opened = runtime.block_on(fulfil(&store, &buffer, open(&key, &buffer)));
    let index = opened.map_err(|error| anyhow!(error.message))?;
    // The server renders JPEG and PNG files only from remote servers. Here, ingest builds a pyramid
    // of them.
    if index.levels.iter().any(|level| level.compression.is_file()) {
        bail!("a JPEG or PNG is no pyramid; ingest it without --as-is");
    }
    levels_decode(&index, file.as_file())?;
    let smart_crops = runtime.block_on(smart_crop::find(settings, &asset, &index, &store))?;
    let reads = buffer.fetched().reads;
    let size = index.size();
    let pixel = index.levels.first().map(Level::pixel_type);
    let mut facts = Facts {
        format: Some("TIFF"),
        width: Some(size.width),
        height: Some(size.height),
        model: pixel.map(facts::model),
        profile: None,
    };
    if settings.as_is {
        let metadata = runtime.block_on(fulfil(&store, &buffer, Metadata::read(&key, &buffer)));
        let metadata = metadata.map_err(|error| anyhow!(error.message))?;
        let name =
            |icc: Vec<u8>| profile_name(&icc).unwrap_or_else(|| "without a description".to_owned());
        facts.profile = metadata.icc.map(name);
    }
    let warnings = facts.warnings();
    // Azulejo's own layout opens in one read.
    let third_party = reads > 1;
    let pyramid = Some(Pyramid { index, third_party, smart_crops });
    Ok(Built { file, len, pyramid, facts, warnings, reservation })
}
