//! Encodes replies as TIFF: `fmt=tif` and `fmt=tif-alpha`.

use super::{
    directory::{self, BYTE, LONG, Tag, Tail, UNDEFINED, blob, long, numbers, resolution, shorts},
    strips::{self, Stored, Strips},
};
use crate::{
    codec::{
        Buffering, Compression, Embedded, EncodeOptions, Format, Metadata, PixelLimits,
        Subsampling,
        jpeg::{
            self,
            encode::{Components, Encoder},
        },
        trimmed,
    },
    error::{Error, Result},
    geometry::{ReplySpace, Size},
    pixel::{ColorModel, Raster},
    time_slice::TimeSlice,
};

/// TIFF in strips, with its directory at the end.
pub static FORMAT: Format = Format {
    name: "TIFF",
    names: &["tif", "tiff"],
    alpha_names: &["tif-alpha", "tiff-alpha"],
    extension: "tif",
    mime: "image/tiff",
    models: &[ColorModel::Rgb, ColorModel::Gray, ColorModel::Cmyk],
    largest_side: i32::MAX as u32,
    pixels: PixelLimits::NONE,
    metadata: &[Metadata::Resolution, Metadata::Profile, Metadata::Xmp, Metadata::Paths],
    buffering: Buffering::Whole,
    exact: true,
    one_block: true,
    memory,
    encode: |options, raster, slice| Box::pin(encode(options, raster, slice)),
};

/// Bytes of the header: byte order, version, offset of the directory.
const HEADER: usize = 8;

/// Bytes of the directory without the lists of strips.
const DIRECTORY: usize = 2 << 10;

/// Bytes of the compressor and of the strip that it compresses.
const COMPRESSOR: u64 = 512 << 10;

/// How the pixels are stored: as `fmt=` says, but never as JPEG with alpha (r-is-http-fmt).
fn stored(options: &EncodeOptions) -> Stored {
    match options.compression {
        Some(Compression::Lzw) => Stored::Lzw,
        Some(Compression::Zip) => Stored::Zip,
        Some(Compression::Jpeg) if !options.pixel.alpha => {
            let components = Components::of(options.pixel.model, options.subsampling);
            Stored::Jpeg(Box::new(Encoder::new(components, options.quality)))
        }
        Some(
            Compression::Jpeg | Compression::Lossless | Compression::Lossy | Compression::None,
        )
        | None => Stored::Raw,
    }
}

async fn encode(
    options: &EncodeOptions,
    raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let mut stored = stored(options);
    if matches!(stored, Stored::Jpeg(_)) && raster.width > jpeg::BASELINE.largest_side {
        let most = jpeg::BASELINE.largest_side;
        return Err(Error::too_large(format!(
            "fmt=tif,,jpeg: a JPEG is at most {most} pixels wide; use fmt=tif,,zip"
        )));
    }
    let size = Size::new(raster.width, raster.height);
    let mut file = Vec::with_capacity(longest(options, size) as usize);
    file.extend_from_slice(b"II*\0\0\0\0\0");
    let room = HEADER + raster.data.len();
    let limit = if matches!(stored, Stored::Jpeg(_)) { usize::MAX } else { room };
    let mut strips = strips::write(options, &raster, &stored, limit, &mut file, slice).await?;
    if strips.is_none() {
        // It is longer than the pixels themselves.
        file.truncate(HEADER);
        stored = Stored::Raw;
        strips = strips::write(options, &raster, &stored, limit, &mut file, slice).await?;
    }
    let strips = strips.ok_or_else(|| Error::bug("a TIFF is longer than its pixels"))?;
    finish(options, size, &stored, &strips, &mut file);
    let freed = raster.data.len();
    drop(raster);
    Ok(trimmed(file, freed))
}

/// Appends the directory, and writes its offset into the header.
#[inline(never)]
fn finish(
    options: &EncodeOptions,
    size: Size<ReplySpace>,
    stored: &Stored,
    strips: &Strips,
    file: &mut Vec<u8>,
) {
    if file.len() % 2 == 1 {
        file.push(0);
    }
    let at = file.len() as u32;
    if let Some(offset) = file.get_mut(4..HEADER) {
        offset.copy_from_slice(&at.to_le_bytes());
    }
    let tags = tags(options, size, stored, strips);
    let mut directory = Vec::new();
    let mut unused = Tail { end: 0, bytes: Vec::new() };
    directory::directory(&mut directory, at.into(), &tags, &[], &mut unused, false, true);
    file.extend_from_slice(&directory);
}

fn tags(
    options: &EncodeOptions,
    size: Size<ReplySpace>,
    stored: &Stored,
    strips: &Strips,
) -> Vec<Tag> {
    let pixel = options.pixel;
    let jpeg = match stored {
        Stored::Jpeg(encoder) => Some(encoder),
        Stored::Raw | Stored::Lzw | Stored::Zip => None,
    };
    let mut at = HEADER as u32;
    let offsets = strips.counts.iter().map(|count| {
        at += count;
        (at - count).to_le_bytes()
    });
    let (compression, differences) = match stored {
        Stored::Raw => (1, false),
        Stored::Lzw => (5, true),
        Stored::Jpeg(_) => (7, false),
        Stored::Zip => (8, true),
    };
    let photometric = match (pixel.model, jpeg) {
        (ColorModel::Gray, _) => 1,
        (ColorModel::Rgb, None) => 2,
        (ColorModel::Rgb, Some(_)) => 6,
        (ColorModel::Cmyk, _) => 5,
    };
    let mut tags = vec![
        long(256, size.width),
        long(257, size.height),
        shorts(258, &vec![8; pixel.samples()]),
        shorts(259, &[compression]),
        shorts(262, &[photometric]),
        numbers(273, LONG, offsets),
        shorts(277, &[pixel.samples() as u16]),
        long(278, strips.rows as u32),
        numbers(279, LONG, strips.counts.iter().map(|count| count.to_le_bytes())),
        shorts(284, &[1]),
    ];
    tags.extend(resolution(options.print_resolution));
    if differences {
        tags.push(shorts(317, &[2]));
    }
    if pixel.alpha {
        // Unassociated alpha: the colours are not premultiplied, and kept where they are invisible.
        tags.push(shorts(338, &[2]));
    }
    if let Some(encoder) = jpeg {
        tags.push(blob(347, UNDEFINED, &encoder.tables()));
    }
    let Embedded { profile, xmp, paths } = &options.embedded;
    let blobs = [(700, BYTE, xmp), (34377, BYTE, paths), (34675, UNDEFINED, profile)];
    let blobs = blobs.into_iter().filter(|(_, _, bytes)| !bytes.is_empty());
    tags.extend(blobs.map(|(tag, kind, bytes)| blob(tag, kind, bytes)));
    if photometric == 6 {
        let by = if options.subsampling == Subsampling::Yuv420 { 2 } else { 1 };
        tags.push(shorts(530, &[by; 2]));
    }
    tags
}

/// The raster, the file, and the compressor.
fn memory(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let compressor = match stored(options) {
        Stored::Raw => 0,
        Stored::Lzw | Stored::Zip | Stored::Jpeg(_) => {
            // A strip has sixteen rows at least.
            COMPRESSOR + 3 * options.raster_bytes(Size::new(size.width, 16))
        }
    };
    options.raster_bytes(size) + longest(options, size) + compressor
}

/// The size of the longest possible file in bytes: with all pixels as they are, or JPEG of noise.
fn longest(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    let strips = u64::from(size.height).div_ceil(16);
    let pixels = match stored(options) {
        Stored::Jpeg(_) => jpeg::longest(options, size) + 64 * strips,
        Stored::Raw | Stored::Lzw | Stored::Zip => options.raster_bytes(size),
    };
    pixels + 8 * strips + (HEADER + DIRECTORY + options.embedded.bytes()) as u64
}
