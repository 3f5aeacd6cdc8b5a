//! Blends rows onto a canvas (r-blendmode, r-opac).

mod pixel;

use self::pixel::{blend, composite, faded};
use crate::{
    commands::BlendMode,
    geometry::{Rect, ViewSpace},
    pixel::{PixelFormat, Raster},
    plan::{BlendStep, FULL},
};

/// A blend node at work: an RGBA canvas with straight alpha.
pub struct Blending {
    step: BlendStep,
    canvas: Raster,
    /// The position of the canvas in the view.
    origin: [i64; 2],
    /// The position of the rows on the canvas.
    at: [i64; 2],
    transposed: bool,
}

impl Blending {
    /// Blends rows that cover `rows` of the view onto a canvas that covers `area`.
    pub fn new(
        step: BlendStep,
        canvas: Raster,
        area: Rect<ViewSpace>,
        rows: Option<Rect<ViewSpace>>,
    ) -> Self {
        let at = rows.map_or([0; 2], |rows| [rows.x - area.x, rows.y - area.y]);
        Self { step, canvas, origin: [area.x, area.y], at, transposed: false }
    }

    /// Sets whether rows are columns of the canvas.
    pub fn transposed(self, transposed: bool) -> Self {
        Self { transposed, ..self }
    }

    /// The cost of a row, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    pub fn work(&self, width: u32) -> u64 {
        let is_simple = self.step.mode == BlendMode::Normal;
        u64::from(width) / if self.transposed { 2 } else { 4 } * if is_simple { 1 } else { 4 }
    }

    /// Blends row `nth`. Pixels outside the canvas are dropped.
    pub fn put(&mut self, nth: usize, row: &[u8], pixel: PixelFormat) {
        let Self { step, canvas, origin, at: [x, y], transposed } = self;
        let (along, across) = if *transposed { (*y, *x) } else { (*x, *y) };
        let (len, lines) = match transposed {
            true => (canvas.height, canvas.width),
            false => (canvas.width, canvas.height),
        };
        let line = across + nth as i64;
        if !(0..i64::from(lines)).contains(&line) {
            return;
        }
        let (cut, first) = ((-along).max(0) as usize, along.max(0) as usize);
        let pixels = row.chunks_exact(pixel.samples()).skip(cut);
        let pixels = pixels.take((len as usize).saturating_sub(first));
        if *transposed {
            let stride = canvas.stride();
            let column = canvas.data.chunks_exact_mut(stride).skip(first);
            for ((target, pixel_of), y) in column.zip(pixels).zip(first as i64..) {
                let target = target.get_mut(line as usize * 4..line as usize * 4 + 4);
                let Some(target) = target.and_then(|target| target.as_mut_array()) else {
                    continue;
                };
                blend(*step, [origin[0] + line, origin[1] + y], rgba(pixel_of, pixel), target);
            }
            return;
        }
        let target = canvas.row_mut(line as u32).get_mut(first * 4..).unwrap_or_default();
        let (target, _) = target.as_chunks_mut::<4>();
        let place = [origin[0] + first as i64, origin[1] + line];
        let rest = row.get(cut * pixel.samples()..).unwrap_or_default();
        match (step.mode, step.opacity, pixel) {
            (BlendMode::Normal, FULL, PixelFormat::RGB) => {
                return copy(rest.as_chunks().0, target);
            }
            (BlendMode::Normal, opacity, PixelFormat::RGBA) => {
                return over(rest.as_chunks().0, opacity, target);
            }
            _ => {}
        }
        for ((target, pixel_of), x) in target.iter_mut().zip(pixels).zip(place[0]..) {
            blend(*step, [x, place[1]], rgba(pixel_of, pixel), target);
        }
    }

    /// The canvas.
    pub fn finish(self) -> Raster {
        self.canvas
    }
}

/// Opaque pixels replace those of the canvas.
fn copy(row: &[[u8; 3]], target: &mut [[u8; 4]]) {
    for (target, &[r, g, b]) in target.iter_mut().zip(row) {
        *target = [r, g, b, 255];
    }
}

fn over(row: &[[u8; 4]], opacity: u32, target: &mut [[u8; 4]]) {
    for (target, &[r, g, b, alpha]) in target.iter_mut().zip(row) {
        match faded(alpha, opacity) {
            0 => {}
            255 => *target = [r, g, b, 255],
            alpha => *target = composite([r, g, b], alpha, *target),
        }
    }
}

/// A grey or RGB pixel, with or without alpha, as RGBA.
fn rgba(pixel: &[u8], format: PixelFormat) -> [u8; 4] {
    match (pixel, format.alpha) {
        (&[gray], _) => [gray, gray, gray, 255],
        (&[gray, alpha], true) => [gray, gray, gray, alpha],
        (&[r, g, b], _) => [r, g, b, 255],
        (&[r, g, b, alpha], _) => [r, g, b, alpha],
        _ => [0; 4],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_fall_where_they_lie_and_the_rest_is_dropped() {
        let (rgb, gray) = (PixelFormat::RGB, PixelFormat::GRAY);
        let step = BlendStep { mode: BlendMode::Normal, opacity: FULL, seed: 0 };
        let canvas = || Raster::new(3, 2, PixelFormat::RGBA);
        let area = Rect::new(10, 20, 3, 2);
        let mut rows = Blending::new(step, canvas(), area, Some(Rect::new(9, 21, 3, 2)));
        rows.put(0, &[1, 1, 1, 2, 2, 2, 3, 3, 3], rgb);
        rows.put(1, &[9; 9], rgb);
        let shown = rows.finish();
        assert_eq!(shown.row(0), [0; 12]);
        assert_eq!(shown.row(1), [2, 2, 2, 255, 3, 3, 3, 255, 0, 0, 0, 0]);
        let columns = Blending::new(step, canvas(), area, Some(Rect::new(11, 20, 2, 2)));
        let mut columns = columns.transposed(true);
        columns.put(0, &[5, 6], gray);
        columns.put(1, &[7, 8], gray);
        let shown = columns.finish();
        assert_eq!(shown.row(0), [0, 0, 0, 0, 5, 5, 5, 255, 7, 7, 7, 255]);
        assert_eq!(shown.row(1), [0, 0, 0, 0, 6, 6, 6, 255, 8, 8, 8, 255]);
    }
}
