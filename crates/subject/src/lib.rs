//! Detects the subject of a picture, for smart crops of any shape and for a swatch of its colour.
//!
//! The input is a small copy of the picture (see [`SIZE`]). The result is a saliency map:
//! - On a plain background, even an unevenly lit one, the subject is everything else.
//! - Otherwise a pixel is salient if its colour differs from the picture's borders, which are
//!   mostly background (Wei et al., "Geodesic Saliency Using Background Priors", ECCV 2012; measured
//!   as in Zhang et al., "Minimum Barrier Salient Object Detection at 80 FPS", ICCV 2015), and if it
//!   has structure.
//! - Faces have more weight than everything else (Wu et al., "Funnel-Structured Cascade for
//!   Multi-View Face Detection with Alignment-Awareness", 2016).
//!
//! A crop is the rectangle of a given shape with the most saliency. The middle of the picture has
//! extra weight, since photographers put the subject there (Tatler, "The Central Fixation Bias in
//! Scene Viewing", 2007). `tests/annotations.rs` compares crops with human annotations and with
//! other programs' crops; `examples/contact-sheet.rs` shows them.

mod background;
mod border_contrast;
mod crop;
mod faces;
mod lab;
mod plane;
mod saliency;
mod surface;
mod swatch;

use saliency::SaliencyMap;
pub use swatch::Swatch;

/// The longer side in pixels of the copy to analyse. More pixels do not improve the result.
pub const SIZE: u32 = 480;

/// A rectangle in fractions of the picture's width and height, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A picture at half size, with its saliency map.
pub struct Subject {
    /// CIE L*a*b* of each pixel.
    lab: Vec<[f32; 3]>,
    saliency: SaliencyMap,
}

impl Subject {
    /// Analyses a picture `width` pixels wide. `rgb` holds height × width × 3 bytes; an incomplete
    /// last row is ignored.
    pub fn new(width: u32, rgb: &[u8]) -> Self {
        let width = width.max(1) as usize;
        let height = rgb.len() / 3 / width;
        let lab: Vec<[f32; 3]> =
            rgb.as_chunks().0.iter().take(width * height).map(|&rgb| lab::from_rgb(rgb)).collect();
        let faces = faces::find(width, height, &lab);
        // The face detector needs full size; half size is enough for the rest.
        let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
        let lab = half_size(width, height, &lab);
        let saliency = saliency::compute(half_width, half_height, &lab, &faces);
        Self { lab, saliency }
    }

    /// The region with the ratio `width` : `height` that shows the subject best.
    pub fn crop(&self, width: u32, height: u32) -> Region {
        crop::best(&self.saliency, f64::from(width.max(1)) / f64::from(height.max(1)))
    }

    /// The colour of the subject, and a patch with the ratio `width` : `height` that shows it.
    pub fn swatch(&self, width: u32, height: u32) -> Swatch {
        let ratio = f64::from(width.max(1)) / f64::from(height.max(1));
        swatch::find(&self.lab, &self.saliency.plane, ratio)
    }

    /// The saliency of each pixel of the half-size picture, row by row. It is at least 0, and may
    /// exceed 1 in faces.
    pub fn saliency(&self) -> &[f32] {
        &self.saliency.plane.values
    }
}

/// Reduces a picture to half size by averaging 2 × 2 pixels.
fn half_size(width: usize, height: usize, lab: &[[f32; 3]]) -> Vec<[f32; 3]> {
    let pixel = |x: usize, y: usize| lab[y.min(height - 1) * width + x.min(width - 1)];
    let row = |y: usize| {
        (0..width).step_by(2).map(move |x| {
            let four = [pixel(x, y), pixel(x + 1, y), pixel(x, y + 1), pixel(x + 1, y + 1)];
            [0, 1, 2].map(|nth| four.iter().map(|lab| lab[nth]).sum::<f32>() / 4.0)
        })
    };
    (0..height).step_by(2).flat_map(row).collect()
}

#[cfg(test)]
mod tests;
