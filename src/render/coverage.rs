//! Draws the coverage of clip paths (r-clippath; decision D31).
//!
//! A pixel row is divided into [`LINES`] lines. The part of each pixel that lies inside a path is
//! exact along a line, and averaged over the lines. It depends only on absolute positions, so parts
//! of a view are equal to the whole.

use crate::{
    error::Result,
    geometry::{Rect, ViewSpace},
    pixel::{PixelFormat, Raster, round},
    plan::Shape,
    time_slice::TimeSlice,
};

/// Lines of a pixel row.
const LINES: u32 = 8;

/// The coverage of a shape in an area of the view: a grey raster, 255 inside.
pub async fn draw(
    shape: &Shape,
    area: Rect<ViewSpace>,
    slice: &mut TimeSlice<'_>,
) -> Result<Raster> {
    let mut raster = Raster::new(area.width, area.height, PixelFormat::GRAY);
    raster.data.fill(255);
    let mut inside = vec![0.0; area.width as usize];
    let (mut near, mut crossings) = (Vec::new(), Vec::new());
    for outline in &shape.outlines {
        for y in 0..area.height {
            inside.fill(0.0);
            let top = (area.y + i64::from(y)) as f64;
            // The edges that the lines of this row can cross.
            near.clear();
            near.extend(
                outline
                    .edges
                    .iter()
                    .filter(|&&[_, from, _, to]| from.min(to) < top + 1.0 && from.max(to) > top),
            );
            for line in 0..LINES {
                let part = (f64::from(line) + 0.5) / f64::from(LINES);
                cross(&near, top + part, &mut crossings);
                add_spans(&crossings, outline.even_odd, area.x as f64, &mut inside);
            }
            for (out, inside) in raster.row_mut(y).iter_mut().zip(&inside) {
                let covered = inside / LINES as f32;
                let covered = if outline.exclude { 1.0 - covered } else { covered };
                *out = round(f32::from(*out) * covered);
            }
            let edges = outline.edges.len() as u64 + near.len() as u64 * u64::from(LINES);
            slice.spend(u64::from(area.width) + edges / 4).await;
        }
    }
    Ok(raster)
}

/// Finds where a horizontal line crosses the edges: the x positions in order, each with the
/// direction of the edge.
fn cross(edges: &[&[f64; 4]], y: f64, crossings: &mut Vec<(f64, i32)>) {
    crossings.clear();
    for &&[x, from, to_x, to] in edges {
        if (from <= y) != (to <= y) {
            let at = x + (y - from) * (to_x - x) / (to - from);
            crossings.push((at, if from < to { 1 } else { -1 }));
        }
    }
    crate::sort::sort_by(crossings, |a, b| a.0.total_cmp(&b.0));
}

/// Adds the part of each pixel that lies inside: between crossings with a winding number other than
/// 0, or with an odd one (the non-zero and even-odd rules of SVG's `fill-rule`).
fn add_spans(crossings: &[(f64, i32)], even_odd: bool, left: f64, inside: &mut [f32]) {
    let is_inside = |winding: i32| if even_odd { winding % 2 != 0 } else { winding != 0 };
    let (mut winding, mut start) = (0, 0.0);
    for &(x, direction) in crossings {
        let before = is_inside(winding);
        winding += direction;
        match (before, is_inside(winding)) {
            (false, true) => start = x,
            (true, false) => add_span(start - left, x - left, inside),
            _ => {}
        }
    }
}

fn add_span(from: f64, to: f64, inside: &mut [f32]) {
    let len = inside.len() as f64;
    let (from, to) = (from.max(0.0).min(len), to.max(0.0).min(len));
    let (first, last) = (from as usize, to as usize);
    let mut add = |at: usize, part: f64| {
        if let Some(inside) = inside.get_mut(at) {
            *inside += part as f32;
        }
    };
    if first == last {
        return add(first, to - from);
    }
    add(first, (first + 1) as f64 - from);
    add(last, to - last as f64);
    for inside in inside.iter_mut().take(last).skip(first + 1) {
        *inside += 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{plan::Outline, time_slice::at_once};

    fn edges(points: &[[f64; 2]]) -> Vec<[f64; 4]> {
        let next = points.iter().cycle().skip(1);
        points.iter().zip(next).map(|(a, b)| [a[0], a[1], b[0], b[1]]).collect()
    }

    fn drawn(outlines: Vec<Outline>, area: Rect<ViewSpace>) -> Vec<u8> {
        let shape = Shape { outlines };
        at_once(async |slice| draw(&shape, area, slice).await).unwrap().data
    }

    fn square(exclude: bool) -> Outline {
        let edges = edges(&[[1.5, 1.25], [4.0, 1.25], [4.0, 3.0], [1.5, 3.0]]);
        Outline { edges, exclude, even_odd: false }
    }

    #[test]
    fn a_pixel_is_covered_as_far_as_it_lies_inside() {
        let area = Rect::new(0, 0, 5, 4);
        let inside = drawn(vec![square(false)], area);
        assert_eq!(inside[..10], [0, 0, 0, 0, 0, 0, 96, 191, 191, 0]);
        assert_eq!(inside[10..], [0, 128, 255, 255, 0, 0, 0, 0, 0, 0]);
        let outside = drawn(vec![square(true)], area);
        assert!(
            inside
                .iter()
                .zip(outside)
                .all(|(a, b)| (254..=256).contains(&(u32::from(*a) + u32::from(b))))
        );
        assert!(drawn(vec![square(false), square(true)], area)[12] == 0, "both apply");
    }

    #[test]
    fn parts_are_covered_as_the_whole_is() {
        let star = edges(&[[20.0, 1.3], [33.1, 38.0], [1.7, 14.2], [38.4, 15.0], [6.0, 37.7]]);
        let outline = |even_odd| vec![Outline { edges: star.clone(), exclude: false, even_odd }];
        let whole = drawn(outline(false), Rect::new(0, 0, 40, 40));
        let part = drawn(outline(false), Rect::new(7, 11, 13, 17));
        for (y, row) in part.chunks_exact(13).enumerate() {
            assert_eq!(row, &whole[(y + 11) * 40 + 7..][..13], "{y}");
        }
        assert_eq!(whole[20 * 40 + 20], 255, "the middle of a star is inside by the non-zero rule");
        let even_odd = drawn(outline(true), Rect::new(0, 0, 40, 40));
        assert_eq!(even_odd[20 * 40 + 20], 0, "and outside by the even-odd rule");
        assert_eq!(even_odd[8 * 40 + 20], whole[8 * 40 + 20], "a point of the star is inside");
    }
}
