//! Projective transforms of the plane.

use std::{
    hash::{Hash, Hasher},
    ops::Mul,
};

use crate::{
    commands::Flip,
    geometry::{CompositeSpace, Size},
};

/// A 3 × 3 matrix over homogeneous coordinates: it maps (x, y, 1) to (X, Y, W), the point
/// (X / W, Y / W).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matrix(pub [[f64; 3]; 3]);

impl Hash for Matrix {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_flattened().iter().for_each(|number| number.to_bits().hash(state));
    }
}

impl Matrix {
    /// Scales by a factor for each axis, then moves.
    pub fn scale_and_move(scale: [f64; 2], by: [f64; 2]) -> Self {
        Self([[scale[0], 0.0, by[0]], [0.0, scale[1], by[1]], [0.0, 0.0, 1.0]])
    }

    /// Moves.
    pub fn moved(by: [f64; 2]) -> Self {
        Self::scale_and_move([1.0; 2], by)
    }

    /// Mirrors a canvas of this size.
    pub fn mirrored(flip: Flip, canvas: Size<CompositeSpace>) -> Self {
        let side = |flipped, len: u32| if flipped { (-1.0, f64::from(len)) } else { (1.0, 0.0) };
        let (x, left) = side(flip.left_right, canvas.width);
        let (y, top) = side(flip.up_down, canvas.height);
        Self::scale_and_move([x, y], [left, top])
    }

    /// Rotates around (0, 0), clockwise where y points down.
    pub fn rotated(degrees: f64) -> Self {
        let angle = degrees * (std::f64::consts::PI / 180.0);
        // Exact for multiples of 90°.
        let exact = |part: f64| if part.abs() < 1e-15 { 0.0 } else { part };
        let (sin, cos) = (exact(libm::sin(angle)), exact(libm::cos(angle)));
        Self([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    }

    /// Maps the unit square to four corners, clockwise from (0, 0). P. Heckbert, "Fundamentals of
    /// Texture Mapping and Image Warping" (1989), section 2.2.3.
    pub fn of_corners([x0, y0, x1, y1, x2, y2, x3, y3]: [f64; 8]) -> Self {
        let (sum_x, sum_y) = (x0 - x1 + x2 - x3, y0 - y1 + y2 - y3);
        let (dx1, dx2, dy1, dy2) = (x1 - x2, x3 - x2, y1 - y2, y3 - y2);
        let det = dx1 * dy2 - dx2 * dy1;
        let (g, h) = ((sum_x * dy2 - dx2 * sum_y) / det, (dx1 * sum_y - sum_x * dy1) / det);
        Self([
            [x1 - x0 + g * x1, x3 - x0 + h * x3, x0],
            [y1 - y0 + g * y1, y3 - y0 + h * y3, y0],
            [g, h, 1.0],
        ])
    }

    /// The point that (x, y) is mapped to. Not finite on the horizon of a perspective.
    pub fn apply(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [a, b, c] = self.0.map(|[i, j, k]| i * x + j * y + k);
        [a / c, b / c]
    }

    /// Whether it is no perspective: it maps the middle of two points to the middle of their images.
    pub fn is_affine(&self) -> bool {
        self.0[2] == [0.0, 0.0, 1.0]
    }

    /// The third homogeneous coordinate of the image of (x, y): 1 unless the transform is a
    /// perspective. Its sign changes on the horizon.
    pub fn depth(&self, [x, y]: [f64; 2]) -> f64 {
        let [i, j, k] = self.0[2];
        i * x + j * y + k
    }

    /// The transform that undoes this one; `None` if there is none.
    pub fn inverse(&self) -> Option<Self> {
        let m = &self.0;
        let minor = |row: usize, column: usize| {
            let (r, c) = ([(row + 1) % 3, (row + 2) % 3], [(column + 1) % 3, (column + 2) % 3]);
            m[r[0]][c[0]] * m[r[1]][c[1]] - m[r[0]][c[1]] * m[r[1]][c[0]]
        };
        let det = m[0][0] * minor(0, 0) + m[0][1] * minor(0, 1) + m[0][2] * minor(0, 2);
        let inverse = [0, 1, 2].map(|row| [0, 1, 2].map(|column| minor(column, row) / det));
        inverse.as_flattened().iter().all(|number| number.is_finite()).then_some(Self(inverse))
    }

    /// The smallest rectangle with sides along the axes that contains the image of the rectangle
    /// between two corners: its two corners. `None` if a part of it lies beyond the horizon.
    pub fn bounds(
        &self,
        [left, top]: [f64; 2],
        [right, bottom]: [f64; 2],
    ) -> Option<[[f64; 2]; 2]> {
        let corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
        let depths = corners.map(|corner| self.depth(corner));
        let one_side = depths.iter().all(|depth| *depth > 0.0) || depths.iter().all(|d| *d < 0.0);
        let points = corners.map(|corner| self.apply(corner));
        let finite = points.as_flattened().iter().all(|number| number.is_finite());
        (one_side && finite).then(|| {
            let side = |nth: usize| {
                let of = points.map(|point| point[nth]);
                let ends = of.iter().fold((of[0], of[0]), |(a, b), c| (a.min(*c), b.max(*c)));
                [ends.0, ends.1]
            };
            let ([left, right], [top, bottom]) = (side(0), side(1));
            [[left, top], [right, bottom]]
        })
    }
}

impl Mul for Matrix {
    type Output = Self;

    /// The transform that applies `other` first.
    fn mul(self, other: Self) -> Self {
        let (a, b) = (&self.0, &other.0);
        let entry = |row: usize, column: usize| {
            a[row][0] * b[0][column] + a[row][1] * b[1][column] + a[row][2] * b[2][column]
        };
        Self([0, 1, 2].map(|row| [0, 1, 2].map(|column| entry(row, column))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(one: [f64; 2], other: [f64; 2]) -> bool {
        one.iter().zip(other).all(|(a, b)| (a - b).abs() < 1e-9)
    }

    #[test]
    fn corners_are_the_images_of_the_unit_square() {
        let corners = [10.0, 20.0, 90.0, 5.0, 120.0, 80.0, 0.0, 60.0];
        let matrix = Matrix::of_corners(corners);
        let unit = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
        for (from, to) in unit.iter().zip(corners.chunks_exact(2)) {
            assert!(close(matrix.apply(*from), [to[0], to[1]]), "{from:?}");
        }
        let centre = matrix.apply([0.5, 0.5]);
        assert!(close(matrix.inverse().unwrap().apply(centre), [0.5, 0.5]));
    }

    #[test]
    fn a_rotation_is_clockwise_and_products_apply_the_right_one_first() {
        assert!(close(Matrix::rotated(90.0).apply([1.0, 0.0]), [0.0, 1.0]));
        let both = Matrix::moved([5.0, 0.0]) * Matrix::rotated(90.0);
        assert!(close(both.apply([1.0, 0.0]), [5.0, 1.0]));
        let [low, high] = Matrix::rotated(45.0).bounds([0.0; 2], [1.0; 2]).unwrap();
        assert!(
            close(low, [-0.5_f64.sqrt(), 0.0]) && close(high, [0.5_f64.sqrt(), 2.0_f64.sqrt()])
        );
    }

    #[test]
    fn what_has_no_inverse_or_crosses_the_horizon_is_none() {
        assert_eq!(Matrix::scale_and_move([0.0, 1.0], [0.0; 2]).inverse(), None);
        let steep = Matrix([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.5]]);
        assert_eq!(steep.bounds([0.0; 2], [1.0; 2]), None);
    }
}
