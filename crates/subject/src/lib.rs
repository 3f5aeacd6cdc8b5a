//! Where the subject of a picture is: smart crops of any shape, and a swatch of its colour.
//!
//! A small copy of the picture is enough (see [`SIZE`]). On a plain ground, however it is lit, the
//! subject is what is not ground. Elsewhere a pixel belongs to it as far as its colour is unlike
//! those of the picture's borders, which are mostly background (Wei et al., "Geodesic Saliency
//! Using Background Priors", ECCV 2012; measured as in Zhang et al., "Minimum Barrier Salient
//! Object Detection at 80 FPS", ICCV 2015), and as far as it has structure. Faces (Wu et al.,
//! "Funnel-Structured Cascade for Multi-View Face Detection with Alignment-Awareness", 2016) count
//! more than all the rest.
//!
//! A crop is the box of a shape that holds most of that, and of the picture's middle, where
//! photographers put what matters (Tatler, "The Central Fixation Bias in Resolved Viewing", 2007).
//! `tests/judgement.rs` compares crops with what people marked and with what others crop;
//! `examples/contact-sheet.rs` shows them.

mod border;
mod boxes;
mod faces;
mod ground;
mod lab;
mod plane;
mod saliency;
mod surface;
mod swatch;

use saliency::Weight;
pub use swatch::Swatch;

/// A copy whose longer side has this many pixels shows enough.
pub const SIZE: u32 = 480;

/// A picture at half its size, and how much each of its pixels belongs to the subject.
pub struct Subject {
    /// CIE L*a*b* of each pixel.
    lab: Vec<[f32; 3]>,
    weight: Weight,
}

impl Subject {
    /// Looks at a picture of `width` pixels across: its rows, red, green, blue. Pixels that are
    /// missing from the last row are left out.
    pub fn new(width: u32, rgb: &[u8]) -> Self {
        let width = width.max(1) as usize;
        let height = rgb.len() / 3 / width;
        let lab: Vec<[f32; 3]> =
            rgb.as_chunks().0.iter().take(width * height).map(|&rgb| lab::of(rgb)).collect();
        let faces = faces::find(width, height, &lab);
        // Faces need all pixels; half as many each way are enough for the rest.
        let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
        let lab = halved(width, height, &lab);
        let weight = saliency::weigh(half_width, half_height, &lab, &faces);
        Self { lab, weight }
    }

    /// The box of `width` by `height` (any unit: only the ratio counts) that shows the subject
    /// best: x, y, width, height, from 0 to 1 of the picture.
    pub fn crop(&self, width: u32, height: u32) -> [f64; 4] {
        boxes::best(&self.weight, f64::from(width.max(1)) / f64::from(height.max(1)))
    }

    /// The colour of the subject, and a patch of that shape which shows it.
    pub fn swatch(&self, width: u32, height: u32) -> Swatch {
        let ratio = f64::from(width.max(1)) / f64::from(height.max(1));
        swatch::find(&self.lab, &self.weight.plane, ratio)
    }

    /// How much each pixel belongs to the subject, row by row, from 0; faces pass 1.
    pub fn weights(&self) -> &[f32] {
        &self.weight.plane.values
    }
}

/// The average of each two by two pixels.
fn halved(width: usize, height: usize, lab: &[[f32; 3]]) -> Vec<[f32; 3]> {
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
