//! EPS (Encapsulated PostScript 3.0, language level 2): `fmt=eps`, uncompressed and binary.

use super::{
    Buffering, Embedded, EncodeOptions, Format, Metadata, PixelLimits,
    page_size::{decimal, points},
    trimmed,
};
use crate::{
    error::Result,
    geometry::{ReplySpace, Size},
    pixel::{ColorModel, Raster},
    time_slice::TimeSlice,
};

/// An image at its print resolution.
pub static FORMAT: Format = Format {
    name: "EPS",
    names: &["eps"],
    alpha_names: &[],
    extension: "eps",
    mime: "image/eps",
    models: &[ColorModel::Rgb, ColorModel::Gray, ColorModel::Cmyk],
    largest_side: 65535,
    pixels: PixelLimits::NONE,
    metadata: &[Metadata::Resolution, Metadata::Profile, Metadata::Paths],
    buffering: Buffering::Whole,
    exact: true,
    one_block: true,
    memory,
    encode: |options, raster, slice| Box::pin(encode(options, raster, slice)),
};

/// Bytes of the file besides the pixels.
const COMMENTS: u64 = 2 << 10;

/// Bytes of metadata in a line of hex digits.
const LINE: usize = 32;

/// The operator that reads the pixels. It counts as binary, because they follow at once.
const IMAGE: &str = "image\n";

async fn encode(
    options: &EncodeOptions,
    raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let size = Size::new(raster.width, raster.height);
    // Hex digits, and the ends of lines.
    let comments = options.embedded.bytes() * 9 / 4;
    let mut file = Vec::with_capacity(longest(options, size) as usize + comments);
    file.extend_from_slice(head(options, size).as_bytes());
    let Embedded { profile, xmp: _, paths } = &options.embedded;
    let begin = format!("%BeginPhotoshop: {}\n", paths.len());
    comment(&begin, paths, "%EndPhotoshop\n", &mut file);
    // ICC.1:2001-04, B.3. Interpreters ignore it; programs that place the picture read it.
    comment("%%BeginICCProfile: (ICC profile) -1 Hex\n", profile, "%%EndICCProfile\n", &mut file);
    file.extend_from_slice(program(options, size, raster.data.len()).as_bytes());
    file.extend_from_slice(&raster.data);
    file.extend_from_slice(b"\n%%EndBinary\nend\ngrestore\nshowpage\n%%EOF\n");
    slice.spend(raster.data.len() as u64 / 64).await;
    let freed = raster.data.len();
    drop(raster);
    Ok(trimmed(file, freed))
}

/// Appends metadata between two comments, as lines of hex digits that are comments, too; nothing if
/// it is empty.
#[inline(never)]
fn comment(begin: &str, bytes: &[u8], end: &str, file: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    file.extend_from_slice(begin.as_bytes());
    for line in bytes.chunks(LINE) {
        file.extend_from_slice(b"% ");
        let digit = |nibble: u8| b"0123456789ABCDEF".get(usize::from(nibble)).copied();
        file.extend(line.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).flatten());
        file.push(b'\n');
    }
    file.extend_from_slice(end.as_bytes());
}

/// The length of both sides in points.
fn sides(options: &EncodeOptions, size: Size<ReplySpace>) -> [f64; 2] {
    [size.width, size.height].map(|side| points(side, options.print_resolution))
}

/// The comments at the start.
#[inline(never)]
fn head(options: &EncodeOptions, size: Size<ReplySpace>) -> String {
    let sides = sides(options, size);
    let [right, top] = sides.map(|side| decimal(side.ceil()));
    let [across, down] = sides.map(decimal);
    format!(
        "%!PS-Adobe-3.0 EPSF-3.0\n%%Creator: Azulejo\n%%BoundingBox: 0 0 {right} {top}\n\
         %%HiResBoundingBox: 0 0 {across} {down}\n%%LanguageLevel: 2\n%%DocumentData: Binary\n\
         %%Pages: 1\n%%EndComments\n"
    )
}

/// The program up to the pixels, of which there are so many `bytes`.
#[inline(never)]
fn program(options: &EncodeOptions, size: Size<ReplySpace>, bytes: usize) -> String {
    let Size { width, height, .. } = size;
    let [across, down] = sides(options, size).map(decimal);
    let (space, decode) = match options.pixel.model {
        ColorModel::Gray => ("DeviceGray", "0 1"),
        ColorModel::Rgb => ("DeviceRGB", "0 1 0 1 0 1"),
        ColorModel::Cmyk => ("DeviceCMYK", "0 1 0 1 0 1 0 1"),
    };
    let binary = IMAGE.len() + bytes;
    format!(
        "%%Page: 1 1\ngsave\n4 dict begin\n{across} {down} scale\n/{space} setcolorspace\n\
         << /ImageType 1 /Width {width} /Height {height} /BitsPerComponent 8 \
         /Decode [{decode}]\n/ImageMatrix [{width} 0 0 -{height} 0 {height}] \
         /DataSource currentfile >>\n%%BeginBinary: {binary}\n{IMAGE}"
    )
}

/// The raster and the file.
fn memory(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    options.raster_bytes(size) + longest(options, size)
}

/// The size of the file in bytes, at most.
fn longest(options: &EncodeOptions, size: Size<ReplySpace>) -> u64 {
    options.raster_bytes(size) + COMMENTS
}
