//! Reads the header of a JPEG file: its marker segments up to the first scan.

use super::{Compression, Photometric, Picture, SampleFormat, Span, bytes, level, orientation};
use crate::{
    codec::jpeg::{
        Application, PHOTOSHOP,
        decode::{Colors, Header, Tables},
        marker::{APP0, APP1, APP2, APP13, EOI, SOS},
    },
    error::{Error, Result},
    pyramid::header::Parsed,
    store::Object,
};

/// Maximum steps to the first scan: segments, fill bytes and stray bytes. A profile takes at most
/// 255 segments.
const SEGMENTS: usize = 2048;

/// Metadata before the first scan, which the decoder does not need.
#[derive(Default)]
struct Extras {
    orientation: Option<u8>,
    resolution: Option<f32>,
    /// The parts of the profile.
    icc: Vec<ProfilePart>,
    xmp: Option<Span>,
    /// The parts of Photoshop's image resources.
    photoshop: Vec<Span>,
}

/// A segment that contains a part of the profile.
struct ProfilePart {
    /// The number of the part, from 1, and the number of parts.
    number: [u8; 2],
    /// The bytes of the part.
    part: Span,
    /// The bytes of the segment.
    segment: Span,
}

/// Reads the header; `Gap::Unread` if it needs more bytes.
pub fn read(object: &Object) -> Parsed<Picture> {
    let mut extras = Extras::default();
    // The segments that the decoder reads. Its own parser checks them, so that an unsupported
    // file is refused here, not while it is drawn.
    let mut head = vec![0xff, 0xd8];
    let mut at = 2;
    for _ in 0..SEGMENTS {
        let &[ff, marker] = bytes(object, at, 2)? else { break };
        match (ff, marker) {
            (0xff, 0xff) => at += 1,
            (0xff, 0xd0..=0xd8 | 0x00 | 0x01) => at += 2,
            (0xff, EOI) => break,
            // Stray bytes between segments are skipped.
            (0..=0xfe, _) => at += 1,
            (0xff, marker) => {
                let &[high, low] = bytes(object, at + 2, 2)? else { break };
                let len = u64::from(u16::from_be_bytes([high, low]));
                let body = (at + 4, len.saturating_sub(2));
                if matches!(marker, APP0..=APP2) {
                    extras.read(marker, bytes(object, body.0, body.1)?, body.0);
                }
                if marker == APP13 {
                    let start = bytes(object, body.0, body.1.min(PHOTOSHOP.len() as u64))?;
                    extras.read_resources(start, body);
                }
                // Omit comments, and application segments except APP0 and APP14: JFIF and Adobe
                // determine the colours.
                if !matches!(marker, APP1..=APP13 | 0xef | 0xfe) {
                    head.extend_from_slice(bytes(object, at, len + 2)?);
                }
                if marker == SOS {
                    return Ok(extras.picture(object, &header(object, &head)?)?);
                }
                at += len + 2;
            }
        }
    }
    Err(damaged().into())
}

/// Parses the collected segments. If the height is 0, it follows the first scan (DNL); then the
/// whole file is needed.
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
    Error::bad_source("the JPEG file is damaged: its header is invalid")
}

/// Where the profile is: its only part, or all segments from the first part to the last, which
/// [`unpacked`](crate::pyramid::unpacked_profile) joins. `None` if a part is missing.
fn profile(parts: &[ProfilePart]) -> Option<Span> {
    let (first, last) = (parts.first()?, parts.last()?);
    let [_, count] = first.number;
    if count == 1 {
        return Some(first.part);
    }
    let has = |wanted| parts.iter().filter(|part| part.number == [wanted, count]).count() == 1;
    let start = first.segment.start;
    let len = last.segment.start + last.segment.len - start;
    (parts.len() == usize::from(count) && (1..=count).all(has)).then_some(Span { start, len })
}

impl Extras {
    fn read(&mut self, marker: u8, body: &[u8], start: u64) {
        let span = |part: &[u8]| {
            let before = (body.len() - part.len()) as u64;
            Some(Span { start: start + before, len: part.len() as u64 })
        };
        match Application::read(marker, body) {
            Some(Application::Jfif { pixels_per_inch }) => self.resolution = pixels_per_inch,
            Some(Application::Exif(exif)) => {
                self.orientation = self.orientation.or(Some(orientation(exif)));
            }
            Some(Application::Xmp(packet)) => self.xmp = self.xmp.or_else(|| span(packet)),
            Some(Application::Icc { number, count, part }) => {
                if let Some(part) = span(part) {
                    let segment = Span { start: start - 4, len: body.len() as u64 + 4 };
                    self.icc.push(ProfilePart { number: [number, count], part, segment });
                }
            }
            _ => {}
        }
    }

    /// Reads the start of an APP13 segment, whose body has this offset and length.
    fn read_resources(&mut self, body: &[u8], (start, len): (u64, u64)) {
        if body == PHOTOSHOP {
            let before = PHOTOSHOP.len() as u64;
            self.photoshop.push(Span { start: start + before, len: len - before });
        }
    }

    fn picture(self, object: &Object, header: &Header) -> Result<Picture> {
        let colors = header.colors().map_err(|fault| fault.error("the JPEG file"))?;
        let (photometric, samples) = match colors {
            Colors::Gray => (Photometric::MinIsBlack, 1),
            Colors::Rgb => (Photometric::Rgb, 3),
            Colors::YCbCr => (Photometric::YCbCr, 3),
            Colors::Cmyk | Colors::Ycck => (Photometric::Cmyk, 4),
        };
        let compression = Compression::JpegFile {
            subsampling: header.subsampling().filter(|_| colors == Colors::YCbCr),
            buffered: header.is_buffered(),
        };
        let size = [header.frame.width, header.frame.height].map(u32::from);
        let format = SampleFormat { photometric, samples, alpha: false };
        let level = level(object, size, compression, format)?;
        Ok(Picture {
            level,
            orientation: self.orientation.unwrap_or(1),
            resolution: self.resolution,
            icc: profile(&self.icc),
            xmp: self.xmp,
            // Resources in several segments have no single byte range, and are ignored.
            photoshop: match *self.photoshop {
                [part] => Some(part),
                _ => None,
            },
        })
    }
}
