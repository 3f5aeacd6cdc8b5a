//! The header of a JPEG file: its marker segments up to the first scan.

use super::{Compression, Photometric, Picture, Span, bytes, level, orientation};
use crate::{
    error::{Error, Result},
    pyramid::{
        header::Parsed,
        tile::{JpegShape, jpeg_shape},
    },
    store::Object,
};

/// Marker segments looked at; a profile has at most 255.
const SEGMENTS: usize = 2048;

/// What lies before the frame besides the tables.
#[derive(Default)]
struct Extras {
    /// The segment of Adobe's that says how colours are transformed.
    adobe: Option<u8>,
    jfif: bool,
    orientation: Option<u8>,
    resolution: Option<f32>,
    icc: Option<Span>,
    xmp: Option<Span>,
}

/// Reads the header as far as it is there.
pub fn read(object: &Object) -> Parsed<Picture> {
    let mut extras = Extras::default();
    // What the decoder needs of the header, so that it judges here what it decodes there.
    let mut head = vec![0xff, 0xd8];
    let mut at = 2;
    for _ in 0..SEGMENTS {
        let &[ff, marker] = bytes(object, at, 2)? else { break };
        match (ff, marker) {
            (0xff, 0xff) => at += 1,
            (0xff, 0xd0..=0xd8 | 0x01) => at += 2,
            (0xff, 0xd9) | (0..=0xfe, _) => break,
            (0xff, marker) => {
                let &[high, low] = bytes(object, at + 2, 2)? else { break };
                let len = u64::from(u16::from_be_bytes([high, low]));
                let body = (at + 4, len.saturating_sub(2));
                match marker {
                    0xe0..=0xe2 | 0xee => {
                        extras.read(marker, bytes(object, body.0, body.1)?, body.0);
                    }
                    0xe3..=0xef | 0xfe => {}
                    0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return Err(odd().into()),
                    _ => head.extend_from_slice(bytes(object, at, len + 2)?),
                }
                if marker == 0xda {
                    let shape = jpeg_shape(&head).ok_or_else(damaged)?;
                    return Ok(extras.picture(object, &shape)?);
                }
                at += len + 2;
            }
        }
    }
    Err(damaged().into())
}

fn odd() -> Error {
    Error::unsupported(
        "the source image is a lossless, hierarchical or arithmetic-coded JPEG, which is not \
         read; convert it to a baseline or progressive one",
    )
}

fn damaged() -> Error {
    Error::bad_source("the header of the JPEG file is damaged")
}

impl Extras {
    fn read(&mut self, marker: u8, body: &[u8], start: u64) {
        let rest = |signature: &[u8]| {
            let len = body.strip_prefix(signature)?.len() as u64;
            Some(Span { start: start + signature.len() as u64, len })
        };
        match (marker, body) {
            (0xe0, [b'J', b'F', b'I', b'F', 0, _, _, unit, x1, x0, ..]) => {
                self.jfif = true;
                let density = f32::from(u16::from_be_bytes([*x1, *x0]));
                self.resolution = match unit {
                    1 => Some(density),
                    2 => Some(density * 2.54),
                    _ => None,
                };
            }
            (0xe1, [b'E', b'x', b'i', b'f', 0, _, exif @ ..]) => {
                self.orientation = self.orientation.or(Some(orientation(exif)));
            }
            (0xe1, _) => {
                self.xmp = self.xmp.or_else(|| rest(b"http://ns.adobe.com/xap/1.0/\0"));
            }
            // A profile in one segment; of several, none is the profile.
            (0xe2, _) => self.icc = self.icc.or_else(|| rest(b"ICC_PROFILE\0\x01\x01")),
            (0xee, [b'A', b'd', b'o', b'b', b'e', .., transform]) => self.adobe = Some(*transform),
            _ => {}
        }
    }

    fn picture(self, object: &Object, shape: &JpegShape) -> Result<Picture> {
        let photometric = match shape.components.as_slice() {
            [_] => Photometric::MinIsBlack,
            // Without a word on it, components named R, G and B are no YCbCr.
            [_, _, _] if self.adobe == Some(0) => Photometric::Rgb,
            b"RGB" if self.adobe.is_none() && !self.jfif => Photometric::Rgb,
            [_, _, _] => Photometric::YCbCr,
            [_, _, _, _] => Photometric::Cmyk,
            other => {
                let message = format!("a JPEG file of {} components", other.len());
                return Err(Error::bad_source(message));
            }
        };
        if shape.bits != 8 {
            let message = format!(
                "the source image is a JPEG of {} bits, which is not read; convert it to 8",
                shape.bits
            );
            return Err(Error::unsupported(message));
        }
        let shrink = shape.shrink.filter(|_| photometric == Photometric::YCbCr);
        let pixel = (photometric, shape.components.len() as u8, false);
        let level = level(object, shape.size, Compression::JpegFile(shrink), pixel)?;
        Ok(Picture {
            level,
            orientation: self.orientation.unwrap_or(1),
            resolution: self.resolution,
            icc: self.icc,
            xmp: self.xmp,
        })
    }
}
