//! Finds the dominant colour of the subject, and a patch that shows it.

use std::collections::BTreeMap;

use crate::{
    Region,
    lab::{self, distance},
    plane::{Plane, Sums},
};

/// A colour and a patch that shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Swatch {
    /// Red, green, blue.
    pub color: [u8; 3],
    /// The patch.
    pub region: Region,
}

/// The longer side of the patch as a fraction of the picture's shorter one.
const PATCH: f64 = 0.1;

/// The dominant colour, and the patch with this ratio that is most similar to it.
pub fn find(lab: &[[f32; 3]], weight: &Plane, ratio: f64) -> Swatch {
    let colour = dominant(lab, weight);
    let (width, height) = (weight.width as f64, weight.height as f64);
    let side = (width.min(height) * PATCH).max(2.0);
    let (across, down) = if ratio > 1.0 { (side, side / ratio) } else { (side * ratio, side) };
    let wide = (across.round() as usize).clamp(1, weight.width.max(1));
    let high = (down.round() as usize).clamp(1, weight.height.max(1));
    // A patch is good if its pixels have the colour and belong to the subject.
    let similarity = Plane::new(weight.width, weight.height, |at| {
        (1.0 - distance(lab[at], colour) / 25.0).max(-1.0) * (0.2 + weight.values[at].min(1.0))
    });
    let sums = Sums::new(&similarity);
    let places = (0..=weight.height.saturating_sub(high))
        .flat_map(|top| (0..=weight.width.saturating_sub(wide)).map(move |left| (left, top)));
    let score = |&(left, top): &(usize, usize)| sums.of(left, top, left + wide, top + high);
    let (left, top) = if weight.values.is_empty() {
        (0, 0)
    } else {
        places.max_by(|a, b| score(a).total_cmp(&score(b))).unwrap_or_default()
    };
    let region = Region {
        x: left as f64 / width,
        y: top as f64 / height,
        width: across / width,
        height: down / height,
    };
    Swatch { color: lab::to_rgb(colour), region }
}

/// The mean colour of the heaviest cell of a colour histogram and of its neighbours.
fn dominant(lab: &[[f32; 3]], weight: &Plane) -> [f32; 3] {
    let cell = |colour: [f32; 3]| colour.map(|value| (value / 10.0) as i32);
    // The subject counts by its area, since the inside of a plain product has little saliency.
    // Colours count more than greys, since shadows and highlights are on everything.
    let counts = |colour: [f32; 3], weight: f32| {
        let chroma = (colour[1] * colour[1] + colour[2] * colour[2]).sqrt();
        (0.001 + (weight * 2.0).min(1.0)) * (0.4 + chroma / 40.0).min(1.2)
    };
    let pixels =
        || lab.iter().zip(&weight.values).map(|(&lab, &weight)| (lab, counts(lab, weight)));
    let mut cells: BTreeMap<[i32; 3], f32> = BTreeMap::new();
    for (colour, count) in pixels() {
        *cells.entry(cell(colour)).or_default() += count;
    }
    let heaviest = cells.iter().max_by(|a, b| a.1.total_cmp(b.1)).map(|(&cell, _)| cell);
    let Some(heaviest) = heaviest else { return [100.0, 0.0, 0.0] };
    let beside = |colour: [f32; 3]| {
        cell(colour).iter().zip(heaviest).all(|(one, other)| one.abs_diff(other) <= 1)
    };
    let mut sum = [0.0_f32; 3];
    let mut all = 0.0;
    for (colour, count) in pixels().filter(|&(colour, _)| beside(colour)) {
        for (sum, value) in sum.iter_mut().zip(colour) {
            *sum += value * count;
        }
        all += count;
    }
    sum.map(|sum| sum / all)
}
