//! Fills polygons: the exact coverage of each pixel, in integers.
//!
//! Points are in 1/256 of a pixel. Each edge adds to the cells that it crosses how much of their
//! height it spans and how much lies to its right, as in the rasterizer of FreeType (`ftgrays.c`).
//! Sums of integers do not depend on their order, so parts of a view are equal to the whole.

use crate::geometry::{Rect, ViewSpace};

/// Steps of a coordinate in a pixel.
const ONE: i64 = 256;

/// The farthest coordinate in pixels. Points beyond are moved there.
const FAR: f64 = 4_194_304.0;

/// The cells of a rectangle of pixels.
pub struct Cells {
    area: Rect<ViewSpace>,
    /// For each pixel the height that edges span in it, and twice the area to the left of them.
    cells: Vec<[i32; 2]>,
}

/// A point in 1/256 of a pixel.
type Point = [i64; 2];

impl Cells {
    /// No cells; [`Cells::reset`] makes some.
    pub fn new() -> Self {
        Self { area: Rect::new(0, 0, 0, 0), cells: Vec::new() }
    }

    /// Empties the cells, for another rectangle.
    pub fn reset(&mut self, area: Rect<ViewSpace>) {
        self.area = area;
        self.cells.clear();
        self.cells.resize(area.width as usize * area.height as usize, [0; 2]);
    }

    /// Adds the edge from one point to another, in pixels of the view.
    pub fn edge(&mut self, from: [f64; 2], to: [f64; 2]) {
        let fixed = |at: f64| (at.max(-FAR).min(FAR) * ONE as f64).round() as i64;
        let ([x0, y0], [x1, y1]) = (from.map(fixed), to.map(fixed));
        let (top, bottom) = (self.area.y * ONE, self.area.bottom() * ONE);
        if y0 == y1 || y0.max(y1) <= top || y0.min(y1) >= bottom {
            return;
        }
        // Where the edge is at a height. It does not depend on the rectangle.
        let at =
            |y: i64| if y == y1 { x1 } else { x0 + ((y - y0) * (x1 - x0)).div_euclid(y1 - y0) };
        let (low, high) = (y0.min(y1).max(top), y0.max(y1).min(bottom));
        let rows = low.div_euclid(ONE)..=(high - 1).div_euclid(ONE);
        for row in rows {
            let (above, below) = ((row * ONE).max(low), ((row + 1) * ONE).min(high));
            let (upper, lower) = ([at(above), above], [at(below), below]);
            let (from, to) = if y0 < y1 { (upper, lower) } else { (lower, upper) };
            self.in_row(row, from, to);
        }
    }

    /// Adds the part of an edge in one row of pixels.
    fn in_row(&mut self, row: i64, from: Point, to: Point) {
        let width = self.area.width as usize;
        let start = (row - self.area.y) as usize * width;
        let Some(cells) = self.cells.get_mut(start..start + width) else { return };
        let ([x0, y0], [x1, y1]) = (from, to);
        let first = self.area.x;
        let columns = x0.min(x1).div_euclid(ONE)..=x0.max(x1).div_euclid(ONE);
        if columns.start() == columns.end() {
            return add(
                cells,
                columns.start() - first,
                [y1 - y0, x0 + x1 - 2 * columns.start() * ONE],
            );
        }
        let at =
            |x: i64| if x == x1 { y1 } else { y0 + ((x - x0) * (y1 - y0)).div_euclid(x1 - x0) };
        let (low, high) = (x0.min(x1), x0.max(x1));
        // What lies to the left of the rectangle counts in its first column.
        if low < first * ONE {
            let end = (first * ONE).min(high);
            let span = (at(end) - at(low)) * (x1 - x0).signum();
            add(cells, 0, [span, 0]);
        }
        let right = self.area.right();
        for column in (*columns.start()).max(first)..=(*columns.end()).min(right - 1) {
            let (left, right) = ((column * ONE).max(low), ((column + 1) * ONE).min(high));
            let span = (at(right) - at(left)) * (x1 - x0).signum();
            add(cells, column - first, [span, left + right - 2 * column * ONE]);
        }
    }

    /// The coverage of the pixels of a row, counted from the top of the rectangle: 0 to 255.
    pub fn row(&self, row: u32, coverage: &mut Vec<u8>) {
        coverage.clear();
        let width = self.area.width as usize;
        let cells = self.cells.get(row as usize * width..).unwrap_or_default();
        let mut height = 0_i32;
        coverage.extend(cells.iter().take(width).map(|[span, left]| {
            height = span.wrapping_add(height);
            let area = height.wrapping_mul(2 * ONE as i32).wrapping_sub(*left).unsigned_abs();
            ((u64::from(area) * 255 + (1 << 16)) >> 17).min(255) as u8
        }));
    }
}

/// Adds to a cell the height that an edge spans, and the area to the left of it. `ends` is the sum
/// of the distances of its ends from the left edge of the cell.
fn add(cells: &mut [[i32; 2]], column: i64, [span, ends]: [i64; 2]) {
    // Sums wrap, so that they do not depend on their order whatever the number of edges.
    if column < 0 {
        if let Some([height, _]) = cells.first_mut() {
            *height = height.wrapping_add(span as i32);
        }
    } else if let Some([height, left]) = cells.get_mut(column as usize) {
        *height = height.wrapping_add(span as i32);
        *left = left.wrapping_add((span * ends) as i32);
    }
}
