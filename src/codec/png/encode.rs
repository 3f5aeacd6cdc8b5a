//! Encodes replies as PNG with a fast compressor.
//!
//! The encoder writes into a buffer that is allocated once for the longest possible file, next
//! to the raster. A compressor that fills a growing vector, which is then copied into the file,
//! needs four times as much memory.

use std::{
    cell::Cell,
    io::{self, Write},
};

use fdeflate::{Compressor, StoredOnlyCompressor};

use super::{
    chunks::{CHUNKS, begin, chunk, embedded_room, end, head},
    filter::Filter,
};
use crate::{
    codec::{Buffering, EncodeOptions, Format, Metadata, PixelLimits, trimmed},
    error::{Error, Result},
    geometry::{ReplySpace, Size},
    pixel::{ColorModel, Raster},
    time_slice::TimeSlice,
};

/// `fmt=png` and `fmt=png-alpha`. The encoder needs the whole raster, because it reads
/// incompressible rows twice.
pub static FORMAT: Format = Format {
    name: "PNG",
    names: &["png"],
    alpha_names: &["png-alpha"],
    extension: "png",
    mime: "image/png",
    models: &[ColorModel::Rgb, ColorModel::Gray],
    largest_side: i32::MAX as u32,
    pixels: PixelLimits::NONE,
    metadata: &[Metadata::Resolution, Metadata::Profile, Metadata::Xmp],
    buffering: Buffering::Whole,
    exact: true,
    one_block: true,
    memory,
    encode: |options, raster, slice| Box::pin(encode(options, raster, slice)),
};

/// Encodes 8 bits per channel, and writes the print resolution into `pHYs`.
async fn encode(
    options: &EncodeOptions,
    raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let color_type = match raster.pixel.samples() {
        1 => 0,
        2 => 4,
        3 => 2,
        _ => 6,
    };
    let stored = stored_bytes(raster.stride(), raster.height as usize);
    let mut file = Vec::with_capacity(CHUNKS + stored + embedded_room(options));
    head(options, [raster.width, raster.height], 8, color_type, &mut file);
    let start = begin(b"IDAT", &mut file);
    idat(&raster, &mut file, slice).await?;
    // The checksum runs over the whole file without a pause; account for it afterwards.
    slice.spend(file.len() as u64 / 16).await;
    end(start, &mut file);
    chunk(b"IEND", &[], &mut file);
    let freed = raster.data.len();
    drop(raster);
    Ok(trimmed(file, freed))
}

/// Appends a zlib stream of all rows, each after the number of its filter: compressed, or as they are
/// where that is shorter.
pub async fn idat(raster: &Raster, file: &mut Vec<u8>, slice: &mut TimeSlice<'_>) -> Result<()> {
    let failed =
        |error: io::Error| Error::bug("the PNG encoder failed").with_detail(error.to_string());
    let (start, stored) = (file.len(), stored_bytes(raster.stride(), raster.height as usize));
    if !compress(raster, stored, file, slice).await.map_err(failed)? {
        file.truncate(start);
        store(raster, file, slice).await.map_err(failed)?;
    }
    Ok(())
}

/// The raster, the longest possible file (noise, stored uncompressed), and two rows of the filter.
fn memory(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let row = u64::from(size.width) * options.pixel.samples() as u64;
    options.raster_bytes(size) + longest(options, size) + 2 * row
}

/// The size of the longest possible file in bytes.
pub fn longest(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let row = u64::from(size.width) * options.pixel.samples() as u64;
    let raw = (row + 1) * u64::from(size.height);
    // Each block of 64 KiB has a header of five bytes.
    raw + raw / 8192 + 256
}

/// Bytes of a zlib stream of uncompressed rows, each with its filter byte.
fn stored_bytes(row: usize, rows: usize) -> usize {
    StoredOnlyCompressor::<()>::compressed_size((row + 1) * rows)
}

/// Appends the rows compressed. Returns false if that takes more than `most` bytes.
async fn compress(
    raster: &Raster,
    most: usize,
    file: &mut Vec<u8>,
    slice: &mut TimeSlice<'_>,
) -> io::Result<bool> {
    let full = Cell::new(false);
    let end = file.len() + most;
    let mut compressor = Compressor::new(Bounded { file, end, full: &full })?;
    let mut filter = Filter::new(raster.pixel.samples(), raster.stride());
    let mut above: &[u8] = &vec![0; raster.stride()];
    for row in raster.data.chunks_exact(raster.stride().max(1)) {
        compressor.write_data(filter.apply(above, row))?;
        above = row;
        if full.get() {
            return Ok(false);
        }
        slice.spend(raster.width.into()).await;
    }
    compressor.finish()?;
    Ok(!full.get())
}

/// Appends the rows uncompressed.
async fn store(raster: &Raster, file: &mut Vec<u8>, slice: &mut TimeSlice<'_>) -> io::Result<()> {
    let start = file.len() as u64;
    let mut cursor = io::Cursor::new(file);
    cursor.set_position(start);
    let mut stored = StoredOnlyCompressor::new(cursor)?;
    for row in raster.data.chunks_exact(raster.stride().max(1)) {
        stored.write_data(&[0])?;
        stored.write_data(row)?;
        slice.spend(u64::from(raster.width) / 4).await;
    }
    stored.finish().map(|_| ())
}

/// A writer that accepts bytes up to a limit, and records whether more were written.
struct Bounded<'a> {
    file: &'a mut Vec<u8>,
    end: usize,
    full: &'a Cell<bool>,
}

impl Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.file.len() + bytes.len() > self.end {
            // The compressor panics on an error while it flushes, so report none.
            self.full.set(true);
        } else {
            self.file.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        codec::{Embedded, Quantization, Subsampling},
        pixel::{ColorModel, PixelFormat},
        time_slice::at_once,
    };

    const PPI: f64 = 72.0;

    /// The file that the encoder of the `png` crate writes with the same settings.
    fn by_the_crate(raster: &Raster) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, raster.width, raster.height);
        encoder.set_color(match raster.pixel.samples() {
            1 => png::ColorType::Grayscale,
            2 => png::ColorType::GrayscaleAlpha,
            3 => png::ColorType::Rgb,
            _ => png::ColorType::Rgba,
        });
        encoder.set_compression(png::Compression::Fast);
        let ppu = (PPI / 0.0254).round() as u32;
        let unit = png::Unit::Meter;
        encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: ppu, yppu: ppu, unit }));
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&raster.data).unwrap();
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn png_bytes_are_those_of_the_png_crate() {
        let mut state = 1_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        for (model, alpha) in [
            (ColorModel::Gray, false),
            (ColorModel::Gray, true),
            (ColorModel::Rgb, false),
            (ColorModel::Rgb, true),
        ] {
            let pixel = PixelFormat { model, alpha };
            let options = EncodeOptions {
                format: &FORMAT,
                pixel,
                quality: 80,
                subsampling: Subsampling::Yuv420,
                print_resolution: PPI,
                compression: None,
                jpeg_size: None,
                scans: None,
                quantization: Quantization::default(),
                embedded: Embedded::default(),
            };
            for (width, height) in [(1, 1), (7, 5), (33, 40), (200, 150), (300, 250)] {
                let len = (width * height) as usize * pixel.samples();
                let rough = (0..len).map(|_| noise()).collect();
                let smooth = (0..len).map(|at| (at / 9 + at % 7) as u8).collect();
                let mixed = (0..len).map(|at| if at % 5 == 0 { noise() } else { 9 }).collect();
                for data in [rough, smooth, mixed, vec![0; len], vec![255; len]] {
                    let raster = Raster { width, height, pixel, data };
                    let theirs = by_the_crate(&raster);
                    let ours =
                        at_once(async |slice| encode(&options, raster, slice).await).unwrap();
                    assert!(ours == theirs, "{width} × {height} × {pixel:?}");
                }
            }
        }
    }
}
