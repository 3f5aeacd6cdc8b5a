//! Puts drawn rows on the reply's canvas, in the channels the encoder wants.

use crate::{
    geometry::{Rect, Reply},
    raster::Raster,
    time_slice::TimeSlice,
};

/// A canvas that takes the rows of a picture as they are made, so that picture and canvas are
/// never both in memory.
pub struct Target {
    canvas: Raster,
    /// Where the picture lies.
    area: Rect<Reply>,
    /// Whether its rows are columns of the canvas.
    transposed: bool,
    background: [u8; 3],
}

impl Target {
    /// The reply: the picture at `area`, and around and behind it the background colour, or
    /// nothing in a reply that keeps alpha (H8).
    pub async fn new(
        area: Rect<Reply>,
        reply: Rect<Reply>,
        channels: usize,
        background: [u8; 3],
        slice: &mut TimeSlice<'_>,
    ) -> Self {
        let mut canvas = Raster::new(reply.width, reply.height, channels);
        let is_covered = area.intersect(&reply) == reply;
        let bare = if is_covered { 0 } else { reply.height };
        for y in 0..bare {
            let row = canvas.row_mut(y);
            match channels {
                1 => row.fill(luma(background)),
                3 => row.as_chunks_mut().0.fill(background),
                _ => {}
            }
            slice.spend(u64::from(reply.width) / 8).await;
        }
        Self { canvas, area, transposed: false, background }
    }

    /// The same for a picture whose rows are columns.
    pub fn transposed(self, transposed: bool) -> Self {
        Self { transposed, ..self }
    }

    /// The work of a row, in pixels of a [`TimeSlice`]: it is hardly any, but for a row that
    /// becomes a column.
    pub fn work(&self) -> u64 {
        if self.transposed { u64::from(self.canvas.height) / 4 } else { 0 }
    }

    /// Takes row `nth` of the picture, of pixels of 1, 3 or 4 channels. What lies outside of the
    /// canvas is cut off.
    pub fn put(&mut self, nth: usize, row: &[u8], channels: usize) {
        let Self { canvas, area, .. } = self;
        // Along the row, and down to it.
        let (along, down, len, rows) = if self.transposed {
            (area.y, area.x, canvas.height, canvas.width)
        } else {
            (area.x, area.y, canvas.width, canvas.height)
        };
        let line = down + nth as i64;
        if !(0..i64::from(rows)).contains(&line) {
            return;
        }
        let (cut, first) = ((-along).max(0) as usize, along.max(0) as usize);
        let pixels = row.chunks_exact(channels).skip(cut);
        let pixels = pixels.take((len as usize).saturating_sub(first));
        let (out, line) = (canvas.channels, line as usize);
        if self.transposed {
            let stride = canvas.stride();
            let column = canvas.data.chunks_exact_mut(stride).skip(first);
            for (target, pixel) in column.zip(pixels) {
                let target = target.get_mut(line * out..(line + 1) * out).unwrap_or_default();
                convert(pixel, target, self.background);
            }
            return;
        }
        let target = canvas.row_mut(line as u32).get_mut(first * out..).unwrap_or_default();
        if out == channels {
            let source = row.get(cut * out..).unwrap_or_default();
            let shared = source.len().min(target.len());
            target[..shared].copy_from_slice(&source[..shared]);
            return;
        }
        for (target, pixel) in target.chunks_exact_mut(out).zip(pixels) {
            convert(pixel, target, self.background);
        }
    }

    /// The canvas.
    pub fn finish(self) -> Raster {
        self.canvas
    }
}

/// One pixel from 1, 3 or 4 channels to 1 to 4.
fn convert(pixel: &[u8], out: &mut [u8], background: [u8; 3]) {
    if pixel.len() == out.len() {
        return out.copy_from_slice(pixel);
    }
    let (rgb, alpha) = match *pixel {
        [grey] => ([grey; 3], 255),
        [r, g, b] => ([r, g, b], 255),
        [r, g, b, alpha] => ([r, g, b], alpha),
        _ => return,
    };
    match out {
        [grey] => *grey = luma(over(rgb, alpha, background)),
        [grey, a] => [*grey, *a] = [luma(rgb), alpha],
        [r, g, b] => [*r, *g, *b] = over(rgb, alpha, background),
        [r, g, b, a] => [*r, *g, *b, *a] = [rgb[0], rgb[1], rgb[2], alpha],
        _ => {}
    }
}

/// Porter and Duff's "over" on an opaque background, rounded.
fn over(rgb: [u8; 3], alpha: u8, background: [u8; 3]) -> [u8; 3] {
    if alpha == 255 {
        return rgb;
    }
    let alpha = u32::from(alpha);
    let mix = |front: u8, back: u8| {
        ((u32::from(front) * alpha + u32::from(back) * (255 - alpha) + 127) / 255) as u8
    };
    [0, 1, 2].map(|channel| mix(rgb[channel], background[channel]))
}

/// ITU-R BT.601 luma in thousandths.
fn luma([r, g, b]: [u8; 3]) -> u8 {
    ((299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b) + 500) / 1000) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time_slice::at_once;

    fn place(
        drawn: &Raster,
        area: Rect<Reply>,
        reply: Rect<Reply>,
        channels: usize,
        background: [u8; 3],
    ) -> Raster {
        let mut target =
            at_once(async |slice| Target::new(area, reply, channels, background, slice).await);
        (0..drawn.height).for_each(|y| target.put(y as usize, drawn.row(y), drawn.channels));
        target.finish()
    }

    fn placed(pixel: &[u8], channels: usize) -> Vec<u8> {
        let raster = Raster { width: 1, height: 1, channels: pixel.len(), data: pixel.to_vec() };
        let (area, reply) = (Rect::new(1, 0, 1, 1), Rect::new(0, 0, 3, 1));
        place(&raster, area, reply, channels, [10, 20, 30]).data
    }

    #[test]
    fn the_background_shows_around_and_through() {
        assert_eq!(placed(&[110, 120, 130, 128], 3), [10, 20, 30, 60, 70, 80, 10, 20, 30]);
    }

    #[test]
    fn a_reply_with_alpha_stays_transparent_around() {
        assert_eq!(placed(&[1, 2, 3], 4), [0, 0, 0, 0, 1, 2, 3, 255, 0, 0, 0, 0]);
    }

    #[test]
    fn a_grey_reply_keeps_its_alpha() {
        assert_eq!(placed(&[255, 0, 0, 128], 2), [0, 0, 76, 128, 0, 0]);
        assert_eq!(placed(&[9], 2), [0, 0, 9, 255, 0, 0]);
    }

    #[test]
    fn rows_may_be_columns() {
        let (area, reply) = (Rect::new(1, -1, 2, 3), Rect::new(0, 0, 4, 2));
        let mut target = at_once(async |slice| {
            Target::new(area, reply, 1, [7; 3], slice).await.transposed(true)
        });
        target.put(0, &[1, 2, 3], 1);
        target.put(1, &[4, 5, 6], 1);
        assert_eq!(target.finish().data, [7, 2, 5, 7, 7, 3, 6, 7]);
    }

    #[test]
    fn an_area_larger_than_the_reply_is_cut() {
        let raster = Raster { width: 3, height: 1, channels: 1, data: vec![1, 2, 3] };
        let canvas = place(&raster, Rect::new(-1, 0, 3, 1), Rect::new(0, 0, 1, 1), 1, [0; 3]);
        assert_eq!(canvas.data, [2]);
    }

    #[test]
    fn grey_replies_weigh_the_colours() {
        assert_eq!(placed(&[255, 0, 0], 1)[1], 76);
    }
}
