//! Blends rows onto a canvas (r-blendmode, r-opac).

mod pixel;

use self::pixel::{blend, composite, faded};
use crate::{
    commands::BlendMode,
    geometry::{Rect, ViewSpace},
    pixel::{ColorModel, PixelFormat, Raster},
    plan::{BlendStep, FULL},
};

/// A blend node at work: a canvas of RGB or CMYK with straight alpha.
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
        let [x, y] = self.at;
        let (along, across) = if self.transposed { (y, x) } else { (x, y) };
        let Raster { width, height, .. } = self.canvas;
        let lines = if self.transposed { width } else { height };
        let line = across + nth as i64;
        if !(0..i64::from(lines)).contains(&line) {
            return;
        }
        let (cut, first) = ((-along).max(0) as usize, along.max(0) as usize);
        let row = row.get(cut * pixel.samples()..).unwrap_or_default();
        match self.canvas.pixel.model {
            ColorModel::Cmyk => self.put_at::<5>([first, line as usize], row, pixel.samples()),
            ColorModel::Gray | ColorModel::Rgb => {
                self.put_at::<4>([first, line as usize], row, pixel.samples());
            }
        }
    }

    /// Blends a row onto the pixels of a line from the `first` on. Those of the canvas have `N`
    /// samples.
    fn put_at<const N: usize>(&mut self, [first, line]: [usize; 2], row: &[u8], samples: usize) {
        let Self { step, canvas, origin: [x, y], transposed, .. } = self;
        let pixels = row.chunks_exact(samples).map(with_alpha);
        if *transposed {
            let stride = canvas.stride();
            let column = canvas.data.chunks_exact_mut(stride).skip(first);
            for ((target, pixel), down) in column.zip(pixels).zip(first as i64..) {
                let target = target.get_mut(line * N..line * N + N);
                let Some(target) = target.and_then(|target| target.as_mut_array()) else {
                    continue;
                };
                blend::<N>(*step, [*x + line as i64, *y + down], pixel, target);
            }
            return;
        }
        let target = canvas.row_mut(line as u32).get_mut(first * N..).unwrap_or_default();
        let (target, _) = target.as_chunks_mut::<N>();
        match (step.mode, step.opacity) {
            (BlendMode::Normal, FULL) if samples == N - 1 => copy(row, target),
            (BlendMode::Normal, opacity) if samples == N => {
                over(row.as_chunks().0, opacity, target);
            }
            _ => {
                for ((target, pixel), x) in target.iter_mut().zip(pixels).zip(*x + first as i64..) {
                    blend(*step, [x, *y + line as i64], pixel, target);
                }
            }
        }
    }

    /// The canvas.
    pub fn finish(self) -> Raster {
        self.canvas
    }
}

/// Opaque pixels replace those of the canvas.
fn copy<const N: usize>(row: &[u8], target: &mut [[u8; N]]) {
    for (target, pixel) in target.iter_mut().zip(row.chunks_exact(N - 1)) {
        *target = with_alpha(pixel);
    }
}

fn over<const N: usize>(row: &[[u8; N]], opacity: u32, target: &mut [[u8; N]]) {
    for (target, pixel) in target.iter_mut().zip(row) {
        match faded(pixel[N - 1], opacity) {
            0 => {}
            255 => {
                *target = *pixel;
                target[N - 1] = 255;
            }
            alpha => *target = composite(*pixel, alpha, *target),
        }
    }
}

/// A pixel with or without alpha as one with alpha. On a canvas of RGB it can be grey.
#[inline(always)]
fn with_alpha<const N: usize>(pixel: &[u8]) -> [u8; N] {
    let mut made = [255; N];
    if let Some(colors) = pixel.get(..N - 1) {
        made[..N - 1].copy_from_slice(colors);
        made[N - 1] = pixel.get(N - 1).copied().unwrap_or(255);
    } else if let [gray, ref alpha @ ..] = *pixel {
        made[..N - 1].fill(gray);
        made[N - 1] = alpha.first().copied().unwrap_or(255);
    }
    made
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

    #[test]
    fn rows_of_inks_with_and_without_alpha_fall_on_inks() {
        let inks = PixelFormat { model: ColorModel::Cmyk, alpha: false };
        let with_alpha = PixelFormat { alpha: true, ..inks };
        let area = Rect::new(0, 0, 2, 1);
        for (opacity, transposed) in [FULL, FULL / 2].map(|it| [(it, false), (it, true)]).concat() {
            let step = BlendStep { mode: BlendMode::Normal, opacity, seed: 0 };
            let canvas = Raster::new(2, 1, with_alpha);
            let mut rows = Blending::new(step, canvas, area, Some(area)).transposed(transposed);
            // As columns, each row has one pixel.
            let both = [[1, 2, 3, 4, 255], [5, 6, 7, 8, 128]];
            match transposed {
                false => rows.put(0, both.as_flattened(), with_alpha),
                true => both.iter().enumerate().for_each(|(x, it)| rows.put(x, it, with_alpha)),
            }
            rows.put(0, &[9, 9, 9, 9], inks);
            let shown = rows.finish();
            let wanted = match opacity {
                FULL => [9, 9, 9, 9, 255, 5, 6, 7, 8, 128],
                // 128 over 128.
                _ => [6, 7, 7, 7, 192, 5, 6, 7, 8, 64],
            };
            assert_eq!(shown.data, wanted, "{opacity} {transposed}");
        }
    }
}
