//! Puts the drawn image on the reply's canvas, in the channels the encoder wants.

use crate::{
    geometry::{Rect, Reply},
    raster::Raster,
    time_slice::TimeSlice,
};

/// The reply: `drawn` at `area`, and around and behind it the background colour, or nothing in
/// a reply that keeps alpha (H8).
pub async fn place(
    drawn: &Raster,
    area: Rect<Reply>,
    reply: Rect<Reply>,
    channels: usize,
    background: [u8; 3],
    slice: &mut TimeSlice<'_>,
) -> Raster {
    let mut canvas = Raster::new(reply.width, reply.height, channels);
    let seen = area.intersect(&reply);
    for y in 0..i64::from(reply.height) {
        slice.spend(u64::from(reply.width) / 4).await;
        let row = canvas.row_mut(y as u32);
        match channels {
            1 => row.fill(luma(background)),
            3 => row.chunks_exact_mut(3).for_each(|pixel| pixel.copy_from_slice(&background)),
            _ => {}
        }
        if !(seen.y..seen.bottom()).contains(&y) {
            continue;
        }
        let from = (seen.x - area.x) as usize * drawn.channels;
        let to = seen.x as usize * channels;
        let source = drawn.row((y - area.y) as u32).get(from..).unwrap_or_default();
        let target = row.get_mut(to..).unwrap_or_default();
        let pixels = source.chunks_exact(drawn.channels).take(seen.width as usize);
        for (out, pixel) in target.chunks_exact_mut(channels).zip(pixels) {
            convert(pixel, out, background);
        }
    }
    canvas
}

/// One pixel from 1, 3 or 4 channels to 1 to 4.
fn convert(pixel: &[u8], out: &mut [u8], background: [u8; 3]) {
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
        at_once(async |slice| super::place(drawn, area, reply, channels, background, slice).await)
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
