//! EXIF orientations (TIFF 274), applied to pixels and to points.

use crate::{
    Unreadable,
    rows::{Rows, Take},
};

/// Rows read from right to left: orientation 2.
pub(crate) struct Mirrored<'a> {
    /// The rows as they are stored.
    pub rows: Box<dyn Rows + 'a>,
    /// Bytes of a pixel.
    pub samples: usize,
}

impl Rows for Mirrored<'_> {
    fn each(self: Box<Self>, take: Take<'_>) -> Result<(), Unreadable> {
        let mut mirrored = Vec::new();
        self.rows.each(&mut |row| {
            mirrored.clear();
            mirrored.extend(row.chunks_exact(self.samples).rev().flatten());
            take(&mirrored)
        })
    }
}

/// All pixels, upright, with the size they have then.
pub(crate) fn turned(
    (width, height): (u32, u32),
    samples: usize,
    data: &[u8],
    orientation: u8,
) -> ((u32, u32), Vec<u8>) {
    let size = if orientation >= 5 { (height, width) } else { (width, height) };
    let (last_column, last_row) = (width as usize - 1, height as usize - 1);
    let mut out = Vec::with_capacity(data.len());
    for y in 0..size.1 as usize {
        for x in 0..size.0 as usize {
            let (column, row) = match orientation {
                2 => (last_column - x, y),
                3 => (last_column - x, last_row - y),
                4 => (x, last_row - y),
                5 => (y, x),
                6 => (y, last_row - x),
                7 => (last_column - y, last_row - x),
                8 => (last_column - y, x),
                _ => (x, y),
            };
            let at = (row * width as usize + column) * samples;
            out.extend_from_slice(data.get(at..at + samples).unwrap_or_default());
        }
    }
    (size, out)
}

/// Where a point of the stored picture stands in the upright one; both sides are `one` long.
pub(crate) fn point((x, y): (i32, i32), one: i32, orientation: u8) -> (i32, i32) {
    let (right, below) = (one.wrapping_sub(x), one.wrapping_sub(y));
    match orientation {
        2 => (right, y),
        3 => (right, below),
        4 => (x, below),
        5 => (y, x),
        6 => (below, x),
        7 => (below, right),
        8 => (y, right),
        _ => (x, y),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_and_points_turn_alike() {
        // 3 × 2 pixels; a point is the middle of a pixel, in twelfths of a side.
        let data = [0, 1, 2, 3, 4, 5];
        for orientation in 1..=8 {
            let ((width, height), pixels) = turned((3, 2), 1, &data, orientation);
            for (at, &value) in data.iter().enumerate() {
                let (x, y) = (at as i32 % 3 * 4 + 2, at as i32 / 3 * 6 + 3);
                let (x, y) = point((x, y), 12, orientation);
                let (column, row) = (x * width as i32 / 12, y * height as i32 / 12);
                let found = pixels[(row * width as i32 + column) as usize];
                assert_eq!(found, value, "orientation {orientation}");
            }
        }
    }

    #[test]
    fn six_is_a_quarter_to_the_right() {
        assert_eq!(turned((3, 2), 1, &[0, 1, 2, 3, 4, 5], 6), ((2, 3), vec![3, 0, 4, 1, 5, 2]));
    }
}
