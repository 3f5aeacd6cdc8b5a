//! `azulejo inspect`: what a pyramid holds.

use std::{io::Write, path::Path};

use anyhow::{Context, Result, anyhow};
use azulejo::{
    pyramid::{Index, Level, open},
    store::{ByteRange, Known, Read, Store, fulfil},
};
use serde::Serialize;

use crate::{
    args::InspectArgs,
    store::{Bucket, Location},
};

#[derive(Serialize)]
struct Report {
    name: String,
    width: u32,
    height: u32,
    bytes: u64,
    version: String,
    orientation: u8,
    resolution: Option<f32>,
    profile: Option<String>,
    icc_bytes: u64,
    xmp_bytes: u64,
    photoshop_bytes: u64,
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

/// Opens the pyramid as the Worker does, and prints what it found.
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
    let mut known = Known::default();
    let index = fulfil(&bucket, &mut known, |known| open(&key, known)).await;
    let index = index.map_err(|error| anyhow!("{}: {}", args.what.join(" "), error.message))?;
    let profile = profile(&bucket, &key, &index).await;
    let report = report(args.what.join(" "), &index, profile, known.reads);
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
        return Ok(());
    }
    print(&mut out, &report)?;
    Ok(())
}

fn report(name: String, index: &Index, profile: Option<String>, reads: usize) -> Report {
    let size = index.size();
    let len = |span: Option<azulejo::pyramid::Span>| span.map_or(0, |span| span.len);
    Report {
        name,
        width: size.width,
        height: size.height,
        bytes: index.len,
        version: index.version.0.clone(),
        orientation: index.orientation,
        resolution: index.resolution,
        profile,
        icc_bytes: len(index.icc),
        xmp_bytes: len(index.xmp),
        photoshop_bytes: len(index.photoshop),
        reads_to_open: reads,
        levels: index.levels.iter().map(level).collect(),
    }
}

fn level(level: &Level) -> LevelReport {
    let kind = if level.strips { "strip" } else { "tile" };
    LevelReport {
        width: level.width,
        height: level.height,
        tile: format!("{kind} {} × {}", level.tile_width, level.tile_height),
        tiles: level.tiles.len(),
        compression: format!("{:?}", level.compression),
        photometric: format!("{:?}", level.photometric),
        samples: level.samples,
        bits: level.bits,
        alpha: level.alpha.map(|(_, premultiplied)| match premultiplied {
            true => "premultiplied",
            false => "straight",
        }),
        bytes: level.tiles.iter().map(|span| span.len).sum(),
    }
}

fn print(out: &mut impl Write, report: &Report) -> std::io::Result<()> {
    writeln!(out, "{}", report.name)?;
    writeln!(out, "  {} × {} pixels, {} bytes", report.width, report.height, report.bytes)?;
    writeln!(out, "  version {}, opens in {} reads", report.version, report.reads_to_open)?;
    if report.orientation != 1 {
        writeln!(out, "  orientation {}", report.orientation)?;
    }
    if let Some(ppi) = report.resolution {
        writeln!(out, "  {ppi} pixels per inch")?;
    }
    let profile = report.profile.as_deref().unwrap_or("none");
    writeln!(out, "  ICC profile: {profile} ({} bytes)", report.icc_bytes)?;
    writeln!(out, "  XMP {} bytes, Photoshop {} bytes", report.xmp_bytes, report.photoshop_bytes)?;
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

/// The profile's own description (ICC.1:2022, 9.2.41), where it can be read.
async fn profile(bucket: &Bucket, key: &str, index: &Index) -> Option<String> {
    let span = index.icc?;
    let range = ByteRange::new(span.start, span.len.min(4 << 20));
    let read = Read { key: key.to_owned(), range, version: Some(index.version.clone()) };
    let icc = bucket.read(&read).await.ok()?.bytes;
    Some(description(&icc).unwrap_or_else(|| "without description".to_owned()))
}

fn description(icc: &[u8]) -> Option<String> {
    let word = |at: usize| {
        let bytes = icc.get(at..at.checked_add(4)?)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?) as usize)
    };
    let tags = word(128)?;
    let at = (0..tags.min(200)).map(|tag| 132 + tag * 12);
    let entry = at.into_iter().find(|&at| icc.get(at..at + 4) == Some(b"desc"))?;
    let (start, len) = (word(entry + 4)?, word(entry + 8)?);
    let tag = icc.get(start..start.checked_add(len)?)?;
    let text = match tag.get(..4)? {
        b"desc" => {
            let count = word(start + 8)?;
            String::from_utf8_lossy(tag.get(12..12_usize.checked_add(count)?)?).into_owned()
        }
        b"mluc" => {
            let (len, offset) = (word(start + 20)?, word(start + 24)?);
            let bytes = tag.get(offset..offset.checked_add(len)?)?;
            let pairs = bytes.as_chunks::<2>().0;
            let units: Vec<u16> = pairs.iter().map(|&pair| u16::from_be_bytes(pair)).collect();
            String::from_utf16_lossy(&units)
        }
        _ => return None,
    };
    Some(text.trim_end_matches('\0').trim().to_owned())
}
