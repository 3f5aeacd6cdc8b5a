//! What operations share that change each pixel by itself.
//!
//! Colours are premultiplied, so white is 255 times the alpha. Where a formula for straight colours
//! is given with its white as a variable, it also holds for premultiplied ones.

use super::Stage;
use crate::pixel::{ColorModel, PixelFormat};

/// What an operation does to a row.
type Change = Box<dyn FnMut(&mut [f32])>;

/// A running operation that changes each row in place.
pub struct Points {
    change: Change,
    row: Vec<f32>,
    is_waiting: bool,
}

impl Points {
    /// Starts the operation that changes rows in this way.
    pub fn stage(change: impl FnMut(&mut [f32]) + 'static) -> Box<dyn Stage> {
        Box::new(Self { change: Box::new(change), row: Vec::new(), is_waiting: false })
    }
}

impl Stage for Points {
    fn push(&mut self, row: &mut Vec<f32>) {
        std::mem::swap(row, &mut self.row);
        (self.change)(&mut self.row);
        self.is_waiting = true;
    }

    fn pull(&mut self, line: &mut Vec<f32>) -> bool {
        if self.is_waiting {
            std::mem::swap(line, &mut self.row);
        }
        std::mem::take(&mut self.is_waiting)
    }
}

/// Changes each colour sample to `slope` times itself plus an offset, in 8-bit steps: that of its
/// component, or the first one in a grey or CMYK image.
pub fn linear(pixel: PixelFormat, row: &mut [f32], slope: f32, offsets: [f32; 3]) {
    let is_rgb = pixel.model == ColorModel::Rgb;
    if !pixel.alpha && (!is_rgb || offsets == [offsets[0]; 3]) {
        return row.iter_mut().for_each(|sample| *sample = slope * *sample + offsets[0]);
    }
    let part = |offset: f32, white: f32| offset * (white * (1.0 / 255.0));
    if !is_rgb {
        for pixel in row.chunks_exact_mut(pixel.samples()) {
            let Some((alpha, colors)) = pixel.split_last_mut() else { continue };
            let offset = part(offsets[0], *alpha);
            colors.iter_mut().for_each(|color| *color = slope * *color + offset);
        }
        return;
    }
    let [red, green, blue] = offsets;
    rgb(pixel, row, |[r, g, b], white| {
        [
            slope * r + part(red, white),
            slope * g + part(green, white),
            slope * b + part(blue, white),
        ]
    });
}

/// Changes red, green and blue of each pixel; `change` gets them and their white. Images of other
/// colours stay as they are.
#[inline(always)]
pub fn rgb(pixel: PixelFormat, row: &mut [f32], change: impl Fn([f32; 3], f32) -> [f32; 3]) {
    match pixel {
        PixelFormat { model: ColorModel::Rgb, alpha: false } => {
            row.as_chunks_mut().0.iter_mut().for_each(|color| *color = change(*color, 255.0));
        }
        PixelFormat { model: ColorModel::Rgb, alpha: true } => {
            for [r, g, b, alpha] in row.as_chunks_mut().0 {
                [*r, *g, *b] = change([*r, *g, *b], *alpha);
            }
        }
        PixelFormat { model: ColorModel::Gray | ColorModel::Cmyk, .. } => {}
    }
}

/// The lesser of two numbers that are not NaN; `f32::min` is a function call on some machines.
#[inline(always)]
pub fn lesser(a: f32, b: f32) -> f32 {
    if b < a { b } else { a }
}

/// The greater of two numbers that are not NaN.
#[inline(always)]
pub fn greater(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GREY_ALPHA: PixelFormat = PixelFormat { model: ColorModel::Gray, alpha: true };

    #[test]
    fn an_offset_is_scaled_by_alpha() {
        let mut row = [10.0, 51.0, 20.0, 255.0];
        linear(GREY_ALPHA, &mut row, 2.0, [10.0, 99.0, 99.0]);
        assert_eq!(row, [22.0, 51.0, 50.0, 255.0]);
        linear(PixelFormat::GRAY, &mut row[..3], 1.0, [1.0, 9.0, 9.0]);
        assert_eq!(row, [23.0, 52.0, 51.0, 255.0]);
        let inks = PixelFormat { model: ColorModel::Cmyk, alpha: true };
        let mut row = [10.0, 0.0, 20.0, 30.0, 51.0];
        linear(inks, &mut row, 2.0, [10.0, 99.0, 99.0]);
        assert_eq!(row.map(|sample| (sample * 64.0).round() / 64.0), [22.0, 2.0, 42.0, 62.0, 51.0]);
        let mut row = [10.0, 20.0, 30.0, 0.0, 0.0, 0.0];
        linear(PixelFormat::RGB, &mut row, -1.0, [1.0, 2.0, 3.0]);
        assert_eq!(row, [-9.0, -18.0, -27.0, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn white_is_alpha() {
        let white = |_: [f32; 3], white: f32| [white; 3];
        let mut row = [1.0, 2.0, 3.0, 60.0];
        rgb(PixelFormat::RGBA, &mut row, white);
        assert_eq!(row, [60.0; 4]);
        rgb(PixelFormat::RGB, &mut row[..3], white);
        assert_eq!(row, [255.0, 255.0, 255.0, 60.0]);
        rgb(PixelFormat::GRAY, &mut row, |_, _| [0.0; 3]);
        assert_eq!(row, [255.0, 255.0, 255.0, 60.0], "grey images stay as they are");
    }

    #[test]
    fn a_row_comes_out_once() {
        let mut stage = Points::stage(|row| row.iter_mut().for_each(|sample| *sample += 1.0));
        let mut line = Vec::new();
        for sample in [1.0, 5.0] {
            stage.push(&mut vec![sample]);
            assert!(stage.pull(&mut line));
            assert_eq!(line, [sample + 1.0]);
            assert!(!stage.pull(&mut line));
        }
    }
}
