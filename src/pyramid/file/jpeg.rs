//! The header of a JPEG file: its marker segments up to the first scan.

use super::{Compression, Photometric, Picture, Span, bytes, level, orientation};
use crate::{
    error::{Error, Result},
    jpeg::decode::{Colors, END, Header, SCAN, Tables},
    pyramid::header::Parsed,
    store::Object,
};

/// Marker segments looked at; a profile has at most 255.
const SEGMENTS: usize = 2048;

/// What lies before the first scan besides what its decoder needs.
#[derive(Default)]
struct Extras {
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
            (0xff, 0xd0..=0xd8 | 0x00 | 0x01) => at += 2,
            (0xff, END) => break,
            // What stands between segments is passed over.
            (0..=0xfe, _) => at += 1,
            (0xff, marker) => {
                let &[high, low] = bytes(object, at + 2, 2)? else { break };
                let len = u64::from(u16::from_be_bytes([high, low]));
                let body = (at + 4, len.saturating_sub(2));
                if matches!(marker, 0xe0..=0xe2) {
                    extras.read(marker, bytes(object, body.0, body.1)?, body.0);
                }
                // Application segments are for others, but for those that tell of colours.
                if !matches!(marker, 0xe1..=0xed | 0xef | 0xfe) {
                    head.extend_from_slice(bytes(object, at, len + 2)?);
                }
                if marker == SCAN {
                    return Ok(extras.picture(object, &header(object, &head)?)?);
                }
                at += len + 2;
            }
        }
    }
    Err(damaged().into())
}

/// Reads what was found; where the height is told behind the picture, the whole file.
fn header<'a>(object: &'a Object, head: &'a [u8]) -> Parsed<Header<'a>> {
    let read = |stream| {
        Header::read(stream, &Tables::default()).map_err(|fault| fault.error("the JPEG file"))
    };
    if let Some(header) = read(head)? {
        return Ok(header);
    }
    Ok(read(bytes(object, 0, object.len)?)?.ok_or_else(damaged)?)
}

fn damaged() -> Error {
    Error::bad_source("the JPEG file is damaged: its header is none")
}

impl Extras {
    fn read(&mut self, marker: u8, body: &[u8], start: u64) {
        let rest = |signature: &[u8]| {
            let len = body.strip_prefix(signature)?.len() as u64;
            Some(Span { start: start + signature.len() as u64, len })
        };
        match (marker, body) {
            (0xe0, [b'J', b'F', b'I', b'F', 0, _, _, unit, x1, x0, ..]) => {
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
            _ => {}
        }
    }

    fn picture(self, object: &Object, header: &Header) -> Result<Picture> {
        let colors = header.colors().map_err(|fault| fault.error("the JPEG file"))?;
        let (photometric, samples) = match colors {
            Colors::Grey => (Photometric::MinIsBlack, 1),
            Colors::Rgb => (Photometric::Rgb, 3),
            Colors::YCbCr => (Photometric::YCbCr, 3),
            Colors::Cmyk | Colors::Ycck => (Photometric::Cmyk, 4),
        };
        let halves = |shrink: &[u8; 2]| shrink.iter().all(|by| (1..=2).contains(by));
        let compression = Compression::JpegFile {
            shrink: header.subsampling().filter(halves).filter(|_| colors == Colors::YCbCr),
            buffered: header.is_buffered(),
        };
        let size = [header.frame.width, header.frame.height].map(u32::from);
        let level = level(object, size, compression, (photometric, samples, false))?;
        Ok(Picture {
            level,
            orientation: self.orientation.unwrap_or(1),
            resolution: self.resolution,
            icc: self.icc,
            xmp: self.xmp,
        })
    }
}
