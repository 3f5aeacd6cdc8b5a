//! JPEG 2000: JP2 files, and bare codestreams, which have no metadata.

mod estimate;

use azulejo::{
    geometry::{Size, SourceSpace},
    pixel::{ColorModel, PixelFormat},
    pyramid::Metadata,
};
use hayro_jpeg2000::{ColorSpace, DecodeSettings, DecoderContext, Image};

use crate::{
    File, Opened, Unreadable,
    alpha::unpremultiply,
    exif,
    isobmff::{IsoBox, boxes, read_whole},
    photoshop,
    picture::Picture,
};

/// The markers SOC and SIZ, with which a codestream begins (ISO/IEC 15444-1, A.4).
pub(crate) const CODESTREAM: &[u8] = b"\xff\x4f\xff\x51";
/// The marker EOC, with which it ends.
const END: &[u8] = b"\xff\xd9";

/// The signature box, with which a JP2 file begins.
pub(crate) const SIGNATURE: &[u8] = b"\0\0\0\x0cjP  \r\n\x87\n";

/// Opens a JPEG 2000 file.
pub(crate) fn open<'a>(
    file: Box<dyn File + 'a>,
    len: u64,
    limit: u64,
) -> Result<Opened<'a>, Unreadable> {
    let bytes = read_whole(file, len, limit)?;
    let stream = codestream(&bytes)?;
    let image = Image::new(&bytes, &DecodeSettings::default()).map_err(decode_error)?;
    let (pixel, icc) = colors(&bytes, &image)?;
    let size: Size<SourceSpace> = Size::new(image.width(), image.height());
    let pixels = size.pixels();
    let memory = pixels
        .saturating_mul(estimate::bytes_per_pixel(stream, pixel.samples() as u64))
        .saturating_add(estimate::FIXED_BYTES)
        .saturating_add(len);
    let mut metadata = metadata(&bytes);
    metadata.icc = icc.or(metadata.icc);
    let premultiplied = is_premultiplied(&bytes);
    let decode = move || {
        let image = Image::new(&bytes, &DecodeSettings::default()).map_err(decode_error)?;
        let mut context = DecoderContext::default();
        let decoded = image.decode(&mut context).map_err(decode_error)?;
        let mut data = decoded.data_u8();
        let expected = pixels as usize * pixel.samples();
        if decoded.components().len() != pixel.samples() || data.len() != expected {
            return Err(Unreadable::new("the components of the JPEG 2000 file differ in size"));
        }
        if premultiplied && pixel.alpha {
            data.chunks_exact_mut(pixel.samples()).for_each(unpremultiply);
        }
        Ok(Picture::decoded(size, pixel, data))
    };
    Ok(Opened { size, pixel, memory, metadata, decode: Box::new(decode) })
}

/// The codestream of the file. Fails if it is truncated: the decoder would not notice that.
fn codestream(bytes: &[u8]) -> Result<&[u8], Unreadable> {
    let stream = if bytes.starts_with(CODESTREAM) {
        Some(bytes)
    } else {
        let stream = boxes(bytes).find(|found| &found.kind == b"jp2c");
        stream.map(|stream| stream.data)
    };
    let stream = stream.ok_or_else(|| Unreadable::new("a JP2 file without a codestream"))?;
    // Some writers pad files with zeros.
    let padding = stream.iter().rev().take_while(|&&byte| byte == 0).count();
    let ended = stream[..stream.len() - padding].ends_with(END);
    ended.then_some(stream).ok_or_else(|| Unreadable::new("the file ends too early"))
}

/// The pixel type and the ICC profile. Fails for unsupported colour spaces.
fn colors(bytes: &[u8], image: &Image<'_>) -> Result<(PixelFormat, Option<Vec<u8>>), Unreadable> {
    let unsupported = |what: &str| {
        let message =
            format!("JPEG 2000 in {what} is unsupported: convert it to RGB, CMYK or grey");
        Err(Unreadable::new(message))
    };
    let alpha = image.has_alpha();
    let (model, icc) = match image.color_space() {
        // A bare codestream does not name its colour space. Other programs read four components as
        // RGB and alpha.
        ColorSpace::CMYK if !alpha && bytes.starts_with(CODESTREAM) => {
            return Ok((PixelFormat { model: ColorModel::Rgb, alpha: true }, None));
        }
        ColorSpace::Gray => (ColorModel::Gray, None),
        ColorSpace::RGB => (ColorModel::Rgb, None),
        ColorSpace::CMYK => (ColorModel::Cmyk, None),
        ColorSpace::Unknown { .. } => return unsupported("colours that it does not name"),
        ColorSpace::Icc { profile, .. } => {
            let model = match profile.get(16..20) {
                Some(b"GRAY") => ColorModel::Gray,
                Some(b"RGB ") => ColorModel::Rgb,
                Some(b"CMYK") => ColorModel::Cmyk,
                Some(b"Lab ") => return unsupported("Lab"),
                _ => return unsupported("the colours of its profile"),
            };
            (model, Some(profile.clone()))
        }
    };
    Ok((PixelFormat { model, alpha }, icc))
}

/// Whether the channel definition box declares premultiplied alpha (I.5.3.6).
fn is_premultiplied(bytes: &[u8]) -> bool {
    let within = |name, bytes| boxes(bytes).find(|found: &IsoBox<'_>| &found.kind == name);
    let Some(header) = within(b"jp2h", bytes) else { return false };
    let Some(channels) = within(b"cdef", header.data) else { return false };
    let channels = channels.data.get(2..).unwrap_or_default().as_chunks::<6>().0;
    channels.iter().any(|[_, _, kind @ .., _, _]| *kind == [0, 2])
}

/// The metadata boxes: EXIF, XMP, IPTC, Photoshop resources and the capture resolution.
fn metadata(bytes: &[u8]) -> Metadata {
    // XMP Specification Part 3, 1.1.4; the others are what ExifTool and Photoshop write.
    const XMP: &[u8] = b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";
    const EXIF: &[u8] = b"JpgTiffExif->JP2";
    const IPTC: &[u8] = b"\x33\xc7\xa4\xd2\xb8\x1d\x47\x23\xa0\xba\xf1\xa3\xe0\x97\xad\x38";
    const PHOTOSHOP: &[u8] = b"\x2c\x4c\x01\x00\x85\x04\x40\xb9\xa0\x3e\x56\x21\x48\xd6\xdf\xeb";
    if bytes.starts_with(CODESTREAM) {
        return Metadata::default();
    }
    let uuid_box = |id: &[u8]| {
        let mut found = boxes(bytes).filter(|found| &found.kind == b"uuid" && found.complete);
        found.find_map(|found| found.data.strip_prefix(id))
    };
    let mut metadata = uuid_box(EXIF).map(exif::read).unwrap_or_default();
    metadata.resolution = resolution(bytes).or(metadata.resolution);
    metadata.xmp = uuid_box(XMP).map(<[u8]>::to_vec).or(metadata.xmp);
    metadata.iptc = uuid_box(IPTC).map(<[u8]>::to_vec).or(metadata.iptc);
    if let Some(resources) = uuid_box(PHOTOSHOP) {
        photoshop::read_resources(resources, &mut metadata);
    }
    metadata
}

/// The horizontal capture resolution in pixels per inch (I.5.3.7). The box holds a fraction and a
/// power of ten, per metre.
fn resolution(bytes: &[u8]) -> Option<f32> {
    let within = |name, bytes| boxes(bytes).find(|found: &IsoBox<'_>| &found.kind == name);
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

fn decode_error(error: impl std::fmt::Display) -> Unreadable {
    Unreadable::new(format!("JPEG 2000: {error}"))
}
