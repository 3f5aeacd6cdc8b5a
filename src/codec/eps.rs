//! EPS (Encapsulated PostScript 3.0, language level 2): `fmt=eps`, uncompressed and binary.

use super::{
    Buffering, EncodeOptions, Format, Metadata, PixelLimits,
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
    metadata: &[Metadata::Resolution],
    buffering: Buffering::Whole,
    exact: true,
    one_block: true,
    memory,
    encode: |options, raster, slice| Box::pin(encode(options, raster, slice)),
};

/// Bytes of the file besides the pixels.
const COMMENTS: u64 = 2 << 10;

/// The operator that reads the pixels. It counts as binary, because they follow at once.
const IMAGE: &str = "image\n";

async fn encode(
    options: &EncodeOptions,
    raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let size = Size::new(raster.width, raster.height);
    let mut file = Vec::with_capacity(longest(options, size) as usize);
    file.extend_from_slice(head(options, size, raster.data.len()).as_bytes());
    file.extend_from_slice(&raster.data);
    file.extend_from_slice(b"\n%%EndBinary\nend\ngrestore\nshowpage\n%%EOF\n");
    slice.spend(raster.data.len() as u64 / 64).await;
    let freed = raster.data.len();
    drop(raster);
    Ok(trimmed(file, freed))
}

/// The comments and the program up to the pixels, of which there are so many `bytes`.
#[inline(never)]
fn head(options: &EncodeOptions, size: Size<ReplySpace>, bytes: usize) -> String {
    let Size { width, height, .. } = size;
    let sides = [width, height].map(|side| points(side, options.print_resolution));
    let [right, top] = sides.map(|side| decimal(side.ceil()));
    let [across, down] = sides.map(decimal);
    let (space, decode) = match options.pixel.model {
        ColorModel::Gray => ("DeviceGray", "0 1"),
        ColorModel::Rgb => ("DeviceRGB", "0 1 0 1 0 1"),
        ColorModel::Cmyk => ("DeviceCMYK", "0 1 0 1 0 1 0 1"),
    };
    let binary = IMAGE.len() + bytes;
    format!(
        "%!PS-Adobe-3.0 EPSF-3.0\n%%Creator: Azulejo\n%%BoundingBox: 0 0 {right} {top}\n\
         %%HiResBoundingBox: 0 0 {across} {down}\n%%LanguageLevel: 2\n%%DocumentData: Binary\n\
         %%Pages: 1\n%%EndComments\n%%Page: 1 1\ngsave\n4 dict begin\n{across} {down} scale\n\
         /{space} setcolorspace\n<< /ImageType 1 /Width {width} /Height {height} \
         /BitsPerComponent 8 /Decode [{decode}]\n/ImageMatrix [{width} 0 0 -{height} 0 {height}] \
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
