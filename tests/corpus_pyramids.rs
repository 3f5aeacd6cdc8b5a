//! Every TIFF of the corpus, level by level, against libvips' pixels of the same page.
//!
//! `tests/corpus/refused.tsv` lists what is not read yet and why; it can only grow on purpose.

use crate::corpus;

use std::{collections::BTreeMap, env, fs, path::Path, process};

use azulejo::{
    error::ErrorKind,
    pyramid::{Compression, Level, Photometric},
    store::MemoryStore,
};
use corpus::vips;

/// What libtiff cannot decode ("Bogus JPEG colorspace"), and a lossless twin of the same picture.
const TWINS: [(&str, &str); 1] =
    [("tif-rgba-1res-64x56x8-tiled-jpeg.tif", "tif-rgba-1res-64x56x8-tiled-lzw.tif")];

#[test]
fn pyramids_have_the_pixels_that_libvips_reads() {
    compare_folder("ptiff");
}

#[test]
fn plain_tiffs_have_the_pixels_that_libvips_reads() {
    compare_folder("tiff");
}

/// The files of `refused.tsv` in one folder of the corpus, with the reasons given there.
fn refused(folder: &str) -> BTreeMap<&'static str, &'static str> {
    let lines = include_str!("corpus/refused.tsv").lines();
    lines
        .filter_map(|line| line.split_once('/').filter(|(first, _)| *first == folder))
        .map(|(_, rest)| rest.split_once('\t').unwrap())
        .collect()
}

fn compare_folder(name: &str) {
    let Some(folder) = corpus::folder(name) else { return };
    if !vips::has_vips() {
        return;
    }
    let scratch = env::temp_dir().join(format!("azulejo-corpus-{}-{name}", process::id()));
    fs::create_dir_all(&scratch).unwrap();
    let mut expected = refused(name);
    let mut wrong = Vec::new();
    for path in corpus::files(&folder) {
        let file = corpus::name(&path);
        let outcome = compare(&path, &scratch);
        match (expected.remove(file.as_str()), outcome) {
            (None, Ok(differences)) => {
                wrong.extend(differences.into_iter().map(|what| format!("{file}: {what}")));
            }
            // A command that converts it follows.
            (Some(reason), Err(refusal))
                if refusal.split_once("; convert it: ").is_some_and(|(why, _)| why == reason) => {}
            (Some(reason), _) => wrong.push(format!("{file}: is not refused for: {reason}")),
            (None, Err(refusal)) => wrong.push(format!("{name}/{file}\t{refusal}")),
        }
    }
    fs::remove_dir_all(&scratch).unwrap();
    wrong.extend(expected.keys().map(|file| format!("{file}: listed, but not in the corpus")));
    assert!(wrong.is_empty(), "{} of {name}\n{}", wrong.len(), wrong.join("\n"));
}

/// What differs, level by level; or why the file is refused.
fn compare(path: &Path, scratch: &Path) -> Result<Vec<String>, String> {
    let bytes = fs::read(path).unwrap();
    let store = MemoryStore::new();
    store.put(corpus::KEY, bytes.clone());
    let index = corpus::open(&store).map_err(|error| {
        let refused = error.kind == ErrorKind::Unsupported;
        if refused { error.message } else { error.to_string() }
    })?;
    let file = corpus::name(path);
    let twin = twin(&file);
    let source = match &twin {
        Some(twin) => path.with_file_name(twin),
        None if index.levels.iter().any(misread) => vips::interleaved(path, scratch),
        None => path.to_owned(),
    };
    let mut pages = vips::pages(&source, scratch);
    let mut seen = Vec::new();
    let differences = index.levels.iter().filter_map(|level| {
        let bound = match twin {
            // As many steps of grey as there are bits, 6 dB each.
            Some(_) if level.bits < 8 => 6.0 * f64::from(level.bits),
            Some(_) => 30.0,
            None => bound(level),
        };
        let outcome = compare_level(level, &bytes, page(level, &mut seen, &mut pages), bound);
        outcome.err().map(|what| format!("{}x{}: {what}", level.width, level.height))
    });
    Ok(differences.collect())
}

/// A file with the same picture that libvips can read.
fn twin(file: &str) -> Option<String> {
    if let Some((_, twin)) = TWINS.iter().find(|(known, _)| *known == file) {
        return Some((*twin).to_owned());
    }
    // One flower in many depths.
    let (kind, bits) = file.strip_suffix(".tif")?.rsplit_once('-')?;
    let depth = kind.starts_with("flower-") && !kind.contains("palette");
    (depth && !matches!(bits, "08" | "16")).then(|| format!("{kind}-08.tif"))
}

/// libvips reads planes of tiles not at all, and mixes up those of grey and alpha.
fn misread(level: &Level) -> bool {
    level.planar && (!level.strips || level.samples == 2)
}

/// The first page of a level's size: masks and other pictures behind it may have the same.
fn page<'a>(
    level: &Level,
    seen: &'a mut Vec<vips::Page>,
    more: &mut impl Iterator<Item = vips::Page>,
) -> Option<&'a vips::Page> {
    let same = |page: &vips::Page| (page.width, page.height) == (level.width, level.height);
    while !seen.iter().any(same) {
        seen.push(more.next()?);
    }
    seen.iter().find(|page| same(page))
}

fn compare_level(
    level: &Level,
    bytes: &[u8],
    page: Option<&vips::Page>,
    bound: f64,
) -> Result<(), String> {
    // libvips knows no masks.
    let level = &Level { mask: None, ..level.clone() };
    let ours =
        corpus::decode(level, bytes).map_err(|error| format!("{error} {:?}", error.detail))?;
    // libvips knows no other depths; that they are decoded must do, where there is no twin.
    let known = matches!((level.bits, level.samples), (1 | 2 | 4, 1) | (8 | 16, _));
    if page.is_none() && !known {
        return Ok(());
    }
    let theirs = page.ok_or("libvips does not read it")?.pixels(level);
    let subsampled =
        matches!((level.compression, level.photometric), (Compression::Jpeg, Photometric::YCbCr));
    let [ours, theirs] =
        [ours, theirs].map(|pixels| if subsampled { without_edge(level, &pixels) } else { pixels });
    let psnr = vips::psnr(&ours, &theirs);
    // Dividing by alpha, libvips cuts the fraction off where the reader rounds.
    let rounding = level.alpha.is_some_and(|(_, premultiplied)| premultiplied)
        && ours.iter().zip(&theirs).all(|(a, b)| a.abs_diff(*b) <= 1);
    if psnr >= bound || rounding { Ok(()) } else { Err(format!("{psnr:.1} dB of {bound} dB")) }
}

/// Pixels without the last column and row: libvips interpolates their colour with the black that it
/// fills tiles up with.
fn without_edge(level: &Level, pixels: &[u8]) -> Vec<u8> {
    let [width, height] = [level.width, level.height].map(|side| side as usize);
    let samples = pixels.len() / (width * height);
    let keep = if width > 1 { width - 1 } else { width } * samples;
    let rows = pixels.chunks_exact(width * samples).take((height - 1).max(1));
    rows.flat_map(|row| &row[..keep]).copied().collect()
}

/// The lossless must be equal. JPEG decoders may differ by one in their inverse cosine transform:
/// 59.5 dB is the least measured.
fn bound(level: &Level) -> f64 {
    if level.compression == Compression::Jpeg { 59.0 } else { f64::INFINITY }
}
