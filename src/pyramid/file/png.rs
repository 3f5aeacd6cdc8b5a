//! Reads the header of a PNG file: its chunks up to the first `IDAT`.

use super::{Compression, Photometric, Picture, SampleFormat, Span, bytes, level, orientation};
use crate::{error::Error, pyramid::header::Parsed, store::Object};

/// Maximum chunks up to the first `IDAT`.
const CHUNKS: usize = 1024;

/// Maximum bytes of an EXIF block; the orientation in a longer one is ignored.
const EXIF: u64 = 64 << 10;

/// The start of an `iTXt` chunk with an XMP packet that is not compressed (XMP specification, part 3,
/// 1.1.5).
const XMP: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0";

/// Reads the header; `Gap::Unread` if it needs more bytes.
pub fn read(object: &Object) -> Parsed<Picture> {
    let damaged = || Error::bad_source("the header of the PNG file is damaged");
    let first = bytes(object, 8, 25)?;
    let (&[_, _, _, _, b'I', b'H', b'D', b'R', w3, w2, w1, w0, h3, h2, h1, h0, _, color], _) =
        first.split_first_chunk::<18>().ok_or_else(damaged)?
    else {
        return Err(damaged().into());
    };
    let size = [u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0])];
    let (mut transparent, mut upright, mut resolution) = (false, 1, None);
    let (mut icc, mut xmp) = (None, None);
    let mut at = 33;
    for _ in 0..CHUNKS {
        let &[l3, l2, l1, l0, ref name @ ..] = bytes(object, at, 8)? else { break };
        let len = u64::from(u32::from_be_bytes([l3, l2, l1, l0]));
        match name {
            b"tRNS" => transparent = true,
            b"eXIf" if len <= EXIF => upright = orientation(bytes(object, at + 8, len)?),
            b"pHYs" if len == 9 => {
                if let &[x3, x2, x1, x0, _, _, _, _, 1] = bytes(object, at + 8, len)? {
                    let per_metre = u32::from_be_bytes([x3, x2, x1, x0]);
                    resolution = Some((f64::from(per_metre) * 0.0254) as f32);
                }
            }
            b"iCCP" => icc = icc.or(Some(Span { start: at + 8, len })),
            b"iTXt" => {
                let head = XMP.len() as u64;
                if len > head && bytes(object, at + 8, head)? == XMP {
                    xmp = xmp.or(Some(Span { start: at + 8 + head, len: len - head }));
                }
            }
            b"IDAT" => {
                let (photometric, colors, alpha) = match color {
                    0 => (Photometric::MinIsBlack, 1, transparent),
                    2 | 3 => (Photometric::Rgb, 3, transparent),
                    4 => (Photometric::MinIsBlack, 1, true),
                    6 => (Photometric::Rgb, 3, true),
                    _ => return Err(damaged().into()),
                };
                let samples = colors + u8::from(alpha);
                let format = SampleFormat { photometric, samples, alpha };
                let level = level(object, size, Compression::PngFile, format)?;
                let photoshop = None;
                return Ok(Picture {
                    level,
                    orientation: upright,
                    resolution,
                    icc,
                    xmp,
                    photoshop,
                });
            }
            b"CgBI" => {
                let message = "the source image is a PNG of Apple's own kind, which is \
                               unsupported; convert it to a standard PNG";
                return Err(Error::unsupported(message).into());
            }
            _ => {}
        }
        at += len + 12;
    }
    Err(damaged().into())
}
