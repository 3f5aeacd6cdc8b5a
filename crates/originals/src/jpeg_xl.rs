//! JPEG XL: the first frame, upright as its header says, in the colours that it was stored in.

use std::{borrow::Cow, io::Read as _};

use azulejo::{
    pyramid::Metadata,
    raster::{ColorModel, PixelType},
};
use jxl_oxide::{
    AllocTracker, EnumColourEncoding, InitializeResult, JxlImage, PixelFormat, RenderingIntent,
    color::{ColourEncoding, TransferFunction},
};

use crate::{
    File, Opened, Unreadable,
    alpha::straight,
    boxes::{boxes, whole},
    exif,
    picture::Picture,
    xmp,
};

/// What a codestream begins with (ISO/IEC 18181-1, D.1), and a file of boxes.
pub(crate) const CODESTREAM: &[u8] = b"\xff\x0a";
pub(crate) const SIGNATURE: &[u8] = b"\0\0\0\x0cJXL \r\n\x87\n";

/// Bytes that a compressed block of metadata may become.
const BLOCK: u64 = 16 << 20;

/// Bytes of headers and tables of frames.
const HEADERS: usize = 1 << 20;

/// Bytes that do not go with the pixels: tables, trees, and blocks of metadata.
const BESIDES: u64 = 48 << 20;

/// Opens a JPEG XL file.
pub(crate) fn open<'a>(
    file: Box<dyn File + 'a>,
    len: u64,
    limit: u64,
) -> Result<Opened<'a>, Unreadable> {
    let bytes = whole(file, len, limit)?;
    // What is over the estimate is an error, not memory; before there is one, only the compressed
    // frames are held.
    let tracker = AllocTracker::with_limit(2 * bytes.len() + HEADERS);
    let stream = codestream(&bytes)?.into_owned();
    let (mut image, mut at) = header(&stream, &tracker)?;
    in_steps_of_srgb(&mut image);
    let pixel = pixel(&image)?;
    let size = (image.width(), image.height());
    let pixels = u64::from(size.0) * u64::from(size.1);
    let header = &image.image_header().metadata;
    let extra = header.ec_info.len() as u64;
    // Colours as decoded, as filtered, and of a frame that others lie upon.
    let decoding = pixels.saturating_mul(4 * (3 * 3 + 2 * extra));
    let samples = pixel.samples() as u64;
    let memory = pixels
        .saturating_mul(2 * samples)
        .saturating_add(decoding)
        .saturating_add(3 * len + BESIDES);
    let premultiplied = header.ec_info.iter().find_map(|info| info.alpha_associated());
    let metadata = Metadata { icc: Some(image.rendered_icc()), ..metadata(&bytes) };
    drop(bytes);
    let decode = move || {
        tracker.expand_limit(usize::try_from(decoding).unwrap_or(usize::MAX));
        while at < stream.len() && !image.is_loading_done() {
            let fed = image.feed_bytes(stream.get(at..).unwrap_or_default()).map_err(told)?;
            at += fed.max(1);
        }
        if image.num_loaded_keyframes() == 0 {
            return Err(Unreadable::new("the file ends too early"));
        }
        let frame = image.render_frame(0).map_err(told)?;
        let mut samples = frame.stream();
        if (samples.width(), samples.height()) != size
            || samples.channels() as usize != pixel.samples()
        {
            return Err(Unreadable::new("the channels of the JPEG XL file do not fit its header"));
        }
        let mut data = vec![0; pixels as usize * pixel.samples()];
        samples.write_to_buffer(&mut data);
        if pixel.model == ColorModel::Cmyk {
            // Where there is all of an ink, a JPEG XL has nothing.
            let inks = data.chunks_exact_mut(pixel.samples()).flat_map(|pixel| &mut pixel[..4]);
            inks.for_each(|ink| *ink = 255 - *ink);
        }
        if pixel.alpha && premultiplied == Some(true) {
            data.chunks_exact_mut(pixel.samples()).for_each(straight);
        }
        Ok(Picture::whole(size, pixel, data, metadata))
    };
    Ok(Opened { size, alpha: pixel.alpha, memory, decode: Box::new(decode) })
}

/// The codestream, which may lie in parts.
fn codestream(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Unreadable> {
    const LAST: u8 = 0x80;
    if bytes.starts_with(CODESTREAM) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut parts = Vec::new();
    for block in boxes(bytes) {
        let (data, last) = match (&block.name, block.data) {
            (b"jxlc", data) => (data, true),
            (b"jxlp", [number, _, _, _, data @ ..]) => (data, number & LAST != 0),
            _ => continue,
        };
        if !block.whole {
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

/// Reads the header, and how many bytes that took.
fn header(stream: &[u8], tracker: &AllocTracker) -> Result<(JxlImage, usize), Unreadable> {
    let mut unready = JxlImage::builder().alloc_tracker(tracker.clone()).build_uninit();
    let (mut at, mut end) = (0, 1 << 12);
    loop {
        let part = stream.get(at..end.min(stream.len())).unwrap_or_default();
        at += unready.feed_bytes(part).map_err(told)?;
        unready = match unready.try_init().map_err(told)? {
            InitializeResult::Initialized(image) => return Ok((image, at)),
            InitializeResult::NeedMoreData(more) => more,
        };
        if end >= stream.len() {
            return Err(Unreadable::new("the file ends too early"));
        }
        // The header is read from its start each time: twice as much, and it is read seldom.
        end *= 2;
    }
}

/// Asks for steps of sRGB where those stored are finer than 8 bits can tell: light, and the
/// range of bright screens.
fn in_steps_of_srgb(image: &mut JxlImage) {
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

/// What a pixel is.
fn pixel(image: &JxlImage) -> Result<PixelType, Unreadable> {
    let format = image.pixel_format();
    let black = image.image_header().metadata.ec_info.iter().any(|info| info.is_black());
    if black != format.has_black() {
        let message = "JPEG XL with a black ink but without a profile of its inks is not read: \
                       convert it to RGB, or store it as TIFF";
        return Err(Unreadable::new(message));
    }
    let model = match format {
        PixelFormat::Gray | PixelFormat::Graya => ColorModel::Grey,
        PixelFormat::Rgb | PixelFormat::Rgba => ColorModel::Rgb,
        PixelFormat::Cmyk | PixelFormat::Cmyka => ColorModel::Cmyk,
    };
    Ok(PixelType { model, alpha: format.has_alpha() })
}

/// What boxes tell besides the pixels. The header has turned the picture already, whatever they
/// say of that (ISO/IEC 18181-2, 9.1).
fn metadata(bytes: &[u8]) -> Metadata {
    let mut metadata = Metadata::default();
    if bytes.starts_with(CODESTREAM) {
        return metadata;
    }
    for block in boxes(bytes).filter(|block| block.whole) {
        let (name, data) = match (&block.name, block.data) {
            (b"brob", [n0, n1, n2, n3, packed @ ..]) => ([*n0, *n1, *n2, *n3], unpacked(packed)),
            (name, data) => (*name, Cow::Borrowed(data)),
        };
        match &name {
            b"Exif" => {
                let start = data.first_chunk().map_or(0, |start| u32::from_be_bytes(*start));
                let block = data.get(4 + start as usize..).unwrap_or_default();
                let read = exif::read(block);
                metadata = Metadata { orientation: None, xmp: metadata.xmp.take(), ..read };
            }
            b"xml " => metadata.xmp = Some(xmp::upright(data.into_owned())),
            _ => {}
        }
    }
    metadata
}

/// A block that Brotli compressed; one that grows without bound is none.
fn unpacked(packed: &[u8]) -> Cow<'_, [u8]> {
    let mut block = Vec::new();
    let mut reader = brotli_decompressor::Decompressor::new(packed, 1 << 12).take(BLOCK);
    match reader.read_to_end(&mut block) {
        Ok(len) if (len as u64) < BLOCK => Cow::Owned(block),
        Ok(_) | Err(_) => Cow::Borrowed(&[]),
    }
}

fn told(error: impl std::fmt::Display) -> Unreadable {
    Unreadable::new(format!("JPEG XL: {error}"))
}
