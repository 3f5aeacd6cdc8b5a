//! Draws the coverage of clip paths (r-clippath; decision D31).
//!
//! A pixel row is divided into [`LINES`] lines. The part of each pixel that lies inside a path is
//! exact along a line, and averaged over the lines. It depends only on absolute positions, so parts
//! of a view are equal to the whole.

use crate::{
    error::Result,
    geometry::{Rect, ViewSpace},
    pixel::{PixelFormat, Raster, round},
    plan::{LINES, Outline, Shape},
    time_slice::TimeSlice,
};

/// The coverage of a shape in an area of the view: a grey raster, 255 inside.
pub async fn draw(
    shape: &Shape,
    area: Rect<ViewSpace>,
    slice: &mut TimeSlice<'_>,
) -> Result<Raster> {
    let mut raster = Raster::new(area.width, area.height, PixelFormat::GRAY);
    raster.data.fill(255);
    for outline in shape.outlines(area) {
        draw_outline(&outline, area, &mut raster, slice).await;
    }
    Ok(raster)
}

/// Multiplies the coverage of one path with that of the raster.
async fn draw_outline(
    outline: &Outline,
    area: Rect<ViewSpace>,
    raster: &mut Raster,
    slice: &mut TimeSlice<'_>,
) {
    slice.spend(outline.edges.len() as u64).await;
    let mut inside = vec![0.0; area.width as usize];
    let mut lines = Lines { edges: &outline.edges, crossed: Vec::new() };
    for y in 0..area.height {
        inside.fill(0.0);
        let mut work = u64::from(area.width);
        for line in 0..LINES {
            let part = (f64::from(line) + 0.5) / f64::from(LINES);
            lines.advance((area.y + i64::from(y)) as f64 + part);
            add_spans(&lines.crossed, outline.even_odd, area, &mut inside);
            work += lines.crossed.len() as u64;
        }
        for (out, inside) in raster.row_mut(y).iter_mut().zip(&inside) {
            let covered = inside / LINES as f32;
            let covered = if outline.exclude { 1.0 - covered } else { covered };
            *out = round(f32::from(*out) * covered);
        }
        slice.spend(work).await;
    }
}

/// Horizontal lines over the edges of polygons, from top to bottom.
struct Lines<'a> {
    /// The edges that begin below the line, the topmost first.
    edges: &'a [[f64; 4]],
    /// The edges that the line crosses, from left to right.
    crossed: Vec<Crossing>,
}

/// An edge that a line crosses.
struct Crossing {
    edge: [f64; 4],
    x: f64,
    /// 1 where the edge goes down, −1 where it goes up.
    direction: i32,
}

impl Lines<'_> {
    /// Moves the line down to `y`.
    fn advance(&mut self, y: f64) {
        while let Some((&edge, rest)) = self.edges.split_first()
            && edge[1].min(edge[3]) <= y
        {
            let direction = if edge[1] < edge[3] { 1 } else { -1 };
            self.crossed.push(Crossing { edge, x: 0.0, direction });
            self.edges = rest;
        }
        self.crossed.retain(|crossing| crossing.edge[1].max(crossing.edge[3]) > y);
        for crossing in &mut self.crossed {
            let [x, from, to_x, to] = crossing.edge;
            crossing.x = x + (y - from) * (to_x - x) / (to - from);
        }
        // Few edges change places between two lines, so an insertion sort is fast. Where edges
        // meet, the order does not depend on earlier lines.
        let after = |one: &Crossing, other: &Crossing| {
            one.x.total_cmp(&other.x).then(one.direction.cmp(&other.direction)).is_gt()
        };
        for end in 1..self.crossed.len() {
            let mut at = end;
            while at > 0 && after(&self.crossed[at - 1], &self.crossed[at]) {
                self.crossed.swap(at - 1, at);
                at -= 1;
            }
        }
    }
}

/// Adds the part of each pixel that lies inside: between crossings with a winding number other than
/// 0, or with an odd one (the non-zero and even-odd rules of SVG's `fill-rule`).
fn add_spans(crossings: &[Crossing], even_odd: bool, area: Rect<ViewSpace>, inside: &mut [f32]) {
    let is_inside = |winding: i32| if even_odd { winding % 2 != 0 } else { winding != 0 };
    let (mut winding, mut start) = (0, 0.0);
    for &Crossing { x, direction, .. } in crossings {
        let before = is_inside(winding);
        winding += direction;
        match (before, is_inside(winding)) {
            (false, true) => start = x,
            (true, false) => add_span([start, x], area, inside),
            _ => {}
        }
    }
}

/// Adds a span to the pixels of a row. All numbers are positions in the view, so that rounding
/// does not depend on the area.
fn add_span(ends: [f64; 2], area: Rect<ViewSpace>, inside: &mut [f32]) {
    let [from, to] = ends.map(|at| at.max(area.x as f64).min(area.right() as f64));
    let [first, last] = [from, to].map(|at| at.floor() as i64);
    let mut add = |at: i64, part: f64| {
        let pixel = usize::try_from(at - area.x).ok().and_then(|at| inside.get_mut(at));
        if let Some(pixel) = pixel {
            *pixel += part as f32;
        }
    };
    if first == last {
        return add(first, to - from);
    }
    add(first, (first + 1) as f64 - from);
    add(last, to - last as f64);
    let whole = (first + 1 - area.x) as usize..(last - area.x) as usize;
    inside.get_mut(whole).unwrap_or_default().iter_mut().for_each(|pixel| *pixel += 1.0);
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::{
        limits,
        plan::{Matrix, PlacedClip},
        protocol::{Path, Step},
        time_slice::{Pause, at_once},
    };

    fn polygon(points: &[[f64; 2]], exclude: bool) -> PlacedClip {
        let steps = points.iter().enumerate();
        let steps = steps.map(|(nth, &at)| if nth == 0 { Step::Move(at) } else { Step::Line(at) });
        let to_canvas = Matrix::moved([0.0; 2]);
        PlacedClip { path: Path(steps.collect()), to_canvas, exclude, even_odd: false }
    }

    fn drawn(clips: Vec<PlacedClip>, area: Rect<ViewSpace>) -> Vec<u8> {
        let shape = Shape { clips };
        at_once(async |slice| draw(&shape, area, slice).await).unwrap().data
    }

    fn square(exclude: bool) -> PlacedClip {
        polygon(&[[1.5, 1.25], [4.0, 1.25], [4.0, 3.0], [1.5, 3.0]], exclude)
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
        let star =
            polygon(&[[20.0, 1.3], [33.1, 38.0], [1.7, 14.2], [38.4, 15.0], [6.0, 37.7]], false);
        let star = |even_odd| vec![PlacedClip { even_odd, ..star.clone() }];
        let whole = drawn(star(false), Rect::new(0, 0, 40, 40));
        let part = drawn(star(false), Rect::new(7, 11, 13, 17));
        for (y, row) in part.chunks_exact(13).enumerate() {
            assert_eq!(row, &whole[(y + 11) * 40 + 7..][..13], "{y}");
        }
        assert_eq!(whole[20 * 40 + 20], 255, "the middle of a star is inside by the non-zero rule");
        let even_odd = drawn(star(true), Rect::new(0, 0, 40, 40));
        assert_eq!(even_odd[20 * 40 + 20], 0, "and outside by the even-odd rule");
        assert_eq!(even_odd[8 * 40 + 20], whole[8 * 40 + 20], "a point of the star is inside");
    }

    /// The coverage of a path whose points cross each other, line by line over all edges.
    fn slowly_drawn(points: &[[f64; 2]], area: Rect<ViewSpace>) -> Vec<f64> {
        let next = points.iter().cycle().skip(1);
        let edges: Vec<_> = points.iter().zip(next).collect();
        let mut covered = Vec::new();
        for (y, x) in (0..area.height).flat_map(|y| (0..area.width).map(move |x| (y, x))) {
            let part = |nth: u32| (f64::from(nth) + 0.5) / 64.0;
            let lines = (0..LINES).map(|line| f64::from(y) + (f64::from(line) + 0.5) / 8.0);
            let inside =
                lines.flat_map(|at| (0..64).map(move |nth| (f64::from(x) + part(nth), at)));
            let inside = inside.filter(|(x, y)| {
                let winding = edges.iter().map(|([ax, ay], [bx, by])| {
                    let crosses =
                        (ay <= y) != (by <= y) && ax + (y - ay) * (bx - ax) / (by - ay) < *x;
                    if crosses { if ay < by { 1 } else { -1 } } else { 0 }
                });
                winding.sum::<i32>() != 0
            });
            covered.push(inside.count() as f64 * 255.0 / 64.0 / f64::from(LINES));
        }
        covered
    }

    #[test]
    fn edges_may_cross_and_begin_and_end_anywhere() {
        let mut state = 5_u32;
        let mut number = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 16) / 65536.0 * 24.0 - 4.0
        };
        let area = Rect::new(0, 0, 16, 16);
        for count in [3, 4, 7, 20, 60] {
            let points: Vec<_> = (0..count).map(|_| [number(), number()]).collect();
            let made = drawn(vec![polygon(&points, false)], area);
            for (made, wanted) in made.iter().zip(slowly_drawn(&points, area)) {
                assert!((f64::from(*made) - wanted).abs() < 5.0, "{count}: {made} {wanted}");
            }
        }
    }

    #[test]
    fn points_as_many_as_a_path_may_have_are_drawn_fast() {
        // A comb whose edges cross every line, and a star whose edges all cross each other.
        let far = |nth: usize| if nth.is_multiple_of(2) { -9.0 } else { 2009.0 };
        let count = limits::PATH_POINTS;
        let comb: Vec<_> = (0..count).map(|nth| [nth as f64 / 2.1, far(nth)]).collect();
        let star = comb.iter().zip(comb.iter().rev());
        let star: Vec<_> = star.map(|(one, other)| [other[0] / 2.0 + one[0], one[1]]).collect();
        for points in [comb, star] {
            let work = Cell::new(0);
            let pause = || -> Option<Pause<'_>> {
                work.set(work.get() + 1);
                None
            };
            let shape = Shape { clips: vec![polygon(&points, false)] };
            let mut slice = TimeSlice::new(&pause);
            let area = Rect::new(0, 0, 2000, 2000);
            let made = pollster::block_on(draw(&shape, area, &mut slice)).unwrap();
            assert_eq!(made.data.len(), 4_000_000);
            assert!((100..2000).contains(&work.get()), "{} pauses", work.get());
        }
    }
}
