//! PNG, written fast: the reply is cached, and its reader may be a phone.

use png::{BitDepth, ColorType, Compression, Encoder, PixelDimensions, Unit};

use crate::{
    error::{Error, Result},
    geometry::{Reply, Size},
    raster::Raster,
    scene::Output,
};

/// 8 bits a channel; the resolution goes into `pHYs`.
pub fn encode(output: &Output, raster: &Raster) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(raster.data.len() / 2 + 1024);
    let failed = |error: png::EncodingError| {
        Error::bug("the PNG encoder failed").with_detail(error.to_string())
    };
    let mut encoder = Encoder::new(&mut bytes, raster.width, raster.height);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_color(match raster.channels {
        1 => ColorType::Grayscale,
        2 => ColorType::GrayscaleAlpha,
        3 => ColorType::Rgb,
        _ => ColorType::Rgba,
    });
    encoder.set_compression(Compression::Fast);
    let per_metre = (output.print_resolution / 0.0254).round().max(1.0).min(1e9) as u32;
    encoder.set_pixel_dims(Some(PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: Unit::Meter,
    }));
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&raster.data).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

/// Noise does not compress: the filtered rows, and the result growing by doubling.
pub fn memory(output: &Output, size: Size<Reply>) -> u64 {
    let samples = size.pixels() * output.channels() as u64;
    samples * 2 + (256 << 10)
}
