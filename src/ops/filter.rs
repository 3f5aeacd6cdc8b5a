//! What an operation does to rows of pixels, and what the plan counts for it.

use super::{Parsed, Tone};
use crate::pixel::PixelFormat;

/// The region of an image that an operation processes, row by row from the top.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    /// Pixels in a row.
    pub width: u32,
    /// The number of rows.
    pub height: u32,
    /// The pixel format: grey, RGB or CMYK, with or without alpha.
    pub pixel: PixelFormat,
    /// Position of the first pixel of the first row: x, y in the view; swapped where rows are
    /// columns of the view, and with `−1 − y` for `y` where the last row comes first.
    pub origin: [i64; 2],
    /// Whether rows are columns of the view.
    pub transposed: bool,
    /// Whether the last row comes first.
    pub reversed: bool,
    /// The tones of the whole image.
    pub tone: Tone,
}

impl Area {
    /// A whole image of unknown tones: rows of the view, from the top.
    pub fn new(width: u32, height: u32, pixel: PixelFormat) -> Self {
        let (origin, tone) = ([0; 2], Tone::default());
        Self { width, height, pixel, origin, transposed: false, reversed: false, tone }
    }

    /// The number of samples in a row.
    pub fn samples(&self) -> u64 {
        u64::from(self.width) * self.pixel.samples() as u64
    }

    /// The same area whose last row comes first. Its origin is mirrored with its rows, so that
    /// averaged blocks lie on the same grid.
    pub fn from_the_bottom(self) -> Self {
        let [x, y] = self.origin;
        Self { origin: [x, -(y + i64::from(self.height))], reversed: true, ..self }
    }

    /// The position in the view, x and y, of a pixel of the `row`-th row that arrives.
    pub fn position(&self, column: u32, row: u32) -> [i64; 2] {
        let [x, y] = self.origin;
        let (along, down) = (x + i64::from(column), y + i64::from(row));
        let down = if self.reversed { -1 - down } else { down };
        if self.transposed { [down, along] } else { [along, down] }
    }
}

/// An operation's effect and its cost.
pub trait Filter {
    /// The margin in pixels that it reads around a region; the plan adds it to the region.
    fn needs(&self) -> u32 {
        0
    }

    /// The same operation for an image scaled by `factor`, greater than 0; `None` if it would
    /// have no visible effect.
    fn scaled(&self, factor: f64) -> Parsed;

    /// Whether it needs the tones of the whole image.
    fn needs_tone(&self) -> bool {
        false
    }

    /// Whether it makes colours of grey. Grey images are then converted to RGB before.
    fn makes_color(&self) -> bool {
        false
    }

    /// Whether it is defined for red, green and blue. Inks are then converted to RGB before
    /// (r-color-management).
    fn needs_rgb(&self) -> bool {
        self.makes_color()
    }

    /// The peak memory of its stage, in bytes. By default that of [`Points`](super::points::Points).
    fn memory(&self, area: Area, _samples: Samples) -> u64 {
        area.samples() * 4
    }

    /// The work per pixel, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    fn work(&self) -> u64 {
        1
    }

    /// Starts the operation on the rows of an area.
    fn stage(&self, area: Area, samples: Samples) -> Box<dyn Stage>;
}

/// The samples of the rows that a stage gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Samples {
    /// 8-bit samples as floats, which can be stored as bytes without loss.
    Bytes,
    /// Floats from another stage.
    Floats,
}

/// A running operation on rows of `f32` with premultiplied colours. It returns as many rows as it
/// gets, in the same order.
pub trait Stage {
    /// Accepts the next row, and may take its buffer: what is left in `row` has no meaning. Pull
    /// all finished rows before the next call.
    fn push(&mut self, row: &mut Vec<f32>);

    /// Moves the next finished row to `line`; false if none is finished.
    fn pull(&mut self, line: &mut Vec<f32>) -> bool;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_has_one_position_in_whatever_order_rows_arrive() {
        let (width, height, pixel) = (7, 5, PixelFormat::GRAY);
        let top = Area { origin: [-3, 20], ..Area::new(width, height, pixel) };
        let columns =
            Area { origin: [20, -3], transposed: true, ..Area::new(height, width, pixel) };
        for (x, y) in [(0, 0), (6, 4), (2, 3)] {
            let wanted = [i64::from(x) - 3, i64::from(y) + 20];
            assert_eq!(top.position(x, y), wanted);
            assert_eq!(top.from_the_bottom().position(x, height - 1 - y), wanted);
            assert_eq!(columns.position(y, x), wanted);
            assert_eq!(columns.from_the_bottom().position(y, width - 1 - x), wanted);
        }
    }
}
