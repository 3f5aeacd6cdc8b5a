//! Palettes (`quantize=`): reduces an image to at most 256 colours.
//!
//! An image that has no more colours than its palette may have becomes exactly that palette. Only
//! others pass through the quantiser: [`adaptive`] chooses the colours, [`dither`] assigns the pixels.

mod adaptive;
mod dither;
mod exact;
mod fixed;
mod histogram;
mod nearest;

use crate::{
    codec::{EncodeOptions, Palette},
    geometry::{ReplySpace, Size},
    pixel::Raster,
    time_slice::TimeSlice,
};

/// An image of indices into a palette.
pub struct Indexed {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Red, green, blue and alpha; those with the least alpha come first. At most 256.
    pub colors: Vec<[u8; 4]>,
    /// One index per pixel, row by row.
    pub indices: Vec<u8>,
}

/// How a format stores transparency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alpha {
    /// One transparent colour; all others are opaque. Alpha is rounded at one half (I6).
    Key,
    /// An alpha value for each colour of the palette.
    Full,
}

/// The colour of all transparent pixels.
const TRANSPARENT: [u8; 4] = [0; 4];

/// Reduces an image to the palette that the request asks for. The indices take the memory of the
/// pixels.
pub async fn indexed(
    options: &EncodeOptions,
    mut raster: Raster,
    alpha: Alpha,
    slice: &mut TimeSlice<'_>,
) -> Indexed {
    let quantization = &options.quantization;
    let colors = if quantization.palette == Palette::Adaptive {
        exact::colors(&raster, quantization, alpha, slice).await
    } else {
        None
    };
    let colors = match colors {
        Some(colors) => {
            exact::index(&mut raster, &colors, alpha, slice).await;
            colors.list
        }
        None => quantized(options, &mut raster, slice).await,
    };
    let Raster { width, height, data: mut indices, .. } = raster;
    indices.truncate(width as usize * height as usize);
    indices.shrink_to_fit();
    Indexed { width, height, colors, indices }
}

/// Reduces an image to colours that it need not have. Alpha is rounded to opaque or transparent.
async fn quantized(
    options: &EncodeOptions,
    raster: &mut Raster,
    slice: &mut TimeSlice<'_>,
) -> Vec<[u8; 4]> {
    let quantization = &options.quantization;
    let has_key = is_transparent_anywhere(raster, slice).await;
    let room = 256 - usize::from(has_key);
    let mut colors = match quantization.palette {
        Palette::Web => fixed::web(),
        Palette::Mac => fixed::mac(),
        Palette::Adaptive => {
            let most = usize::from(quantization.colors).min(room);
            adaptive::colors(raster, &quantization.forced, most, slice).await
        }
    };
    colors.truncate(room);
    dither::index(raster, &colors, quantization.diffuse, has_key, slice).await;
    let key = has_key.then_some(TRANSPARENT);
    key.into_iter().chain(colors.into_iter().map(|[r, g, b]| [r, g, b, 255])).collect()
}

async fn is_transparent_anywhere(raster: &Raster, slice: &mut TimeSlice<'_>) -> bool {
    let samples = raster.pixel.samples();
    if !raster.pixel.alpha {
        return false;
    }
    for row in raster.data.chunks_exact(raster.stride().max(1)) {
        if row.chunks_exact(samples).any(|pixel| rgba(pixel, Alpha::Key) == TRANSPARENT) {
            return true;
        }
        slice.spend(u64::from(raster.width) / 16).await;
    }
    false
}

/// The colour of a grey or RGB pixel, as the format can store it.
#[inline]
fn rgba(pixel: &[u8], alpha: Alpha) -> [u8; 4] {
    let color = match *pixel {
        [grey] => [grey, grey, grey, 255],
        [grey, alpha] => [grey, grey, grey, alpha],
        [r, g, b] => [r, g, b, 255],
        [r, g, b, alpha, ..] => [r, g, b, alpha],
        [] => TRANSPARENT,
    };
    match (color, alpha) {
        ([.., 0], _) | ([.., 0..=127], Alpha::Key) => TRANSPARENT,
        ([r, g, b, _], Alpha::Key) => [r, g, b, 255],
        (color, Alpha::Full) => color,
    }
}

/// Peak memory besides the raster, in bytes. With fewer pixels than colours the quantiser never
/// runs.
pub fn memory(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let quantization = &options.quantization;
    let rows = 4 * options.raster_bytes(Size::new(size.width, 1)) + dither::memory(size.width);
    let adaptive = match quantization.palette {
        Palette::Adaptive if size.pixels() <= u64::from(quantization.colors) => 0,
        Palette::Adaptive => histogram::memory(size.pixels()),
        Palette::Web | Palette::Mac => nearest::MEMORY,
    };
    rows + adaptive + (16 << 10)
}

#[cfg(test)]
mod tests;
