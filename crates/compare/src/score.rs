//! The SSIMULACRA2 score of two pictures.

use ssimulacra2::{ColorPrimaries, Rgb, TransferCharacteristic, compute_frame_ssimulacra2};

use crate::picture::Opaque;

/// Pixels that are scored at once. Each takes about 160 bytes.
const PIXELS: usize = 1 << 20;

/// The least side that can be scored.
const LEAST: usize = 8;

/// The score of two pictures of one size: 100 if they are equal, and less the more they differ. That
/// of a large picture is the lowest score of its strips, which bounds the memory.
pub fn score(old: &Opaque, new: &Opaque) -> Option<f64> {
    let strips = (old.width * old.height).div_ceil(PIXELS).min(old.height / LEAST).max(1);
    let at = |nth: usize| nth * old.height / strips;
    let scores = (0..strips).map(|nth| strip(old, new, at(nth)..at(nth + 1)));
    let scores: Option<Vec<f64>> = scores.collect();
    scores?.into_iter().min_by(f64::total_cmp)
}

fn strip(old: &Opaque, new: &Opaque, rows: std::ops::Range<usize>) -> Option<f64> {
    compute_frame_ssimulacra2(pixels(old, rows.clone())?, pixels(new, rows)?).ok()
}

/// Rows of a picture. Smaller ones than can be scored are repeated.
fn pixels(picture: &Opaque, rows: std::ops::Range<usize>) -> Option<Rgb> {
    let (width, height) = (picture.width.max(LEAST), rows.len().max(LEAST));
    let mut pixels = Vec::with_capacity(width * height);
    for y in 0..height {
        let start = (rows.start + y % rows.len().max(1)) * picture.width;
        let row = picture.pixels.get(start..start + picture.width)?;
        let row = row.iter().cycle().take(width);
        pixels.extend(row.map(|pixel| pixel.map(|value| f32::from(value) / 255.0)));
    }
    let (transfer, primaries) = (TransferCharacteristic::SRGB, ColorPrimaries::BT709);
    Rgb::new(pixels, width, height, transfer, primaries).ok()
}
