//! Applies EXIF orientations (TIFF tag 274) to pixels.

use azulejo::geometry::{Size, SourceSpace};

use crate::{
    Unreadable,
    rows::{RowSink, RowSource},
};

/// Mirrors each row: orientation 2.
pub(crate) struct Mirrored<'a> {
    /// The rows as stored.
    pub rows: Box<dyn RowSource + 'a>,
    /// Bytes per pixel.
    pub samples: usize,
}

impl RowSource for Mirrored<'_> {
    fn for_each_row(self: Box<Self>, sink: RowSink<'_>) -> Result<(), Unreadable> {
        let mut mirrored = Vec::new();
        self.rows.for_each_row(&mut |row| {
            mirrored.clear();
            mirrored.extend(row.chunks_exact(self.samples).rev().flatten());
            sink(&mirrored)
        })
    }
}

/// Rotates and mirrors pixels so that they are upright. `data` holds height × width × samples
/// bytes. Returns the upright size and samples.
pub(crate) fn apply(
    Size { width, height, .. }: Size<SourceSpace>,
    samples: usize,
    data: &[u8],
    orientation: u8,
) -> (Size<SourceSpace>, Vec<u8>) {
    let size = if orientation >= 5 { Size::new(height, width) } else { Size::new(width, height) };
    let (last_column, last_row) = (width as usize - 1, height as usize - 1);
    let mut out = Vec::with_capacity(data.len());
    for y in 0..size.height as usize {
        for x in 0..size.width as usize {
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

#[cfg(test)]
mod tests {
    use azulejo::pyramid::orient_point;

    use super::*;

    #[test]
    fn pixels_and_points_are_mapped_alike() {
        // 3 × 2 pixels. A point is the centre of a pixel, in twelfths of a side.
        let data = [0, 1, 2, 3, 4, 5];
        for orientation in 1..=8 {
            let (Size { width, height, .. }, pixels) =
                apply(Size::new(3, 2), 1, &data, orientation);
            for (at, &value) in data.iter().enumerate() {
                let stored = [at as i32 % 3 * 4 + 2, at as i32 / 3 * 6 + 3];
                let [x, y] = orient_point(stored, 12, orientation);
                let (column, row) = (x * width as i32 / 12, y * height as i32 / 12);
                let found = pixels[(row * width as i32 + column) as usize];
                assert_eq!(found, value, "orientation {orientation}");
            }
        }
    }

    #[test]
    fn orientation_6_rotates_clockwise() {
        let (size, pixels) = apply(Size::new(3, 2), 1, &[0, 1, 2, 3, 4, 5], 6);
        assert_eq!((size, pixels), (Size::new(2, 3), vec![3, 0, 4, 1, 5, 2]));
    }
}
