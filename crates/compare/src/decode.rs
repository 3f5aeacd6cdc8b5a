//! Decodes replies, with another decoder than the engine's own.

use std::io::Cursor;

use image::{
    AnimationDecoder, DynamicImage, ImageDecoder, Limits,
    codecs::{
        bmp::BmpDecoder, gif::GifDecoder, jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder,
    },
};

use crate::{
    formats::{Decoder, Format},
    jpeg::Headers,
    picture::{PIXELS, Picture},
};

/// A decoded reply.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Its picture, upright.
    pub picture: Picture,
    /// The name of its format.
    pub format: &'static str,
    /// Whether its colours are those of a press, and only estimated here.
    pub cmyk: bool,
    /// The profile of its colours, if it has one for RGB.
    pub profile: Option<Vec<u8>>,
    /// What its encoder was told to leave out, as far as the file tells: the quantisation tables and
    /// the sampling of a JPEG; nothing for a lossless format. `None` if it does not tell.
    pub encoding: Option<Vec<u8>>,
}

/// Why a reply has no picture to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undecoded {
    /// Its format, or something of it, is not decoded here.
    Unsupported(String),
    /// It is damaged.
    Damaged(String),
    /// It is not a picture.
    NotPicture,
}

/// Decodes a reply.
pub fn decode(file: &[u8]) -> Result<Decoded, Undecoded> {
    let format = Format::of(file).ok_or(Undecoded::NotPicture)?;
    let Some(decoder) = format.decoder else {
        return Err(Undecoded::Unsupported(format!("{} is not decoded here", format.name)));
    };
    if is_animated(decoder, file)? {
        return Err(Undecoded::Unsupported(format!("an animated {}", format.name)));
    }
    let cursor = Cursor::new(file);
    let (picture, profile) = match decoder {
        Decoder::Jpeg => read(JpegDecoder::new(cursor).map_err(damaged)?),
        Decoder::Png => read(PngDecoder::new(cursor).map_err(damaged)?),
        Decoder::Gif => read(GifDecoder::new(cursor).map_err(damaged)?),
        Decoder::WebP => read(WebPDecoder::new(cursor).map_err(damaged)?),
        Decoder::Bmp => read(BmpDecoder::new(cursor).map_err(damaged)?),
    }?;
    let (components, encoding) = match decoder {
        Decoder::Jpeg => {
            let Headers { components, encoding } = Headers::read(file);
            (components, encoding)
        }
        // They leave nothing out.
        Decoder::Png | Decoder::Bmp => (0, Some(Vec::new())),
        Decoder::Gif | Decoder::WebP => (0, None),
    };
    let cmyk = components == 4;
    let profile = profile.filter(|_| !cmyk);
    Ok(Decoded { picture, format: format.name, cmyk, profile, encoding })
}

/// The picture, and its profile.
fn read(mut decoder: impl ImageDecoder) -> Result<(Picture, Option<Vec<u8>>), Undecoded> {
    limit(&mut decoder)?;
    let profile = decoder.icc_profile().ok().flatten().filter(|profile| is_rgb(profile));
    let orientation = decoder.orientation().map_err(damaged)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    image.apply_orientation(orientation);
    let rgba = image.into_rgba8();
    let (width, height) = (rgba.width() as usize, rgba.height() as usize);
    Ok((Picture { width, height, rgba: rgba.into_raw() }, profile))
}

/// Refuses a picture that is too large, and limits the memory of its decoder.
fn limit(decoder: &mut impl ImageDecoder) -> Result<(), Undecoded> {
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS {
        let (most, size) = (PIXELS >> 20, format!("{width} × {height}"));
        return Err(Undecoded::Unsupported(format!("{size} pixels are more than {most} million")));
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(16 * PIXELS);
    decoder.set_limits(limits).map_err(damaged)
}

fn damaged(error: image::ImageError) -> Undecoded {
    Undecoded::Damaged(error.to_string())
}

fn is_animated(decoder: Decoder, file: &[u8]) -> Result<bool, Undecoded> {
    let cursor = Cursor::new(file);
    match decoder {
        Decoder::Gif => {
            let mut gif = GifDecoder::new(cursor).map_err(damaged)?;
            limit(&mut gif)?;
            let mut frames = gif.into_frames();
            let mut next = || frames.next().transpose().map_err(damaged);
            Ok(next()?.is_some() && next()?.is_some())
        }
        Decoder::Png => PngDecoder::new(cursor).and_then(|png| png.is_apng()).map_err(damaged),
        Decoder::WebP => WebPDecoder::new(cursor).map(|webp| webp.has_animation()).map_err(damaged),
        Decoder::Jpeg | Decoder::Bmp => Ok(false),
    }
}

/// Whether a profile is one for RGB (ICC.1:2022, 7.2).
fn is_rgb(profile: &[u8]) -> bool {
    profile.get(16..20) == Some(b"RGB ")
}
