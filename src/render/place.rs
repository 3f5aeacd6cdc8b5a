//! Writes rendered rows to the reply's canvas, in the pixel format that the encoder needs.

use crate::{
    color::{Components, numbers_in},
    geometry::{Rect, ViewSpace},
    pixel::{ColorModel, PixelFormat, Raster, luma, repeat},
    plan::{Canvas, Node},
    time_slice::TimeSlice,
};

/// The canvas, which receives the rows of an image as they are made. So image and canvas are never
/// both in memory.
pub struct Placing {
    canvas: Raster,
    /// x and y of the image's top left corner on the canvas.
    at: [i64; 2],
    /// Whether rows of the image are columns of the canvas.
    transposed: bool,
    behind: Canvas,
}

impl Placing {
    /// The canvas of a node, for an image that covers `picture` of the view. The rest shows the
    /// background colour, or is transparent in a reply with alpha (H8).
    pub async fn new(
        behind: Canvas,
        node: &Node,
        picture: Option<Rect<ViewSpace>>,
        slice: &mut TimeSlice<'_>,
    ) -> Self {
        Self::of(behind, node.area, node.pixel, picture, slice).await
    }

    async fn of(
        behind: Canvas,
        reply: Rect<ViewSpace>,
        pixel: PixelFormat,
        picture: Option<Rect<ViewSpace>>,
        slice: &mut TimeSlice<'_>,
    ) -> Self {
        let mut canvas = Raster::new(reply.width, reply.height, pixel);
        let is_covered = picture.is_some_and(|picture| picture.intersect(&reply) == reply);
        if let Canvas::Background(color) = behind
            && !(is_covered || pixel.alpha)
        {
            let numbers = numbers_in(color.components, pixel.model);
            for y in 0..reply.height {
                repeat(&numbers[..pixel.colors()], canvas.row_mut(y));
                slice.spend(u64::from(reply.width) / 8).await;
            }
        }
        let at = picture.map_or([0; 2], |picture| [picture.x - reply.x, picture.y - reply.y]);
        Self { canvas, at, transposed: false, behind }
    }

    /// Sets whether rows of the image are columns of the canvas.
    pub fn transposed(self, transposed: bool) -> Self {
        Self { transposed, ..self }
    }

    /// The cost of a row, in pixels of a [`TimeSlice`]. It is 0 unless the row becomes a column.
    pub fn work(&self) -> u64 {
        if self.transposed { u64::from(self.canvas.height) / 4 } else { 0 }
    }

    /// Writes row `nth` of the image. Pixels outside the canvas are dropped.
    pub fn put(&mut self, nth: usize, row: &[u8], pixel: PixelFormat) {
        let Self { canvas, at: [x, y], behind, .. } = self;
        // Offsets along the row and across rows, and the canvas's length in these directions.
        let (along, down, len, rows) = if self.transposed {
            (*y, *x, canvas.height, canvas.width)
        } else {
            (*x, *y, canvas.width, canvas.height)
        };
        let line = down + nth as i64;
        if !(0..i64::from(rows)).contains(&line) {
            return;
        }
        let (cut, first) = ((-along).max(0) as usize, along.max(0) as usize);
        let pixels = row.chunks_exact(pixel.samples()).skip(cut);
        let pixels = pixels.take((len as usize).saturating_sub(first));
        let (out, line) = (canvas.pixel.samples(), line as usize);
        let is_copied = canvas.pixel == pixel && matches!(behind, Canvas::Background(_));
        let laying = Laying::new(pixel, canvas.pixel.model, *behind);
        if self.transposed {
            let stride = canvas.stride();
            let column = canvas.data.chunks_exact_mut(stride).skip(first);
            for (target, pixel) in column.zip(pixels) {
                laying.lay(pixel, target.get_mut(line * out..(line + 1) * out).unwrap_or_default());
            }
            return;
        }
        let target = canvas.row_mut(line as u32).get_mut(first * out..).unwrap_or_default();
        if is_copied {
            let source = row.get(cut * out..).unwrap_or_default();
            let shared = source.len().min(target.len());
            target[..shared].copy_from_slice(&source[..shared]);
            return;
        }
        if let (Canvas::Background(color), PixelFormat::RGBA, 3) = (*behind, pixel, out) {
            let row = row.get(cut * 4..).unwrap_or_default();
            return flatten(row.as_chunks().0, target.as_chunks_mut().0, color.rgb());
        }
        for (target, pixel) in target.chunks_exact_mut(out).zip(pixels) {
            laying.lay(pixel, target);
        }
    }

    /// The canvas.
    pub fn finish(self) -> Raster {
        self.canvas
    }
}

/// Lays RGBA pixels on a background.
fn flatten(row: &[[u8; 4]], target: &mut [[u8; 3]], background: [u8; 3]) {
    for (target, &[r, g, b, alpha]) in target.iter_mut().zip(row) {
        *target = over([r, g, b], alpha, background);
    }
}

/// How pixels are laid on a canvas of another format.
struct Laying {
    from: PixelFormat,
    to: ColorModel,
    /// The background in RGB, and in the model of the canvas. `None`: only their alpha counts.
    behind: Option<([u8; 3], [u8; 4])>,
}

impl Laying {
    fn new(from: PixelFormat, to: ColorModel, behind: Canvas) -> Self {
        let behind = match behind {
            Canvas::Background(color) => Some((color.rgb(), numbers_in(color.components, to))),
            Canvas::Alpha => None,
        };
        Self { from, to, behind }
    }

    /// Converts a pixel without colour management. One without alpha is laid on the background.
    fn lay(&self, pixel: &[u8], out: &mut [u8]) {
        let Self { from, to, behind } = self;
        let (color, alpha) = pixel.split_at_checked(from.colors()).unwrap_or_default();
        let alpha = alpha.first().copied().unwrap_or(255);
        let Some((rgb_behind, behind)) = behind else { return out.fill(alpha) };
        let Some(color) = Components::of(color) else { return };
        let count = PixelFormat { model: *to, alpha: false }.colors();
        let has_alpha = out.len() > count;
        let mut numbers = numbers_in(color, *to);
        if let (Components::Rgb(rgb), ColorModel::Gray, false) = (color, to, has_alpha) {
            numbers[0] = luma(over(rgb, alpha, *rgb_behind));
        } else if !has_alpha {
            numbers = over(numbers, alpha, *behind);
        }
        out.iter_mut().zip(numbers).take(count).for_each(|(out, number)| *out = number);
        if let Some(out) = out.get_mut(count) {
            *out = alpha;
        }
    }
}

/// Porter and Duff's "over" on an opaque background, rounded.
fn over<const N: usize>(color: [u8; N], alpha: u8, background: [u8; N]) -> [u8; N] {
    if alpha == 255 {
        return color;
    }
    let alpha = u32::from(alpha);
    std::array::from_fn(|nth| {
        let (front, back) = (u32::from(color[nth]), u32::from(background[nth]));
        ((front * alpha + back * (255 - alpha) + 127) / 255) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{color::Color, time_slice::at_once};

    const BLUE: Canvas = background([10, 20, 30]);
    const GREY_ALPHA: PixelFormat = PixelFormat { model: ColorModel::Gray, alpha: true };

    const fn background(rgb: [u8; 3]) -> Canvas {
        Canvas::Background(Color::new(Components::Rgb(rgb), 255))
    }

    /// A row of three canvas pixels, with an image of one pixel in the middle.
    fn placed(samples: &[u8], pixel: PixelFormat, out: PixelFormat, behind: Canvas) -> Vec<u8> {
        let (picture, reply) = (Rect::new(6, 7, 1, 1), Rect::new(5, 7, 3, 1));
        let mut target =
            at_once(async |slice| Placing::of(behind, reply, out, Some(picture), slice).await);
        target.put(0, samples, pixel);
        target.finish().data
    }

    #[test]
    fn the_background_shows_around_and_through() {
        let row = placed(&[110, 120, 130, 128], PixelFormat::RGBA, PixelFormat::RGB, BLUE);
        assert_eq!(row, [10, 20, 30, 60, 70, 80, 10, 20, 30]);
    }

    #[test]
    fn a_reply_with_alpha_stays_transparent_around() {
        let row = placed(&[1, 2, 3], PixelFormat::RGB, PixelFormat::RGBA, BLUE);
        assert_eq!(row, [0, 0, 0, 0, 1, 2, 3, 255, 0, 0, 0, 0]);
    }

    #[test]
    fn a_grey_reply_keeps_its_alpha() {
        let row = placed(&[255, 0, 0, 128], PixelFormat::RGBA, GREY_ALPHA, BLUE);
        assert_eq!(row, [0, 0, 76, 128, 0, 0]);
        assert_eq!(placed(&[9], PixelFormat::GRAY, GREY_ALPHA, BLUE), [0, 0, 9, 255, 0, 0]);
    }

    #[test]
    fn a_reply_in_inks_is_laid_on_the_background_or_keeps_its_alpha() {
        let cmyk = PixelFormat { model: ColorModel::Cmyk, alpha: false };
        let white = Canvas::Background(Color::WHITE);
        let row = placed(&[255, 0, 0, 128], PixelFormat::RGBA, cmyk, white);
        assert_eq!(row, [0, 0, 0, 0, 0, 128, 128, 0, 0, 0, 0, 0]);
        let alpha = PixelFormat { alpha: true, ..cmyk };
        let row = placed(&[255, 0, 0, 128], PixelFormat::RGBA, alpha, white);
        assert_eq!(row[5..10], [0, 255, 255, 0, 128]);
        assert_eq!(row[..5], [0; 5]);
    }

    #[test]
    fn inks_stay_and_are_laid_on_inks() {
        let cmyk = PixelFormat { model: ColorModel::Cmyk, alpha: false };
        let inks = Canvas::Background(Color::new(Components::Cmyk([10, 20, 30, 40]), 255));
        let row = placed(&[200, 100, 50, 25], cmyk, cmyk, inks);
        assert_eq!(row, [10, 20, 30, 40, 200, 100, 50, 25, 10, 20, 30, 40]);
        let alpha = PixelFormat { alpha: true, ..cmyk };
        let row = placed(&[200, 100, 50, 25, 0], alpha, cmyk, inks);
        assert_eq!(row[4..8], [10, 20, 30, 40]);
        let row = placed(&[210, 120, 30, 40, 128], alpha, cmyk, inks);
        assert_eq!(row[4..8], [110, 70, 30, 40]);
        let row = placed(&[0, 255, 255, 0], cmyk, PixelFormat::RGB, BLUE);
        assert_eq!(row[3..6], [255, 0, 0]);
    }

    #[test]
    fn a_mask_is_the_alpha_of_the_picture() {
        let grey = PixelFormat::GRAY;
        assert_eq!(placed(&[1, 2, 3, 128], PixelFormat::RGBA, grey, Canvas::Alpha), [0, 128, 0]);
        assert_eq!(placed(&[9], grey, grey, Canvas::Alpha), [0, 255, 0]);
    }

    #[test]
    fn rows_may_be_columns() {
        let (picture, reply) = (Rect::new(1, -1, 2, 3), Rect::new(0, 0, 4, 2));
        let mut target = at_once(async |slice| {
            let behind = background([7; 3]);
            let target = Placing::of(behind, reply, PixelFormat::GRAY, Some(picture), slice).await;
            target.transposed(true)
        });
        target.put(0, &[1, 2, 3], PixelFormat::GRAY);
        target.put(1, &[4, 5, 6], PixelFormat::GRAY);
        assert_eq!(target.finish().data, [7, 2, 5, 7, 7, 3, 6, 7]);
    }

    #[test]
    fn a_picture_larger_than_the_reply_is_cut() {
        let (picture, reply) = (Rect::new(-1, 0, 3, 1), Rect::new(0, 0, 1, 1));
        let mut target = at_once(async |slice| {
            Placing::of(BLUE, reply, PixelFormat::GRAY, Some(picture), slice).await
        });
        target.put(0, &[1, 2, 3], PixelFormat::GRAY);
        assert_eq!(target.finish().data, [2]);
    }

    #[test]
    fn grey_replies_weigh_the_colours() {
        assert_eq!(placed(&[255, 0, 0], PixelFormat::RGB, PixelFormat::GRAY, BLUE)[1], 76);
    }
}
