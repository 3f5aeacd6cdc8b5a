//! A conversion that was sampled on a grid, interpolated in integers.

use super::clut::Numbers;
use crate::time_slice::TimeSlice;

/// The numbers of a colour, 0 to 65535: the first one to four count.
pub type Color = [u16; 4];

/// A grid over three or four numbers of a byte each.
#[derive(Debug)]
pub struct Grid {
    /// The last axis runs fastest.
    nodes: Vec<Color>,
    /// For each byte along each axis: the offset of the node below it, and how far it is from there
    /// to the next, in parts of [`WHOLE`].
    places: Vec<[(u32, u32); 256]>,
}

/// The distance of two nodes. A number of 16 bits times it fits into 32 bits.
const WHOLE: u32 = 1 << 14;

/// Points along each axis.
const fn points(axes: usize) -> usize {
    if axes == 3 { 33 } else { 17 }
}

/// The cost of a node, in pixels of a [`TimeSlice`].
const WORK: u64 = 40;

impl Grid {
    /// Bytes of a grid with this many axes.
    pub const fn memory(axes: usize) -> u64 {
        let nodes = points(axes).pow(axes as u32) * size_of::<Color>();
        (nodes + axes * size_of::<[(u32, u32); 256]>()) as u64
    }

    /// Samples a function of three or four numbers.
    pub async fn new(
        axes: usize,
        at: &(dyn Fn(Numbers) -> Numbers + '_),
        slice: &mut TimeSlice<'_>,
    ) -> Self {
        let points = points(axes);
        let last = points as u32 - 1;
        let count = points.pow(axes as u32);
        let mut nodes = Vec::with_capacity(count);
        for row in 0..count / points {
            for column in 0..points {
                let (mut numbers, mut rest) = ([0.0; 4], row * points + column);
                for number in numbers.iter_mut().take(axes).rev() {
                    *number = (rest % points) as f64 / f64::from(last);
                    rest /= points;
                }
                nodes.push(at(numbers).map(|number| (number * 65535.0 + 0.5) as u16));
            }
            slice.spend(WORK * points as u64).await;
        }
        let places = (0..axes).map(|axis| {
            let step = points.pow((axes - 1 - axis) as u32) as u32;
            std::array::from_fn(|byte| {
                let place = (byte as u32 * last * WHOLE + 127) / 255;
                let below = (place / WHOLE).min(last - 1);
                (below * step, place - below * WHOLE)
            })
        });
        Self { nodes, places: places.collect() }
    }

    /// The colour of three bytes.
    #[inline]
    pub fn at_3(&self, [a, b, c]: [u8; 3]) -> Color {
        let [of_a, of_b, of_c] = self.places.as_slice() else { return [0; 4] };
        let [x, y, z] = [of_a[usize::from(a)], of_b[usize::from(b)], of_c[usize::from(c)]];
        let n = points(3) as u32;
        self.tetrahedron(x.0 + y.0 + z.0, [(x.1, n * n), (y.1, n), (z.1, 1)])
    }

    /// The colour of four bytes: linear along the first axis, tetrahedral along the others.
    #[inline]
    pub fn at_4(&self, [a, b, c, d]: [u8; 4]) -> Color {
        let [of_a, of_b, of_c, of_d] = self.places.as_slice() else { return [0; 4] };
        let (first, part) = of_a[usize::from(a)];
        let [x, y, z] = [of_b[usize::from(b)], of_c[usize::from(c)], of_d[usize::from(d)]];
        let n = points(4) as u32;
        let (at, axes) = (first + x.0 + y.0 + z.0, [(x.1, n * n), (y.1, n), (z.1, 1)]);
        let low = self.tetrahedron(at, axes);
        if part == 0 {
            return low;
        }
        let high = self.tetrahedron(at + n * n * n, axes);
        [0, 1, 2, 3].map(|nth| {
            let sum = u32::from(low[nth]) * (WHOLE - part) + u32::from(high[nth]) * part;
            ((sum + WHOLE / 2) / WHOLE) as u16
        })
    }

    /// Interpolates between the corners that one meets on the way along the axes, that with the
    /// largest part first. An axis is its part and its step.
    #[inline(always)]
    fn tetrahedron(&self, first: u32, [mut x, mut y, mut z]: [(u32, u32); 3]) -> Color {
        if x.0 < y.0 {
            (x, y) = (y, x);
        }
        if y.0 < z.0 {
            (y, z) = (z, y);
        }
        if x.0 < y.0 {
            (x, y) = (y, x);
        }
        let node = |at: u32| self.nodes.get(at as usize).map_or([0; 4], |node| node.map(u32::from));
        let (one, two) = (first + x.1, first + x.1 + y.1);
        let [a, b, c, d] = [node(first), node(one), node(two), node(two + z.1)];
        let [of_a, of_b, of_c, of_d] = [WHOLE - x.0, x.0 - y.0, y.0 - z.0, z.0];
        [0, 1, 2, 3].map(|nth| {
            let sum = a[nth] * of_a + b[nth] * of_b + c[nth] * of_c + d[nth] * of_d;
            ((sum + WHOLE / 2) / WHOLE) as u16
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time_slice::at_once;

    #[test]
    fn a_grid_of_its_own_places_is_the_identity() {
        for axes in [3, 4] {
            let grid = at_once(async |slice| Grid::new(axes, &|numbers| numbers, slice).await);
            assert_eq!(grid.places.len(), axes);
            for byte in 0..=255_u8 {
                let bytes = [byte, 255 - byte, byte / 2, 7];
                let [a, b, c, _] = bytes;
                let color = if axes == 3 { grid.at_3([a, b, c]) } else { grid.at_4(bytes) };
                for nth in 0..axes {
                    let wanted = i32::from(bytes[nth]) * 257;
                    assert!((i32::from(color[nth]) - wanted).abs() <= 2, "{bytes:?} {color:?}");
                }
            }
        }
    }
}
