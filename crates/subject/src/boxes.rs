//! The box of a shape that shows the subject best.

use crate::plane::{Plane, Sums};

/// A box is not made smaller than this part of the largest one.
const SMALLEST: f64 = 0.6;

/// How good a smaller box must be, as part of how good the largest one is.
const ENOUGH: f64 = 0.97;

/// How much of what the largest box shows a smaller one must show: a subject stays whole.
const WHOLE: f64 = 0.99;

/// x, y, width, height, from 0 to 1 of the picture, of a box whose sides have this ratio in
/// pixels.
pub fn best(weight: &Plane, ratio: f64) -> [f64; 4] {
    let (width, height) = (weight.width as f64, weight.height as f64);
    if weight.values.is_empty() {
        return [0.0, 0.0, 1.0, 1.0];
    }
    let sums = Sums::new(weight);
    let largest =
        if ratio > width / height { (width, width / ratio) } else { (height * ratio, height) };
    let Some(best) = place(weight, &sums, largest) else { return [0.0, 0.0, 1.0, 1.0] };
    let mut rect = best.rect;
    // Nearer, as long as next to nothing is lost.
    let mut scale = 0.95;
    while scale >= SMALLEST {
        match place(weight, &sums, (largest.0 * scale, largest.1 * scale)) {
            Some(near)
                if near.score >= best.score * ENOUGH
                    && near.shown >= best.shown * WHOLE
                    && best.score > 0.0 =>
            {
                rect = near.rect;
            }
            Some(_) | None => break,
        }
        scale -= 0.05;
    }
    [rect[0] / width, rect[1] / height, rect[2] / width, rect[3] / height]
}

/// A place of a box.
struct Place {
    /// x, y, width, height in pixels.
    rect: [f64; 4],
    /// The weight in it.
    shown: f64,
    /// That weight, less what speaks against the place.
    score: f64,
}

/// The best place of a box of this size in pixels.
fn place(weight: &Plane, sums: &Sums, (across, down): (f64, f64)) -> Option<Place> {
    let (wide, high) = ((across.round() as usize).max(1), (down.round() as usize).max(1));
    let (wide, high) = (wide.min(weight.width), high.min(weight.height));
    let mut best: Option<Place> = None;
    for top in 0..=weight.height - high {
        for left in 0..=weight.width - wide {
            let shown = sums.of(left, top, left + wide, top + high);
            let score = shown
                - cut(weight, sums, [left, top, wide, high])
                - aside(sums, [left, top, wide, high]);
            if best.as_ref().is_none_or(|best| score > best.score) {
                let x = (left as f64).min(weight.width as f64 - across).max(0.0);
                let y = (top as f64).min(weight.height as f64 - down).max(0.0);
                best = Some(Place { rect: [x, y, across, down], shown, score });
            }
        }
    }
    best
}

/// What lies on the edges of the box is cut through, unless the picture ends there.
fn cut(weight: &Plane, sums: &Sums, [left, top, wide, high]: [usize; 4]) -> f64 {
    let (right, bottom) = (left + wide, top + high);
    let across = (wide / 20).max(1);
    let down = (high / 20).max(1);
    let mut sum = 0.0;
    if left > 0 {
        sum += sums.of(left, top, left + across, bottom);
    }
    if right < weight.width {
        sum += sums.of(right - across, top, right, bottom);
    }
    if top > 0 {
        // Heads are up there.
        sum += 2.0 * sums.of(left, top, right, top + down);
    }
    if bottom < weight.height {
        sum += sums.of(left, bottom - down, right, bottom);
    }
    sum * 0.5
}

/// A subject belongs into the middle: what its halves differ in, left to right and top to
/// bottom, counts against the box.
fn aside(sums: &Sums, [left, top, wide, high]: [usize; 4]) -> f64 {
    let (right, bottom) = (left + wide, top + high);
    let (x, y) = (left + wide / 2, top + high / 2);
    let across = sums.of(left, top, x, bottom) - sums.of(x, top, right, bottom);
    let down = sums.of(left, top, right, y) - sums.of(left, y, right, bottom);
    (across.abs() + down.abs()) * 0.2
}
