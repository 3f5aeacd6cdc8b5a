//! Segments objects on a plain background, even an unevenly lit one.

use crate::{lab::distance, plane::Plane, surface::Surface};

/// The largest distance of a background pixel from the fitted background colour. Paper, light and
/// JPEG vary by about this much.
const TOLERANCE: f32 = 7.0;

/// The fraction of the picture's border that must be background.
const MIN_BORDER: f32 = 0.85;

/// The smallest object as a fraction of the picture. Smaller ones are dust.
const MIN_OBJECT: f32 = 0.0015;

/// The largest distance of a background pixel from the median colour, due to uneven light.
const LIGHT_TOLERANCE: f32 = 30.0;

/// The object mask: 1 on objects, including their holes, and 0 on the background. `None` if the
/// background is not plain.
pub fn object_mask(width: usize, height: usize, lab: &[[f32; 3]]) -> Option<Plane> {
    let (light, seeds) = fit_illumination(width, height, lab)?;
    let mut ground = vec![false; lab.len()];
    flood(width, &mut ground, seeds, |at| distance(lab[at], light[at]) < TOLERANCE);
    let mut object = Plane::new(width, height, |_| 0.0);
    let mut seen = ground.clone();
    for at in 0..lab.len() {
        let part = flood(width, &mut seen, vec![at], |at| !ground[at]);
        if part.len() as f32 > lab.len() as f32 * MIN_OBJECT {
            part.iter().for_each(|&at| object.values[at] = 1.0);
        }
    }
    object.values.contains(&1.0).then_some(object)
}

/// The fitted background colour at each pixel, and the border pixels that have it. `None` if the
/// background is not plain.
fn fit_illumination(
    width: usize,
    height: usize,
    lab: &[[f32; 3]],
) -> Option<(Vec<[f32; 3]>, Vec<usize>)> {
    let place = |at: usize| (at % width, at / width);
    let borders = (0..width * height).filter(|&at| {
        let (x, y) = place(at);
        x == 0 || y == 0 || x + 1 == width || y + 1 == height
    });
    let borders: Vec<usize> = borders.collect();
    let part = |at: usize| {
        let (x, y) = place(at);
        [x as f64 / width as f64, y as f64 / height as f64]
    };
    let middle = median(borders.iter().map(|&at| lab[at]).collect())?;
    let mut light = vec![middle; lab.len()];
    let near = |light: &[[f32; 3]], limit: f32| -> Vec<usize> {
        borders.iter().copied().filter(|&at| distance(lab[at], light[at]) < limit).collect()
    };
    let mut seeds = near(&light, LIGHT_TOLERANCE);
    // Pixels of objects distort the fit, so it is repeated without them.
    for limit in [2.0 * TOLERANCE, TOLERANCE, TOLERANCE] {
        let samples: Vec<_> = seeds.iter().map(|&at| (part(at), lab[at])).collect();
        if let Some(surface) = Surface::fit(&samples) {
            light = (0..lab.len()).map(|at| surface.at(part(at))).collect();
        }
        seeds = near(&light, limit);
        if (seeds.len() as f32) < borders.len() as f32 * MIN_BORDER {
            return None;
        }
    }
    Some((light, seeds))
}

/// The median of each colour component.
fn median(colours: Vec<[f32; 3]>) -> Option<[f32; 3]> {
    let middle = colours.len() / 2;
    colours.first()?;
    Some([0, 1, 2].map(|nth| {
        let mut values: Vec<f32> = colours.iter().map(|lab| lab[nth]).collect();
        *values.select_nth_unstable_by(middle, f32::total_cmp).1
    }))
}

/// Flood fill: marks the pixels that are connected to the seeds, and returns them.
fn flood(
    width: usize,
    marked: &mut [bool],
    seeds: Vec<usize>,
    belongs: impl Fn(usize) -> bool,
) -> Vec<usize> {
    let mut found = Vec::new();
    let mut open = seeds;
    while let Some(at) = open.pop() {
        if marked[at] || !belongs(at) {
            continue;
        }
        marked[at] = true;
        found.push(at);
        let x = at % width;
        let beside = [
            (x > 0).then(|| at - 1),
            (x + 1 < width).then_some(at + 1),
            at.checked_sub(width),
            (at + width < marked.len()).then_some(at + width),
        ];
        open.extend(beside.into_iter().flatten());
    }
    found
}
