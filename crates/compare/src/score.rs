//! The SSIMULACRA2 score of two pictures.

use std::fmt;

use ssimulacra2::{ColorPrimaries, Rgb, TransferCharacteristic, compute_frame_ssimulacra2};

use crate::picture::{Opaque, PIXELS as MOST};

/// Pixels that are scored at once. Each takes about 160 bytes.
const PIXELS: usize = 1 << 20;

/// The least side that can be scored.
const LEAST: usize = 8;

/// Why two rasters have no score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unscored(String);

impl fmt::Display for Unscored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unscored {}

/// The SSIMULACRA2 score of two rasters of straight RGBA in sRGB, each over white: 100 if they are
/// equal, and less the more they differ.
pub fn ssimulacra2(old: &[u8], new: &[u8], width: usize, height: usize) -> Result<f64, Unscored> {
    let pixels = (width as u64).saturating_mul(height as u64);
    if pixels == 0 || pixels > MOST {
        return Err(Unscored(format!(
            "{width} × {height} pixels cannot be compared: expected 1 to {MOST} pixels; scale both \
             pictures down"
        )));
    }
    if let Some(raster) = [old, new].into_iter().find(|raster| raster.len() as u64 != 4 * pixels) {
        return Err(Unscored(format!(
            "a raster of {width} × {height} pixels has {} bytes: expected {}, four for each pixel",
            raster.len(),
            4 * pixels
        )));
    }
    let [old, new] = [old, new].map(|rgba| Opaque::over(u8::MAX, rgba, width, height));
    score(&old, &new).ok_or_else(|| Unscored("the pictures cannot be compared".to_owned()))
}

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
