//! Writes the pixels of a layer as a PNG, from which ingest makes a pyramid.

use anyhow::{Result, ensure};
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};

use crate::psd::{Layer, Psd};

/// The PNG of a layer. Its decoded pixels take `limit` bytes at most.
pub fn png(psd: &Psd, layer: &Layer, limit: u64) -> Result<Vec<u8>> {
    let [width, height] = layer.rect.size();
    let pixels = |[width, height]: [usize; 2]| width as u64 * height as u64;
    // The pixels, a plane of 16 bits, and the PNG; the mask in 16 bits.
    let mask = layer.mask.map_or(0, |(rect, _)| pixels(rect.size()) * 3);
    let memory = pixels([width, height]) * 10 + mask;
    ensure!(
        memory <= limit,
        "{width} × {height} pixels take {} MiB, more than --max-memory",
        memory >> 20
    );
    let pixels = psd.pixels(layer)?;
    let mut png = Vec::new();
    let mut encoder = PngEncoder::new(&mut png);
    if let Some(profile) = psd.profile {
        encoder.set_icc_profile(profile.to_vec())?;
    }
    let color = if psd.gray { ExtendedColorType::La8 } else { ExtendedColorType::Rgba8 };
    encoder.write_image(&pixels, width as u32, height as u32, color)?;
    Ok(png)
}
