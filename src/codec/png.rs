//! PNG, written fast: the reply is cached, and its reader may be a phone.

use std::io::Write;

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, PixelDimensions, Unit};

use crate::{
    error::{Error, Result},
    geometry::{Reply, Size},
    raster::Raster,
    scene::Output,
    time_slice::TimeSlice,
};

/// Bytes of an `IDAT` chunk.
const CHUNK: usize = 64 << 10;

/// 8 bits a channel; the resolution goes into `pHYs`. What the fast compression would make longer
/// is stored.
pub async fn encode(
    output: &Output,
    raster: &Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let bytes = compressed(output, raster, Compression::Fast, slice).await?;
    if bytes.len() <= raster.data.len() + raster.data.len() / 1000 + 1024 {
        return Ok(bytes);
    }
    drop(bytes);
    compressed(output, raster, Compression::NoCompression, slice).await
}

async fn compressed(
    output: &Output,
    raster: &Raster,
    compression: Compression,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(raster.data.len() / 2 + 1024);
    let mut encoder = Encoder::new(&mut bytes, raster.width, raster.height);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_color(match raster.channels {
        1 => ColorType::Grayscale,
        2 => ColorType::GrayscaleAlpha,
        3 => ColorType::Rgb,
        _ => ColorType::Rgba,
    });
    encoder.set_compression(compression);
    let per_metre = (output.print_resolution / 0.0254).round().max(1.0).min(1e9) as u32;
    encoder.set_pixel_dims(Some(PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: Unit::Meter,
    }));
    let mut writer = encoder.write_header().map_err(failed)?;
    if cfg!(not(feature = "slices")) {
        writer.write_image_data(&raster.data).map_err(failed)?;
        writer.finish().map_err(failed)?;
        return Ok(bytes);
    }
    let mut rows = writer.stream_writer_with_size(CHUNK).map_err(failed)?;
    for y in 0..raster.height {
        rows.write_all(raster.row(y)).map_err(|error| failed(error.into()))?;
        slice.spend(raster.width.into()).await;
    }
    rows.finish().map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

fn failed(error: EncodingError) -> Error {
    Error::bug("the PNG encoder failed").with_detail(error.to_string())
}

/// Noise does not compress: the filtered rows, and the result growing by doubling.
pub fn memory(output: &Output, size: Size<Reply>) -> u64 {
    let samples = size.pixels() * output.channels() as u64;
    samples * 2 + (256 << 10)
}
