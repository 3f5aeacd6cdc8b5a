//! JPEG: baseline in one interleaved scan, or progressive.

use jpeg_encoder::{ColorType, Encoder, PixelDensity, PixelDensityUnit, SamplingFactor};

use crate::{
    color::Halved,
    commands::{Chroma, Format},
    error::{Error, Result},
    geometry::{Reply, Size},
    raster::Raster,
    scene::Output,
};

/// Baseline uses the standard Huffman tables: fitted ones need all coefficients in memory and
/// would come in a scan per colour.
pub fn encode(output: &Output, raster: &Raster) -> Result<Vec<u8>> {
    let (Ok(width), Ok(height)) = (u16::try_from(raster.width), u16::try_from(raster.height))
    else {
        return Err(Error::too_large("fmt=jpeg: a JPEG has at most 65535 pixels a side"));
    };
    let mut bytes = Vec::with_capacity(raster.data.len() / 8 + 1024);
    let mut encoder = Encoder::new(&mut bytes, output.quality);
    encoder.set_sampling_factor(match output.chroma {
        Chroma::Halved => SamplingFactor::F_2_2,
        Chroma::Full => SamplingFactor::F_1_1,
    });
    encoder.set_progressive(output.format == Format::ProgressiveJpeg);
    let ppi = output.print_resolution.round().max(1.0).min(65535.0) as u16;
    encoder.set_density(PixelDensity { density: (ppi, ppi), unit: PixelDensityUnit::Inches });
    let pixels = &raster.data;
    let encoded = match (raster.channels, output.chroma) {
        (1, _) => encoder.encode(pixels, width, height, ColorType::Luma),
        (_, Chroma::Halved) => encoder.encode_image(Halved { pixels, width, height }),
        (_, Chroma::Full) => encoder.encode(pixels, width, height, ColorType::Rgb),
    };
    encoded
        .map_err(|error| Error::bug("the JPEG encoder failed").with_detail(error.to_string()))?;
    Ok(bytes)
}

/// The result grows by doubling; a progressive one keeps all coefficients, 16 bits each.
pub fn memory(output: &Output, size: Size<Reply>, progressive: bool) -> u64 {
    let samples = match (output.channels(), output.chroma) {
        (1, _) => 2,
        (_, Chroma::Halved) => 3,
        (_, Chroma::Full) => 6,
    } * size.pixels()
        / 2;
    let coefficients = if progressive { samples * 2 } else { 0 };
    // Measured on noise: up to 1.1 bytes a sample at quality 100, a third of it at 90.
    let bytes = if output.quality > 95 { samples * 11 / 10 } else { samples / 2 };
    coefficients + bytes * 2 + (256 << 10)
}
