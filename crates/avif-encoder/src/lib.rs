//! Encodes pictures as AVIF files, with `rav1e`.
//!
//! Native programs link this crate. The Worker loads it as a wasm module of its own when a reply
//! first needs it, because it is a third as large as the engine. `module.rs` has the exports.

mod av1;
mod container;
#[cfg(target_arch = "wasm32")]
mod module;
mod planes;
mod quality;

use std::fmt;

use av1::Job;
use planes::Samples;

/// A picture of 8-bit samples.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The samples of all pixels, row by row. Alpha is straight.
    pub pixels: Vec<u8>,
    /// The width in pixels, 1 to [`LARGEST_SIDE`].
    pub width: u32,
    /// The height in pixels, as the width.
    pub height: u32,
    /// The samples of a pixel: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
    pub channels: u8,
}

/// The maximum width and height of a picture: `rav1e` has no larger ones.
pub const LARGEST_SIDE: u32 = 65535;

/// Why a picture could not be encoded.
#[derive(Debug)]
pub struct Failed(String);

impl Failed {
    fn of(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

/// Encodes a picture as a file of quality 1 to 100, in 4:2:0, or in 4:4:4 if `full_chroma`.
pub fn encode(picture: Picture, quality: u8, full_chroma: bool) -> Result<Vec<u8>, Failed> {
    let Picture { ref pixels, width, height, channels } = picture;
    let samples = u64::from(width) * u64::from(height) * u64::from(channels);
    if !(1..=4).contains(&channels) || samples == 0 || samples != pixels.len() as u64 {
        return Err(Failed(format!(
            "{} samples are no picture of {width} × {height} pixels of {channels} channels",
            pixels.len()
        )));
    }
    let colors = if channels < 3 { Samples::Gray } else { Samples::Colors { full_chroma } };
    let colors = Job::new(&picture, colors, quality::quantizer(quality))?;
    let alpha = quality::quantizer(quality::of_alpha(quality));
    let alpha = channels.is_multiple_of(2).then(|| Job::new(&picture, Samples::Alpha, alpha));
    let alpha = alpha.transpose()?;
    // From here on the planes are enough.
    drop(picture);
    let colors = colors.encode()?;
    let alpha = alpha.map(Job::encode).transpose()?;
    Ok(container::file(&colors, alpha.as_ref(), width, height))
}

#[cfg(test)]
mod tests;
