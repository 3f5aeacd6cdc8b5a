//! `azulejo inspect`: shows the structure and metadata of a pyramid.

mod about;

use std::{io::Write, path::Path};

use anyhow::{Context, Result, anyhow};
use azulejo::{
    catalog::Record,
    pixel::ColorModel,
    pyramid::{Index, Level, Metadata, insert_index, open},
    store::{FetchBuffer, Fetched, fulfil},
};
use serde::Serialize;

use self::about::About;
use crate::{
    args::InspectArgs,
    asset::Asset,
    store::{Bucket, Location},
};

#[derive(Serialize)]
struct Report {
    name: String,
    width: u32,
    height: u32,
    bytes: u64,
    version: String,
    colors: &'static str,
    alpha: Option<&'static str>,
    orientation: u8,
    resolution: Option<f32>,
    #[serde(flatten)]
    about: About,
    reads_to_open: usize,
    levels: Vec<LevelReport>,
}

#[derive(Serialize)]
struct LevelReport {
    width: u32,
    height: u32,
    tile: String,
    tiles: usize,
    compression: String,
    photometric: String,
    samples: u8,
    bits: u8,
    alpha: Option<&'static str>,
    bytes: u64,
}

/// Opens a pyramid as the Worker does, and prints its structure and metadata.
pub async fn run(args: &InspectArgs) -> Result<()> {
    let (bucket, key) = match args.what.as_slice() {
        [file] => {
            let path = Path::new(file).canonicalize().with_context(|| file.clone())?;
            let folder = path.parent().context("a file lies in a folder")?.to_owned();
            let name = path.file_name().context("not a file")?.to_string_lossy().into_owned();
            (Bucket::open(&Location::Folder(folder), None)?, name)
        }
        [store, key, ..] => {
            let location: Location = store.parse().map_err(|error: String| anyhow!(error))?;
            (Bucket::open(&location, args.state.as_deref())?, key.clone())
        }
        [] => return Err(anyhow!("name a file, or a store and a key")),
    };
    let mut fetched = Fetched::default();
    let record = Asset::of_pyramid(&key).map(|asset| asset.record());
    if let Some(record) = record
        && let Some(record) = bucket.get(&record).await?
        && let Ok(record) = Record::from_json(&record)
        && let Some(index) = record.pyramid_index()
    {
        insert_index(&key, index, &mut fetched);
    }
    let buffer = FetchBuffer::new(fetched);
    let index = fulfil(&bucket, &buffer, open(&key, &buffer)).await;
    let index = index.map_err(|error| anyhow!("{}: {}", args.what.join(" "), error.message))?;
    let reads = buffer.fetched().reads;
    let metadata = fulfil(&bucket, &buffer, Metadata::read(&key, &buffer)).await;
    let metadata =
        metadata.map_err(|error| anyhow!("{}: {}", args.what.join(" "), error.message))?;
    let report = report(args.what.join(" "), &index, About::new(&metadata), reads);
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
        return Ok(());
    }
    print(&mut out, &report)?;
    Ok(())
}

fn report(name: String, index: &Index, about: About, reads: usize) -> Report {
    let size = index.size();
    let first = index.levels.first();
    Report {
        name,
        width: size.width,
        height: size.height,
        bytes: index.len,
        version: index.version.0.clone(),
        colors: match first.map(|level| level.pixel_type().model) {
            Some(ColorModel::Gray) => "grey",
            Some(ColorModel::Cmyk) => "CMYK",
            Some(ColorModel::Rgb) | None => "RGB",
        },
        alpha: first.and_then(alpha),
        orientation: index.orientation,
        resolution: index.resolution,
        about,
        reads_to_open: reads,
        levels: index.levels.iter().map(level).collect(),
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

fn print(out: &mut impl Write, report: &Report) -> std::io::Result<()> {
    writeln!(out, "{}", report.name)?;
    writeln!(out, "  {} × {} pixels, {} bytes", report.width, report.height, report.bytes)?;
    writeln!(out, "  version {}, opens in {} reads", report.version, report.reads_to_open)?;
    let alpha = report.alpha.map_or(String::new(), |alpha| format!(" with {alpha} alpha"));
    writeln!(out, "  {}{alpha}", report.colors)?;
    if report.orientation != 1 {
        writeln!(out, "  orientation {}", report.orientation)?;
    }
    if let Some(ppi) = report.resolution {
        writeln!(out, "  {ppi} pixels per inch")?;
    }
    report.about.print(out)?;
    for level in &report.levels {
        let size = format!("{} × {}", level.width, level.height);
        let alpha = level.alpha.map_or(String::new(), |alpha| format!(", {alpha} alpha"));
        writeln!(
            out,
            "  {size:>14}  {} of {}, {} {} {} × {} bits{alpha}, {} bytes",
            level.tiles,
            level.tile,
            level.compression,
            level.photometric,
            level.samples,
            level.bits,
            level.bytes,
        )?;
    }
    Ok(())
}
