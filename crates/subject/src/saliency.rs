//! How much each pixel stands out.

use crate::{border, faces::Face, ground, lab::distance, plane::Plane};

/// How much each pixel belongs to the subject.
pub struct Weight {
    /// From 0; faces pass 1.
    pub plane: Plane,
    /// Whether the subject is an object on a plain ground, so that all of it is known.
    pub sure: bool,
}

/// All faces together weigh so much more than the rest of the picture.
const FACES: f32 = 1.5;

/// The weight of each pixel: most of a background is 0.
pub fn weigh(width: usize, height: usize, lab: &[[f32; 3]], faces: &[Face]) -> Weight {
    let object = ground::object(width, height, lab);
    let sure = object.is_some();
    let mut plane = salient(width, height, lab);
    if let Some(object) = object {
        // What stands out on it counts more where not all of it fits.
        plane = Plane::new(width, height, |at| object.values[at] * (0.3 + plane.values[at]));
    }
    if !faces.is_empty() {
        add(&mut plane, faces);
    }
    Weight { plane, sure }
}

/// What has other colours than the borders, and structure: sky and walls may have rare colours,
/// too. 0 to 1.
fn salient(width: usize, height: usize, lab: &[[f32; 3]]) -> Plane {
    let reach = width.max(height);
    let unlike = border::unlike(width, height, lab).normalised(0.99);
    let detail = detail(width, height, lab).normalised(0.98);
    let structure = detail.averaged(reach / 24).normalised(0.95);
    let mixed = Plane::new(width, height, |at| {
        let structured = 0.4 + 0.6 * structure.values[at];
        let contrast = unlike.values[at] * structured + 0.6 * detail.values[at];
        contrast * middle(width, height, at)
    });
    let mut weight = mixed.averaged(reach / 100).normalised(0.99);
    // What is only a little more than nothing adds up over a large background.
    let mean = weight.values.iter().sum::<f32>() / weight.values.len().max(1) as f32;
    weight.values.iter_mut().for_each(|value| *value = (*value - mean / 2.0).max(0.0));
    weight
}

/// Differences of neighbouring pixels.
fn detail(width: usize, height: usize, lab: &[[f32; 3]]) -> Plane {
    Plane::new(width, height, |at| {
        let right = if at % width + 1 < width { at + 1 } else { at };
        let below = if at / width + 1 < height { at + width } else { at };
        // Beyond this an edge is an edge.
        (distance(lab[at], lab[right]) + distance(lab[at], lab[below])).min(40.0)
    })
}

/// People put the subject into the middle rather than at an edge: 1 falling to 0.45.
fn middle(width: usize, height: usize, at: usize) -> f32 {
    let from_center = |at: usize, len: usize| (at as f32 + 0.5) / len as f32 * 2.0 - 1.0;
    let (x, y) = (from_center(at % width, width), from_center(at / width, height));
    1.0 - 0.55 * ((x * x + y * y) / 2.0)
}

/// A face is what a picture with one is about: the nearer ones count most, and hair and shoulders
/// with them.
fn add(weight: &mut Plane, faces: &[Face]) {
    let (width, height) = (weight.width, weight.height);
    let near = Plane::new(width, height, |at| {
        let part = |face: &Face| {
            let x = ((at % width) as f32 - face.center[0]) / face.half[0].max(1.0);
            let y = ((at / width) as f32 - face.center[1]) / face.half[1].max(1.0);
            (1.0 - (x * x + y * y).sqrt() / 2.0).max(0.0)
        };
        faces.iter().map(part).sum()
    });
    let sum = |plane: &Plane| plane.values.iter().sum::<f32>();
    let scale = FACES * sum(weight).max(1.0) / sum(&near).max(1.0);
    for (value, near) in weight.values.iter_mut().zip(&near.values) {
        *value += near * scale;
    }
}
