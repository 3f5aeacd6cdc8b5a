//! Converts pixels to luma and chroma (BT.601, as RFC 6386, section 9.2, prescribes).

use super::planes::Planes;
use crate::{pixel::Raster, time_slice::TimeSlice};

/// The red, green and blue samples of two rows, repeated up to whole macroblocks.
type Channels = [Vec<u8>; 3];

/// Converts a raster of greys or RGB; alpha is left out.
pub async fn convert(raster: &Raster, slice: &mut TimeSlice<'_>) -> Planes {
    let mut planes = Planes::new((raster.width as usize, raster.height as usize));
    let samples = planes.y.stride * 2;
    let mut channels = [vec![0; samples], vec![0; samples], vec![0; samples]];
    for pair in 0..planes.macroblocks.1 * 8 {
        let last = planes.size.1 - 1;
        for (nth, y) in [pair * 2, pair * 2 + 1].into_iter().enumerate() {
            read(raster, y.min(last), nth, &mut channels);
        }
        fill(&mut planes, pair, &channels);
        slice.spend(samples as u64).await;
    }
    planes
}

/// Reads row `y` into the first or the second half of the channels.
#[inline(never)]
fn read(raster: &Raster, y: usize, half: usize, channels: &mut Channels) {
    let [reds, greens, blues] = channels.each_mut().map(|channel| {
        let middle = channel.len() / 2;
        let (first, second) = channel.split_at_mut(middle);
        if half == 0 { first } else { second }
    });
    let pixels = raster.row(y as u32).chunks_exact(raster.pixel.samples());
    let to = reds.iter_mut().zip(&mut *greens).zip(&mut *blues);
    for (((red, green), blue), pixel) in to.zip(pixels) {
        (*red, *green, *blue) = match *pixel {
            [red, green, blue, ..] => (red, green, blue),
            [gray, ..] => (gray, gray, gray),
            [] => (0, 0, 0),
        };
    }
    let width = raster.width as usize;
    for row in [reds, greens, blues] {
        let last = row[width - 1];
        row[width..].fill(last);
    }
}

/// Converts two rows.
#[inline(never)]
fn fill(planes: &mut Planes, pair: usize, channels: &Channels) {
    let Planes { y, u, v, .. } = planes;
    let [reds, greens, blues] = channels;
    let luma = &mut y.samples[pair * 2 * y.stride..][..2 * y.stride];
    for (to, ((red, green), blue)) in luma.iter_mut().zip(reds.iter().zip(greens).zip(blues)) {
        *to = luma_of([*red, *green, *blue]);
    }
    let [reds, greens, blues] = channels.each_ref().map(|channel| {
        let (above, below) = channel.split_at(y.stride);
        above.chunks_exact(2).zip(below.chunks_exact(2)).map(|(above, below)| {
            [above[0], above[1], below[0], below[1]].map(i32::from).iter().sum::<i32>()
        })
    });
    let to = u.samples[pair * u.stride..].iter_mut().zip(&mut v.samples[pair * v.stride..]);
    for ((u, v), ((red, green), blue)) in to.zip(reds.zip(greens).zip(blues)) {
        [*u, *v] = chroma_of([red, green, blue]);
    }
}

/// Luma of BT.601 in the range 16 to 235, in units of 2⁻¹⁶.
#[inline]
fn luma_of([red, green, blue]: [u8; 3]) -> u8 {
    let sum = 16839 * i32::from(red) + 33059 * i32::from(green) + 6420 * i32::from(blue);
    ((sum + (16 << 16) + (1 << 15)) >> 16) as u8
}

/// Chroma of BT.601 in the range 16 to 240, from the sums of four pixels.
#[inline]
fn chroma_of([red, green, blue]: [i32; 3]) -> [u8; 2] {
    let u = -9719 * red - 19081 * green + 28800 * blue;
    let v = 28800 * red - 24116 * green - 4684 * blue;
    [u, v].map(|sum| ((sum + (128 << 18) + (1 << 17)) >> 18).clamp(0, 255) as u8)
}
