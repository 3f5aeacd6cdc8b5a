//! Assigns the pixels of an image to the colours of a palette, with error diffusion if requested.
//!
//! Floyd and Steinberg, "An adaptive algorithm for spatial greyscale" (Proceedings of the Society
//! for Information Display 17, 1976), from left to right and back in turn, which avoids the worms
//! of a single direction.

use super::{Alpha, TRANSPARENT, nearest::Nearest, rgba};
use crate::{pixel::Raster, time_slice::TimeSlice};

/// An error in sixteenths, for each channel.
type Error = [i32; 3];

/// Bytes of the two rows of errors.
pub fn memory(width: u32) -> u64 {
    2 * (u64::from(width) + 2) * size_of::<Error>() as u64
}

/// Replaces the pixels by the indices of their colours, at the beginning of the raster's memory.
/// With `has_key`, index 0 is the transparent colour, which precedes the others.
pub async fn index(
    raster: &mut Raster,
    colors: &[[u8; 3]],
    diffuse: bool,
    has_key: bool,
    slice: &mut TimeSlice<'_>,
) {
    let (width, stride) = (raster.width as usize, raster.stride());
    let mut row = Vec::with_capacity(stride);
    let mut indices = vec![0; width];
    let mut nearest = Nearest::new(colors);
    // A pixel's errors are one place to the right, so that its neighbours always have a place.
    let places = if diffuse { width + 2 } else { 0 };
    let mut errors: [Vec<Error>; 2] = [vec![[0; 3]; places], vec![[0; 3]; places]];
    // What a pixel costs, in drawn pixels. Diffusion makes colours whose nearest is not known yet.
    let work = if diffuse { 24 } else { 3 };
    for y in 0..raster.height as usize {
        row.clear();
        row.extend_from_slice(raster.row(y as u32));
        let pixels = row.chunks_exact(raster.pixel.samples());
        if diffuse {
            errors[1].fill([0; 3]);
            let leftwards = y % 2 == 1;
            for nth in 0..width {
                let at = if leftwards { width - 1 - nth } else { nth };
                let pixel = pixels.clone().nth(at).unwrap_or_default();
                let color = rgba(pixel, Alpha::Key);
                let index = if color == TRANSPARENT {
                    0
                } else {
                    step(color, (at, leftwards), &mut errors, colors, &mut nearest)
                        + u8::from(has_key)
                };
                if let Some(out) = indices.get_mut(at) {
                    *out = index;
                }
            }
            errors.swap(0, 1);
        } else {
            for (out, pixel) in indices.iter_mut().zip(pixels) {
                *out = match rgba(pixel, Alpha::Key) {
                    TRANSPARENT => 0,
                    [r, g, b, _] => nearest.find([r, g, b]) + u8::from(has_key),
                };
            }
        }
        if let Some(out) = raster.data.get_mut(y * width..(y + 1) * width) {
            out.copy_from_slice(&indices);
        }
        slice.spend(width as u64 * work).await;
    }
}

/// Assigns one pixel, and hands its error on to the neighbours that follow. The errors are those of
/// its row and of the row below.
#[inline]
fn step(
    [r, g, b, _]: [u8; 4],
    (at, leftwards): (usize, bool),
    errors: &mut [Vec<Error>; 2],
    colors: &[[u8; 3]],
    nearest: &mut Nearest,
) -> u8 {
    let error = errors[0].get(at + 1).copied().unwrap_or_default();
    let wanted: [u8; 3] = std::array::from_fn(|nth| {
        (i32::from([r, g, b][nth]) + ((error[nth] + 8) >> 4)).clamp(0, 255) as u8
    });
    let index = nearest.find(wanted);
    let color = colors.get(usize::from(index)).copied().unwrap_or_default();
    let (ahead, behind) = if leftwards { (at, at + 2) } else { (at + 2, at) };
    let rest: Error = std::array::from_fn(|nth| i32::from(wanted[nth]) - i32::from(color[nth]));
    for (row, at, weight) in [(0, ahead, 7), (1, behind, 3), (1, at + 1, 5), (1, ahead, 1)] {
        for (error, rest) in errors[row].get_mut(at).into_iter().flatten().zip(rest) {
            *error += weight * rest;
        }
    }
    index
}
