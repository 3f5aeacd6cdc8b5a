//! Colour look-up tables of profiles, interpolated in floats.

use super::matrix::Vector;

/// The numbers of a pixel, or of a colour: the first one to four count.
pub type Numbers = [f64; 4];

/// A table of colours on a grid (ICC.1:2022, 10.12.3).
#[derive(Debug, Clone)]
pub struct Clut {
    /// Points along each axis; the last axis runs fastest.
    points: Vec<usize>,
    /// Numbers of a point: 1 to 4.
    outputs: usize,
    values: Vec<u16>,
    /// Whether it is interpolated between all eight corners of a cube. In tables over Lab, as
    /// LittleCMS does: greys do not lie on the diagonal of its cubes, along which tetrahedra meet.
    pub is_trilinear: bool,
}

impl Clut {
    /// Reads a table whose numbers have one or two bytes, and returns its length in bytes. `None` if
    /// it has a size that cannot be, or if bytes are missing.
    pub fn read(
        points: Vec<usize>,
        outputs: usize,
        wide: bool,
        bytes: &[u8],
    ) -> Option<(Self, usize)> {
        let known = matches!(points.len(), 1 | 3 | 4) && matches!(outputs, 1 | 3 | 4);
        if !known || points.iter().any(|points| *points < 2) {
            return None;
        }
        let count = points.iter().try_fold(outputs, |count, points| count.checked_mul(*points))?;
        let len = count.checked_mul(if wide { 2 } else { 1 })?;
        let bytes = bytes.get(..len)?;
        let values = match wide {
            true => bytes.as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect(),
            false => bytes.iter().map(|byte| u16::from(*byte) * 257).collect(),
        };
        Some((Self { points, outputs, values, is_trilinear: false }, len))
    }

    /// The interpolated colour: tetrahedral along the last three axes, linear along the first of
    /// four.
    pub fn at(&self, numbers: Numbers) -> Numbers {
        let place = |axis: usize| {
            let last = self.points[axis] - 1;
            let place = super::curve::unit(numbers[axis]) * last as f64;
            let below = (place as usize).min(last - 1);
            (below, place - below as f64)
        };
        match *self.points.as_slice() {
            [_] => {
                let (below, part) = place(0);
                mix(self.point(below), self.point(below + 1), part)
            }
            [_, g, b] => {
                let [x, y, z] = [place(0), place(1), place(2)];
                let first = (x.0 * g + y.0) * b + z.0;
                match self.is_trilinear {
                    true => self.cube(first, [g * b, b], [x.1, y.1, z.1]),
                    false => self.tetrahedron(first, [g * b, b, 1], [x.1, y.1, z.1]),
                }
            }
            [_, m, y, k] => {
                let [c, x1, x2, x3] = [place(0), place(1), place(2), place(3)];
                let first = ((c.0 * m + x1.0) * y + x2.0) * k + x3.0;
                let steps = [y * k, k, 1];
                let parts = [x1.1, x2.1, x3.1];
                let low = self.tetrahedron(first, steps, parts);
                mix(low, self.tetrahedron(first + m * y * k, steps, parts), c.1)
            }
            _ => [0.0; 4],
        }
    }

    /// Interpolates along each axis in turn. The step of the third is 1.
    fn cube(&self, first: usize, [x, y]: [usize; 2], parts: Vector) -> Numbers {
        let edge = |at: usize| mix(self.point(at), self.point(at + 1), parts[2]);
        let face = |at: usize| mix(edge(at), edge(at + y), parts[1]);
        mix(face(first), face(first + x), parts[0])
    }

    /// Interpolates between the four corners of the tetrahedron that a place within a cube lies in:
    /// from the first corner one goes along the axes in the order of the parts, largest first.
    fn tetrahedron(&self, first: usize, steps: [usize; 3], parts: Vector) -> Numbers {
        let mut axes = [(parts[0], steps[0]), (parts[1], steps[1]), (parts[2], steps[2])];
        if axes[0].0 < axes[1].0 {
            axes.swap(0, 1);
        }
        if axes[1].0 < axes[2].0 {
            axes.swap(1, 2);
        }
        if axes[0].0 < axes[1].0 {
            axes.swap(0, 1);
        }
        let mut corner = self.point(first);
        let mut color = corner;
        let mut at = first;
        for (part, step) in axes {
            at += step;
            let next = self.point(at);
            color = [0, 1, 2, 3].map(|nth| color[nth] + part * (next[nth] - corner[nth]));
            corner = next;
        }
        color
    }

    fn point(&self, at: usize) -> Numbers {
        let values = self.values.get(at * self.outputs..).unwrap_or_default();
        let mut point = [0.0; 4];
        for (number, value) in point.iter_mut().zip(values).take(self.outputs) {
            *number = f64::from(*value) * (1.0 / 65535.0);
        }
        point
    }
}

fn mix(low: Numbers, high: Numbers, part: f64) -> Numbers {
    [0, 1, 2, 3].map(|nth| low[nth] + part * (high[nth] - low[nth]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_its_own_places_is_the_identity() {
        for (axes, points) in [(1, 5), (3, 4), (4, 3)] {
            let count = usize::pow(points, axes);
            let places = (0..count).flat_map(|at| {
                let digit = move |axis: u32| at / usize::pow(points, axes - 1 - axis) % points;
                (0..axes).map(move |axis| (digit(axis) * 65535 / (points - 1)) as u16)
            });
            let bytes: Vec<u8> = places.flat_map(u16::to_be_bytes).collect();
            let points = vec![points; axes as usize];
            let (clut, len) = Clut::read(points, axes as usize, true, &bytes).unwrap();
            assert_eq!(len, bytes.len());
            for numbers in [[0.0; 4], [1.0; 4], [0.3, 0.9, 0.2, 0.7], [0.6, 0.6, 0.1, 0.5]] {
                let found = clut.at(numbers);
                let near = |nth: usize| (found[nth] - numbers[nth]).abs() < 1e-4;
                assert!((0..axes as usize).all(near), "{axes} {numbers:?} {found:?}");
            }
        }
    }

    #[test]
    fn a_table_of_impossible_size_is_none() {
        for (points, outputs) in [(vec![1], 3), (vec![2; 5], 3), (vec![255; 4], 4), (vec![2], 9)] {
            assert!(Clut::read(points, outputs, true, &[0; 64]).is_none());
        }
    }
}
