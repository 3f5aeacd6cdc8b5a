//! Computes the saliency map.

use crate::{background, border_contrast, faces::Face, lab::distance, plane::Plane};

/// How much each pixel belongs to the subject.
pub struct SaliencyMap {
    /// The saliency of each pixel. It is at least 0, and may exceed 1 in faces.
    pub plane: Plane,
    /// Whether the subject is an object on a plain background, so that its whole extent is known.
    pub is_complete: bool,
}

/// The weight of all faces together relative to the rest of the picture.
const FACE_WEIGHT: f32 = 1.5;

/// The saliency map of a picture of `width` × `height` pixels. Most of a background is 0.
pub fn compute(width: usize, height: usize, lab: &[[f32; 3]], faces: &[Face]) -> SaliencyMap {
    let object = background::object_mask(width, height, lab);
    let is_complete = object.is_some();
    let mut plane = salient(width, height, lab);
    if let Some(object) = object {
        // Salient parts of the object have more weight, for crops that do not show all of it.
        plane = Plane::new(width, height, |at| object.values[at] * (0.3 + plane.values[at]));
    }
    if !faces.is_empty() {
        add_faces(&mut plane, faces);
    }
    SaliencyMap { plane, is_complete }
}

/// The saliency without object and faces, 0 to 1. A pixel needs both contrast to the borders and
/// structure, since sky and walls may have rare colours, too.
fn salient(width: usize, height: usize, lab: &[[f32; 3]]) -> Plane {
    let reach = width.max(height);
    let border_contrast = border_contrast::compute(width, height, lab).normalised(0.99);
    let detail = detail(width, height, lab).normalised(0.98);
    let structure = detail.blurred(reach / 24).normalised(0.95);
    let mixed = Plane::new(width, height, |at| {
        let structured = 0.4 + 0.6 * structure.values[at];
        let contrast = border_contrast.values[at] * structured + 0.6 * detail.values[at];
        contrast * centre_bias(width, height, at)
    });
    let mut weight = mixed.blurred(reach / 100).normalised(0.99);
    // Subtracts half the mean, since small values add up over a large background.
    let mean = weight.values.iter().sum::<f32>() / weight.values.len().max(1) as f32;
    weight.values.iter_mut().for_each(|value| *value = (*value - mean / 2.0).max(0.0));
    weight
}

/// The differences of neighbouring pixels.
fn detail(width: usize, height: usize, lab: &[[f32; 3]]) -> Plane {
    Plane::new(width, height, |at| {
        let right = if at % width + 1 < width { at + 1 } else { at };
        let below = if at / width + 1 < height { at + width } else { at };
        // Clips strong edges.
        (distance(lab[at], lab[right]) + distance(lab[at], lab[below])).min(40.0)
    })
}

/// The weight of a position, falling from 1 in the middle to 0.45 in the corners.
fn centre_bias(width: usize, height: usize, at: usize) -> f32 {
    let from_center = |at: usize, len: usize| (at as f32 + 0.5) / len as f32 * 2.0 - 1.0;
    let (x, y) = (from_center(at % width, width), from_center(at / width, height));
    1.0 - 0.55 * ((x * x + y * y) / 2.0)
}

/// Adds the weight of faces, with hair and shoulders. Larger faces have more weight.
fn add_faces(weight: &mut Plane, faces: &[Face]) {
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
    let scale = FACE_WEIGHT * sum(weight).max(1.0) / sum(&near).max(1.0);
    for (value, near) in weight.values.iter_mut().zip(&near.values) {
        *value += near * scale;
    }
}
