//! The report on one file.

use azulejo::{
    error::Result,
    pixel::ColorModel,
    pyramid::{Index, Level, Metadata, open},
    store::{FetchBuffer, Store, fulfil},
};
use serde::Serialize;

use super::about::About;
use crate::Original;

/// The report on a file, as `azulejo inspect --json` prints it.
#[derive(Serialize)]
pub struct Report {
    pub(super) name: String,
    /// The name of the file format; TIFF for a pyramid.
    pub(super) format: &'static str,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bytes: u64,
    /// The version of a stored pyramid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    pub(super) colors: &'static str,
    pub(super) alpha: Option<&'static str>,
    pub(super) orientation: u8,
    pub(super) resolution: Option<f32>,
    #[serde(flatten)]
    pub(super) about: About,
    /// How many reads opened a pyramid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reads_to_open: Option<usize>,
    /// The levels of a pyramid, from the largest to the smallest.
    pub(super) levels: Vec<LevelReport>,
}

#[derive(Serialize)]
pub(super) struct LevelReport {
    pub width: u32,
    pub height: u32,
    pub tile: String,
    pub tiles: usize,
    pub compression: String,
    pub photometric: String,
    pub samples: u8,
    pub bits: u8,
    pub alpha: Option<&'static str>,
    pub bytes: u64,
}

/// Opens the TIFF at `key` of a store as the Worker does, and reports on it. `buffer` may have its
/// index. Reports call it `name`.
pub async fn pyramid(
    name: String,
    key: &str,
    store: &impl Store,
    buffer: &FetchBuffer,
) -> Result<Report> {
    let index = fulfil(store, buffer, open(key, buffer)).await?;
    let reads = buffer.fetched().reads;
    let metadata = fulfil(store, buffer, Metadata::read(key, buffer)).await?;
    Ok(Report::of_pyramid(name, &index, &metadata, reads))
}

impl Report {
    /// The report on an original of `len` bytes, by its header.
    pub fn of_original(name: String, original: &Original<'_>, len: u64) -> Self {
        let opened = &original.opened;
        Self {
            name,
            format: original.format.name,
            width: opened.size.width,
            height: opened.size.height,
            bytes: len,
            version: None,
            colors: colors(opened.pixel.model),
            alpha: opened.pixel.alpha.then_some("straight"),
            orientation: opened.metadata.orientation.filter(|n| (1..=8).contains(n)).unwrap_or(1),
            resolution: opened.metadata.resolution,
            about: About::new(&opened.metadata),
            reads_to_open: None,
            levels: Vec::new(),
        }
    }

    fn of_pyramid(name: String, index: &Index, metadata: &Metadata, reads: usize) -> Self {
        let size = index.size();
        let first = index.levels.first();
        Self {
            name,
            format: "TIFF",
            width: size.width,
            height: size.height,
            bytes: index.len,
            version: Some(index.version.0.clone()).filter(|version| !version.is_empty()),
            colors: colors(first.map_or(ColorModel::Rgb, |level| level.pixel_type().model)),
            alpha: first.and_then(alpha),
            orientation: index.orientation,
            resolution: index.resolution,
            about: About::new(metadata),
            reads_to_open: Some(reads),
            levels: index.levels.iter().map(level).collect(),
        }
    }
}

fn colors(model: ColorModel) -> &'static str {
    match model {
        ColorModel::Gray => "grey",
        ColorModel::Rgb => "RGB",
        ColorModel::Cmyk => "CMYK",
    }
}

fn alpha(level: &Level) -> Option<&'static str> {
    if level.mask.is_some() {
        return Some("masked");
    }
    level.alpha.map(|(_, premultiplied)| if premultiplied { "premultiplied" } else { "straight" })
}

fn level(level: &Level) -> LevelReport {
    let kind = if level.strips { "strip" } else { "tile" };
    LevelReport {
        width: level.width,
        height: level.height,
        tile: format!("{kind} {} × {}", level.tile_width, level.tile_height),
        tiles: level.all_tiles(),
        compression: format!("{:?}", level.compression),
        photometric: format!("{:?}", level.photometric),
        samples: level.samples,
        bits: level.bits,
        alpha: alpha(level),
        bytes: (0..level.all_tiles())
            .filter_map(|tile| level.tile(tile))
            .map(|span| span.len)
            .sum(),
    }
}
