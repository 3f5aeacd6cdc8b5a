//! JPEG XL: the first frame, with the orientation of its header applied, in its stored colour
//! space.

use std::{borrow::Cow, io::Read as _};

use azulejo::{
    geometry::{Size, SourceSpace},
    pixel::{ColorModel, PixelFormat},
    pyramid::Metadata,
};
use jxl_oxide::{
    AllocTracker, EnumColourEncoding, InitializeResult, JxlImage, PixelFormat as JxlFormat,
    RenderingIntent,
    color::{ColourEncoding, TransferFunction},
};

use crate::{
    File, Opened, Unreadable,
    alpha::unpremultiply,
    exif,
    isobmff::{boxes, read_whole},
    picture::Picture,
    xmp,
};

/// The signature of a bare codestream (ISO/IEC 18181-1, D.1).
pub(crate) const CODESTREAM: &[u8] = b"\xff\x0a";
/// The signature box, with which a file of boxes begins.
pub(crate) const SIGNATURE: &[u8] = b"\0\0\0\x0cJXL \r\n\x87\n";

/// The largest decompressed metadata box, in bytes.
const METADATA_BYTES: u64 = 16 << 20;

/// Memory for headers and frame tables, in bytes.
const HEADERS: usize = 1 << 20;

/// Memory that does not depend on the number of pixels, in bytes: tables, trees and metadata.
const FIXED_BYTES: u64 = 48 << 20;

/// Opens a JPEG XL file.
pub(crate) fn open<'a>(
    file: Box<dyn File + 'a>,
    len: u64,
    limit: u64,
) -> Result<Opened<'a>, Unreadable> {
    let bytes = read_whole(file, len, limit)?;
    // The tracker turns any allocation beyond the estimate into an error. Until the header is read
    // the decoder needs only the compressed frames.
    let tracker = AllocTracker::with_limit(2 * bytes.len() + HEADERS);
    let stream = codestream(&bytes)?.into_owned();
    let (mut image, mut at) = header(&stream, &tracker)?;
    request_srgb(&mut image);
    let pixel = pixel(&image)?;
    let size: Size<SourceSpace> = Size::new(image.width(), image.height());
    let pixels = size.pixels();
    let header = &image.image_header().metadata;
    let extra = header.ec_info.len() as u64;
    // Colours as decoded, as filtered, and of a reference frame.
    let decoding = pixels.saturating_mul(4 * (3 * 3 + 2 * extra));
    let samples = pixel.samples() as u64;
    let memory = pixels
        .saturating_mul(2 * samples)
        .saturating_add(decoding)
        .saturating_add(3 * len + FIXED_BYTES);
    let premultiplied = header.ec_info.iter().find_map(|info| info.alpha_associated());
    let metadata = Metadata { icc: Some(image.rendered_icc()), ..metadata(&bytes) };
    drop(bytes);
    let decode = move || {
        tracker.expand_limit(usize::try_from(decoding).unwrap_or(usize::MAX));
        while at < stream.len() && !image.is_loading_done() {
            let fed =
                image.feed_bytes(stream.get(at..).unwrap_or_default()).map_err(decode_error)?;
            at += fed.max(1);
        }
        if image.num_loaded_keyframes() == 0 {
            return Err(Unreadable::new("the file ends too early"));
        }
        let frame = image.render_frame(0).map_err(decode_error)?;
        let mut samples = frame.stream();
        if Size::new(samples.width(), samples.height()) != size
            || samples.channels() as usize != pixel.samples()
        {
            return Err(Unreadable::new("the channels of the JPEG XL file do not fit its header"));
        }
        let mut data = vec![0; pixels as usize * pixel.samples()];
        samples.write_to_buffer(&mut data);
        if pixel.model == ColorModel::Cmyk {
            // JPEG XL stores full ink as 0, a pyramid as 255.
            let cmyk = data.chunks_exact_mut(pixel.samples()).flat_map(|pixel| &mut pixel[..4]);
            cmyk.for_each(|sample| *sample = 255 - *sample);
        }
        if pixel.alpha && premultiplied == Some(true) {
            data.chunks_exact_mut(pixel.samples()).for_each(unpremultiply);
        }
        Ok(Picture::decoded(size, pixel, data))
    };
    Ok(Opened { size, pixel, memory, metadata, decode: Box::new(decode) })
}

/// The codestream, joined if it is split into several boxes.
fn codestream(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Unreadable> {
    const LAST: u8 = 0x80;
    if bytes.starts_with(CODESTREAM) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut parts = Vec::new();
    for found in boxes(bytes) {
        let (data, last) = match (&found.kind, found.data) {
            (b"jxlc", data) => (data, true),
            (b"jxlp", [number, _, _, _, data @ ..]) => (data, number & LAST != 0),
            _ => continue,
        };
        if !found.complete {
            break;
        }
        if last && parts.is_empty() {
            return Ok(Cow::Borrowed(data));
        }
        parts.extend_from_slice(data);
        if last {
            return Ok(Cow::Owned(parts));
        }
    }
    Err(Unreadable::new("the file ends too early"))
}

/// The decoder after the header, and how many bytes of the stream it has consumed.
fn header(stream: &[u8], tracker: &AllocTracker) -> Result<(JxlImage, usize), Unreadable> {
    let mut uninit = JxlImage::builder().alloc_tracker(tracker.clone()).build_uninit();
    let (mut at, mut end) = (0, 1 << 12);
    loop {
        let part = stream.get(at..end.min(stream.len())).unwrap_or_default();
        at += uninit.feed_bytes(part).map_err(decode_error)?;
        uninit = match uninit.try_init().map_err(decode_error)? {
            InitializeResult::Initialized(image) => return Ok((image, at)),
            InitializeResult::NeedMoreData(more) => more,
        };
        if end >= stream.len() {
            return Err(Unreadable::new("the file ends too early"));
        }
        // Each attempt parses the header from its start, so double the input to have few attempts.
        end *= 2;
    }
}

/// Requests sRGB output for transfer functions that 8 bits cannot hold: linear light and HDR.
fn request_srgb(image: &mut JxlImage) {
    let ColourEncoding::Enum(colors) = &image.image_header().metadata.colour_encoding else {
        return;
    };
    match colors.tf {
        TransferFunction::Linear | TransferFunction::Pq | TransferFunction::Hlg => {}
        TransferFunction::Gamma { .. }
        | TransferFunction::Bt709
        | TransferFunction::Unknown
        | TransferFunction::Srgb
        | TransferFunction::Dci => return,
    }
    let srgb = if image.image_header().metadata.grayscale() {
        EnumColourEncoding::gray_srgb(RenderingIntent::Relative)
    } else {
        EnumColourEncoding::srgb(RenderingIntent::Relative)
    };
    image.request_color_encoding(srgb);
}

/// The pixel type. Fails for CMYK without a profile.
fn pixel(image: &JxlImage) -> Result<PixelFormat, Unreadable> {
    let format = image.pixel_format();
    let black = image.image_header().metadata.ec_info.iter().any(|info| info.is_black());
    if black != format.has_black() {
        let message = "JPEG XL with a black channel but without a CMYK profile is unsupported: \
                       convert it to RGB, or store it as TIFF";
        return Err(Unreadable::new(message));
    }
    let model = match format {
        JxlFormat::Gray | JxlFormat::Graya => ColorModel::Gray,
        JxlFormat::Rgb | JxlFormat::Rgba => ColorModel::Rgb,
        JxlFormat::Cmyk | JxlFormat::Cmyka => ColorModel::Cmyk,
    };
    Ok(PixelFormat { model, alpha: format.has_alpha() })
}

/// The metadata boxes: EXIF and XMP. Their orientation is ignored, since the codestream header's
/// one has been applied (ISO/IEC 18181-2, 9.1).
fn metadata(bytes: &[u8]) -> Metadata {
    let mut metadata = Metadata::default();
    if bytes.starts_with(CODESTREAM) {
        return metadata;
    }
    for found in boxes(bytes).filter(|found| found.complete) {
        let (kind, data) = match (&found.kind, found.data) {
            (b"brob", [k0, k1, k2, k3, packed @ ..]) => {
                ([*k0, *k1, *k2, *k3], decompressed(packed))
            }
            (kind, data) => (*kind, Cow::Borrowed(data)),
        };
        match &kind {
            b"Exif" => {
                let start = data.first_chunk().map_or(0, |start| u32::from_be_bytes(*start));
                let block = data.get(4 + start as usize..).unwrap_or_default();
                let read = exif::read(block);
                metadata = Metadata { orientation: None, xmp: metadata.xmp.take(), ..read };
            }
            b"xml " => metadata.xmp = Some(xmp::reset_orientation(data.into_owned())),
            _ => {}
        }
    }
    metadata
}

/// Decompresses a Brotli box. A box that exceeds [`METADATA_BYTES`] counts as empty.
fn decompressed(packed: &[u8]) -> Cow<'_, [u8]> {
    let mut block = Vec::new();
    let mut reader = brotli_decompressor::Decompressor::new(packed, 1 << 12).take(METADATA_BYTES);
    match reader.read_to_end(&mut block) {
        Ok(len) if (len as u64) < METADATA_BYTES => Cow::Owned(block),
        Ok(_) | Err(_) => Cow::Borrowed(&[]),
    }
}

fn decode_error(error: impl std::fmt::Display) -> Unreadable {
    Unreadable::new(format!("JPEG XL: {error}"))
}
