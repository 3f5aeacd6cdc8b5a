//! Pictures on a plain ground: what the ground is, and so what the object is.

use crate::{lab::distance, plane::Plane};

/// Colours this near are the same ground; paper, light and JPEG vary by about that.
const SAME: f32 = 7.0;

/// How much of the border must be ground.
const MOST: f32 = 0.75;

/// An object is more than this part of the picture; what is less is dust.
const DUST: f32 = 0.0015;

/// 1 where the object is, its holes too, and 0 on the ground; nothing where the ground is not
/// plain.
pub fn object(width: usize, height: usize, lab: &[[f32; 3]]) -> Option<Plane> {
    let borders: Vec<usize> = (0..width * height)
        .filter(|at| {
            let (x, y) = (at % width, at / width);
            x == 0 || y == 0 || x + 1 == width || y + 1 == height
        })
        .collect();
    let colour = median(borders.iter().map(|&at| lab[at]).collect())?;
    let alike = |at: usize| distance(lab[at], colour) < SAME;
    let seeds: Vec<usize> = borders.iter().copied().filter(|&at| alike(at)).collect();
    if (seeds.len() as f32) < borders.len() as f32 * MOST {
        return None;
    }
    let mut ground = vec![false; lab.len()];
    flood(width, &mut ground, seeds, alike);
    let mut object = Plane::new(width, height, |_| 0.0);
    let mut seen = ground.clone();
    for at in 0..lab.len() {
        if seen[at] {
            continue;
        }
        let part = flood(width, &mut seen, vec![at], |at| !ground[at]);
        if part.len() as f32 > lab.len() as f32 * DUST {
            part.iter().for_each(|&at| object.values[at] = 1.0);
        }
    }
    object.values.contains(&1.0).then_some(object)
}

/// The middle value of each part of the colours.
fn median(colours: Vec<[f32; 3]>) -> Option<[f32; 3]> {
    let middle = colours.len() / 2;
    colours.first()?;
    Some([0, 1, 2].map(|nth| {
        let mut values: Vec<f32> = colours.iter().map(|lab| lab[nth]).collect();
        *values.select_nth_unstable_by(middle, f32::total_cmp).1
    }))
}

/// Marks what is connected to the seeds, and returns it.
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
