//! JPEG 2000: JP2 files and bare codestreams, of which nothing but the pixels is known.

mod estimate;

use azulejo::{
    pyramid::Metadata,
    raster::{ColorModel, PixelType},
};
use hayro_jpeg2000::{ColorSpace, DecodeSettings, DecoderContext, Image};

use crate::{
    File, Opened, Unreadable,
    alpha::straight,
    boxes::{Block, boxes, whole},
    exif, photoshop,
    picture::Picture,
};

/// Every codestream begins with SOC and SIZ, and ends with EOC (ISO/IEC 15444-1, A.4).
pub(crate) const CODESTREAM: &[u8] = b"\xff\x4f\xff\x51";
const END: &[u8] = b"\xff\xd9";

/// The box that a JP2 file begins with.
pub(crate) const SIGNATURE: &[u8] = b"\0\0\0\x0cjP  \r\n\x87\n";

/// Opens a JPEG 2000 file.
pub(crate) fn open<'a>(
    file: Box<dyn File + 'a>,
    len: u64,
    limit: u64,
) -> Result<Opened<'a>, Unreadable> {
    let bytes = whole(file, len, limit)?;
    let stream = codestream(&bytes)?;
    let image = Image::new(&bytes, &DecodeSettings::default()).map_err(told)?;
    let (pixel, icc) = colors(&bytes, &image)?;
    let size = (image.width(), image.height());
    let pixels = u64::from(size.0) * u64::from(size.1);
    let taken = estimate::bytes_of_a_pixel(stream, pixel.samples() as u64);
    let memory = pixels.saturating_mul(taken).saturating_add(estimate::BESIDES).saturating_add(len);
    let mut metadata = metadata(&bytes);
    metadata.icc = icc.or(metadata.icc);
    let premultiplied = is_premultiplied(&bytes);
    let decode = move || {
        let image = Image::new(&bytes, &DecodeSettings::default()).map_err(told)?;
        let mut context = DecoderContext::default();
        let decoded = image.decode(&mut context).map_err(told)?;
        let mut data = decoded.data_u8();
        let expected = pixels as usize * pixel.samples();
        if decoded.components().len() != pixel.samples() || data.len() != expected {
            return Err(Unreadable::new("the components of the JPEG 2000 file differ in size"));
        }
        if premultiplied && pixel.alpha {
            data.chunks_exact_mut(pixel.samples()).for_each(straight);
        }
        Ok(Picture::whole(size, pixel, data, metadata))
    };
    Ok(Opened { size, alpha: pixel.alpha, memory, decode: Box::new(decode) })
}

/// The codestream, which must be whole: its decoder would make a picture of any part of it.
fn codestream(bytes: &[u8]) -> Result<&[u8], Unreadable> {
    let stream = if bytes.starts_with(CODESTREAM) {
        Some(bytes)
    } else {
        let stream = boxes(bytes).find(|block| &block.name == b"jp2c");
        stream.map(|stream| stream.data)
    };
    let stream = stream.ok_or_else(|| Unreadable::new("a JP2 file without a codestream"))?;
    // Some writers fill files up with zeros.
    let filling = stream.iter().rev().take_while(|&&byte| byte == 0).count();
    let ended = stream[..stream.len() - filling].ends_with(END);
    ended.then_some(stream).ok_or_else(|| Unreadable::new("the file ends too early"))
}

/// What a pixel is, and the profile of its colours.
fn colors(bytes: &[u8], image: &Image<'_>) -> Result<(PixelType, Option<Vec<u8>>), Unreadable> {
    let unknown = |what: &str| {
        let message = format!("JPEG 2000 in {what} is not read: convert it to RGB, CMYK or grey");
        Err(Unreadable::new(message))
    };
    let alpha = image.has_alpha();
    let (model, icc) = match image.color_space() {
        // Nothing says that four components are inks: other programs take them for RGB and alpha.
        ColorSpace::CMYK if !alpha && bytes.starts_with(CODESTREAM) => {
            return Ok((PixelType { model: ColorModel::Rgb, alpha: true }, None));
        }
        ColorSpace::Gray => (ColorModel::Grey, None),
        ColorSpace::RGB => (ColorModel::Rgb, None),
        ColorSpace::CMYK => (ColorModel::Cmyk, None),
        ColorSpace::Unknown { .. } => return unknown("colours that it does not name"),
        ColorSpace::Icc { profile, .. } => {
            let model = match profile.get(16..20) {
                Some(b"GRAY") => ColorModel::Grey,
                Some(b"RGB ") => ColorModel::Rgb,
                Some(b"CMYK") => ColorModel::Cmyk,
                Some(b"Lab ") => return unknown("Lab"),
                _ => return unknown("the colours of its profile"),
            };
            (model, Some(profile.clone()))
        }
    };
    Ok((PixelType { model, alpha }, icc))
}

/// Whether a channel is premultiplied opacity (I.5.3.6).
fn is_premultiplied(bytes: &[u8]) -> bool {
    let within = |name, bytes| boxes(bytes).find(|block: &Block<'_>| &block.name == name);
    let Some(header) = within(b"jp2h", bytes) else { return false };
    let Some(channels) = within(b"cdef", header.data) else { return false };
    let channels = channels.data.get(2..).unwrap_or_default().as_chunks::<6>().0;
    channels.iter().any(|[_, _, kind @ .., _, _]| *kind == [0, 2])
}

/// What boxes tell besides the pixels.
fn metadata(bytes: &[u8]) -> Metadata {
    // XMP Specification Part 3, 1.1.4; the others are what ExifTool and Photoshop write.
    const XMP: &[u8] = b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";
    const EXIF: &[u8] = b"JpgTiffExif->JP2";
    const IPTC: &[u8] = b"\x33\xc7\xa4\xd2\xb8\x1d\x47\x23\xa0\xba\xf1\xa3\xe0\x97\xad\x38";
    const PHOTOSHOP: &[u8] = b"\x2c\x4c\x01\x00\x85\x04\x40\xb9\xa0\x3e\x56\x21\x48\xd6\xdf\xeb";
    if bytes.starts_with(CODESTREAM) {
        return Metadata::default();
    }
    let known = |id: &[u8]| {
        let mut blocks = boxes(bytes).filter(|block| &block.name == b"uuid" && block.whole);
        blocks.find_map(|block| block.data.strip_prefix(id))
    };
    let mut metadata = known(EXIF).map(exif::read).unwrap_or_default();
    metadata.resolution = resolution(bytes).or(metadata.resolution);
    metadata.xmp = known(XMP).map(<[u8]>::to_vec).or(metadata.xmp);
    metadata.iptc = known(IPTC).map(<[u8]>::to_vec).or(metadata.iptc);
    if let Some(resources) = known(PHOTOSHOP) {
        photoshop::sort(resources, &mut metadata);
    }
    metadata
}

/// Pixels per inch across, as captured (I.5.3.7): a fraction and a power of ten, per metre.
fn resolution(bytes: &[u8]) -> Option<f32> {
    let within = |name, bytes| boxes(bytes).find(|block: &Block<'_>| &block.name == name);
    let header = within(b"jp2h", bytes)?;
    let resolution = within(b"res ", header.data)?;
    let [_, _, _, _, over1, over0, under1, under0, _, power, ..] =
        *within(b"resc", resolution.data)?.data
    else {
        return None;
    };
    let fraction = |high, low| f64::from(u16::from_be_bytes([high, low]));
    let per_metre = fraction(over1, over0) / fraction(under1, under0)
        * libm::pow(10.0, f64::from(power.cast_signed()));
    let ppi = (per_metre * 0.0254) as f32;
    (ppi.is_finite() && ppi > 0.0).then_some(ppi)
}

fn told(error: impl std::fmt::Display) -> Unreadable {
    Unreadable::new(format!("JPEG 2000: {error}"))
}
