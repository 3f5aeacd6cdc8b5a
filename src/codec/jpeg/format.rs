//! The JPEG formats of replies: `fmt=jpeg` and `fmt=pjpeg`.

use super::{
    encode::{Components, Encoder, Samples, tokens_memory},
    metadata, size,
};
use crate::{
    codec::{Buffering, EncodeOptions, Format, Metadata, PixelLimits, Subsampling, trimmed},
    error::Result,
    geometry::{ReplySpace, Size},
    pixel::{ColorModel, Raster, Yuv420},
    time_slice::{TimeSlice, Work},
};

/// Baseline JPEG.
pub static BASELINE: Format = Format {
    name: "JPEG",
    names: &["jpeg", "jpg"],
    alpha_names: &[],
    extension: "jpg",
    mime: "image/jpeg",
    models: &[ColorModel::Rgb, ColorModel::Gray, ColorModel::Cmyk],
    largest_side: 65535,
    pixels: PixelLimits::NONE,
    metadata: &[Metadata::Resolution, Metadata::Profile, Metadata::Xmp, Metadata::Paths],
    buffering: Buffering::Rows,
    exact: true,
    one_block: false,
    memory,
    encode: |options, raster, slice| Box::pin(encode(options, raster, slice)),
};

/// Progressive JPEG. Its encoder buffers all coefficients.
pub static PROGRESSIVE: Format = Format {
    name: "progressive JPEG",
    names: &["pjpeg", "pjpg"],
    buffering: Buffering::Whole,
    memory: progressive_memory,
    ..BASELINE
};

/// Encodes a complete file, baseline or progressive. The caller has checked
/// [`Format::largest_side`].
async fn encode(
    options: &EncodeOptions,
    mut raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    if raster.pixel.model == ColorModel::Cmyk {
        // Readers expect inverted inks (I13).
        raster.data.iter_mut().for_each(|ink| *ink = 255 - *ink);
        slice.spend(raster.data.len() as u64 / 64).await;
    }
    if let Some(largest) = options.jpeg_size {
        return size::within(largest, options, raster, slice).await;
    }
    let (encoder, freed) = (encoder(options, options.quality), raster.data.len());
    let (file, _) = file(options, &encoder, &mut raster, slice).await;
    drop(raster);
    Ok(trimmed(file, freed))
}

/// [`Encoder::file`] as a boxed future, so that its code is compiled once.
fn baseline<'a>(
    encoder: &'a Encoder,
    samples: Samples<'a>,
    (size, ppi): ((u16, u16), u16),
    file: &'a mut Vec<u8>,
    slice: &'a mut TimeSlice<'_>,
) -> Work<'a, usize> {
    Box::pin(encoder.file(samples, size, ppi, file, slice))
}

/// Encodes a baseline file of YCbCr, 4:2:0, whose planes are already made. The options ask for these.
pub async fn file_of_planes(
    options: &EncodeOptions,
    picture: Yuv420,
    slice: &mut TimeSlice<'_>,
) -> Vec<u8> {
    let size = (picture.size.width as u16, picture.size.height as u16);
    let freed = picture.planes.iter().map(Vec::len).sum();
    let mut file = Vec::new();
    file.reserve_exact(longest(options, picture.size) as usize + metadata::room(&options.embedded));
    let samples = Samples::Yuv420(picture.planes.each_ref().map(Vec::as_slice));
    let encoder = encoder(options, options.quality);
    baseline(&encoder, samples, (size, density(options)), &mut file, slice).await;
    metadata::embed(&options.embedded, &mut file);
    drop(picture);
    trimmed(file, freed)
}

/// The density of a JFIF segment, in pixels per inch.
pub fn density(options: &EncodeOptions) -> u16 {
    options.print_resolution.round().max(1.0).min(65535.0) as u16
}

/// The encoder of this quality.
pub fn encoder(options: &EncodeOptions, quality: u8) -> Encoder {
    Encoder::new(Components::of(options.pixel.model, options.subsampling), quality)
}

/// Encodes a file, and returns it with the length of the whole file. It is not complete if that
/// exceeds what the encoder goes [up to](Encoder::up_to). A baseline one leaves the raster as it is.
pub fn file<'a>(
    options: &'a EncodeOptions,
    encoder: &'a Encoder,
    raster: &'a mut Raster,
    slice: &'a mut TimeSlice<'_>,
) -> Work<'a, (Vec<u8>, usize)> {
    Box::pin(async move {
        let ppi = density(options);
        let size = (raster.width as u16, raster.height as u16);
        let mut file = Vec::new();
        let len = if *options.format == PROGRESSIVE {
            let mode = (ppi, options.scans);
            let pixels = std::mem::take(&mut raster.data);
            encoder.progressive_file(pixels, size, mode, &mut file, slice).await;
            file.len()
        } else {
            // A vector that grows would double its capacity.
            let most = longest(options, Size::new(raster.width, raster.height)) as usize;
            let most = most.min(encoder.longest().saturating_add(16 << 10));
            file.reserve_exact(most + metadata::room(&options.embedded));
            baseline(encoder, raster.data[..].into(), (size, ppi), &mut file, slice).await
        };
        let written = file.len();
        metadata::embed(&options.embedded, &mut file);
        let metadata = file.len() - written;
        (file, len + metadata)
    })
}

/// Peak memory: the raster, the symbols, and the file. With `jpegSize=` also the best file so far.
fn memory(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let components = Components::of(options.pixel.model, options.subsampling);
    let sides = (size.width as usize, size.height as usize);
    let raster = options.raster_bytes(size) + tokens_memory(components, sides);
    match options.jpeg_size {
        None => raster + longest(options, size),
        Some(_) => raster + size::memory(options, longest(options, size), size),
    }
}

/// Peak memory: all coefficients, 16 bits each, and the file. The file is written into the
/// raster's memory, which grows if it is too small. With `jpegSize=` each attempt has a copy of the
/// raster, and the best file so far is kept.
fn progressive_memory(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let attempts = match options.jpeg_size {
        None => 0,
        Some(_) => options.raster_bytes(size) + size::memory(options, longest(options, size), size),
    };
    attempts + one_progressive(options, size)
}

fn one_progressive(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let (raster, longest) = (options.raster_bytes(size), longest(options, size));
    // Blocks are padded to full size at the right and at the bottom.
    let padding = 16 * 6 * (u64::from(size.width) + u64::from(size.height));
    let room = if longest > raster { 2 * raster + longest } else { raster };
    2 * samples(options, size) + padding + room
}

/// The number of samples of all components.
fn samples(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    match (options.pixel.model, options.subsampling) {
        (ColorModel::Rgb, Subsampling::Yuv420) => size.pixels() * 3 / 2,
        _ => options.raster_bytes(size),
    }
}

/// The size of the longest possible file in bytes, which is that of noise.
pub fn longest(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let percent = match options.quality {
        0..=90 => 50,
        91..=95 => 75,
        _ => 150,
    };
    samples(options, size) * percent / 100 + (16 << 10)
}
