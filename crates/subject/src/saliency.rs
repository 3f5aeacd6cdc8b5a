//! How much each pixel stands out.

use crate::{faces::Face, lab::distance, plane::Plane};

/// The weight of each pixel, 0 to 1: most of a background is 0.
pub fn weigh(width: usize, height: usize, lab: &[[f32; 3]], faces: &[Face]) -> Plane {
    let border = against_border(width, height, lab).normalised(0.99);
    let around = against_surroundings(width, height, lab).normalised(0.99);
    let detail = detail(width, height, lab);
    let skin = Plane::new(width, height, |at| skin(lab[at])).averaged(1);
    let reach = width.max(height);
    // Sky and walls have rare colours, too; what people look at has structure.
    let structure = detail.averaged(reach / 24).normalised(0.95);
    let detail = detail.normalised(0.98);
    let mixed = Plane::new(width, height, |at| {
        let contrast = 0.5 * border.values[at] + 0.35 * around.values[at];
        let structured = 0.3 + 0.7 * structure.values[at];
        let skin = 0.4 * skin.values[at] * structured;
        (contrast * structured + 0.15 * detail.values[at] + skin) * middle(width, height, at)
    });
    let mut weight = mixed.averaged(reach / 100).normalised(0.99);
    // What is only a little more than nothing adds up over a large background.
    let mean = weight.values.iter().sum::<f32>() / weight.values.len().max(1) as f32;
    for value in &mut weight.values {
        *value = (*value - mean).max(0.0) / (1.0 - mean).max(0.01);
    }
    for face in faces {
        add(&mut weight, face);
    }
    weight
}

/// Colours that the borders do not have: those are mostly background.
fn against_border(width: usize, height: usize, lab: &[[f32; 3]]) -> Plane {
    let frame = (width.min(height) / 16).max(1);
    let inside = |at: usize, len: usize| at >= frame && at + frame < len;
    let mut borders = Colours::default();
    for (at, &colour) in lab.iter().enumerate() {
        if !(inside(at % width, width) && inside(at / width, height)) {
            borders.add(colour);
        }
    }
    let common = borders.common();
    Plane::new(width, height, |at| {
        // A colour far from all others is no farther for being far from more of them.
        let far = |&(colour, part): &([f32; 3], f32)| part * distance(colour, lab[at]).min(50.0);
        let nearest = common.iter().map(|&(colour, _)| distance(colour, lab[at]));
        let nearest = nearest.fold(50.0, f32::min);
        common.iter().map(far).sum::<f32>() + nearest
    })
}

/// Contrast to a wide neighbourhood, at two scales.
fn against_surroundings(width: usize, height: usize, lab: &[[f32; 3]]) -> Plane {
    let channel = |nth: usize| Plane::new(width, height, |at| lab[at][nth]);
    let channels = [channel(0), channel(1), channel(2)];
    let reach = width.max(height);
    let scales = [(reach / 60, reach / 8), (reach / 30, reach / 4)];
    let averaged = |radius: usize| channels.each_ref().map(|plane| plane.averaged(radius));
    let pairs = scales.map(|(near, far)| (averaged(near), averaged(far)));
    Plane::new(width, height, |at| {
        let of = |planes: &[Plane; 3]| planes.each_ref().map(|plane| plane.values[at]);
        pairs.iter().map(|(near, far)| distance(of(near), of(far))).sum()
    })
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

/// 1 for the colours of skin, whatever its shade, falling to 0 around them.
fn skin([l, a, b]: [f32; 3]) -> f32 {
    let hue = libm::atan2f(b, a).to_degrees();
    let chroma = (a * a + b * b).sqrt();
    let near =
        |value: f32, center: f32, width: f32| (1.0 - ((value - center) / width).abs()).max(0.0);
    if (20.0..=92.0).contains(&l) { near(hue, 50.0, 25.0) * near(chroma, 25.0, 18.0) } else { 0.0 }
}

/// People put the subject into the middle rather than at an edge: 1 falling to 0.45.
fn middle(width: usize, height: usize, at: usize) -> f32 {
    let from_center = |at: usize, len: usize| (at as f32 + 0.5) / len as f32 * 2.0 - 1.0;
    let (x, y) = (from_center(at % width, width), from_center(at / width, height));
    1.0 - 0.55 * ((x * x + y * y) / 2.0)
}

/// A face is what a picture with one is about: it weighs more than the rest of the picture, and
/// hair and shoulders weigh with it.
fn add(weight: &mut Plane, face: &Face) {
    let width = weight.width;
    for (at, value) in weight.values.iter_mut().enumerate() {
        let x = ((at % width) as f32 - face.center[0]) / face.half[0].max(1.0);
        let y = ((at / width) as f32 - face.center[1]) / face.half[1].max(1.0);
        let far = (x * x + y * y).sqrt();
        *value += 3.0 * (1.0 - far / 2.0).max(0.0);
    }
}

/// Colours counted in cells of a coarse grid.
#[derive(Default)]
struct Colours(std::collections::BTreeMap<[i8; 3], ([f32; 3], u32)>);

impl Colours {
    fn add(&mut self, colour: [f32; 3]) {
        let cell = self.0.entry(colour.map(|value| (value / 12.0) as i8)).or_default();
        for (sum, value) in cell.0.iter_mut().zip(colour) {
            *sum += value;
        }
        cell.1 += 1;
    }

    /// The most common colours, and their part of those.
    fn common(&self) -> Vec<([f32; 3], f32)> {
        let mut cells: Vec<_> = self.0.values().collect();
        cells.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        cells.truncate(12);
        let all: u32 = cells.iter().map(|(_, count)| count).sum();
        let part = |count: u32| count as f32 / all as f32;
        let mean = |sum: [f32; 3], count: u32| sum.map(|sum| sum / count as f32);
        cells.iter().map(|&&(sum, count)| (mean(sum, count), part(count))).collect()
    }
}
