//! Reads the application segments of a stream: density, colour transform, metadata.

use super::segments::marker::{APP0, APP1, APP2, APP13, APP14};

/// The identifier at the start of a JFIF segment.
pub const JFIF: &[u8] = b"JFIF\0";

/// The identifier at the start of a segment of an ICC profile.
pub const ICC: &[u8] = b"ICC_PROFILE\0";

/// The identifier at the start of a segment of Photoshop's image resources.
pub const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";

/// The identifier at the start of a segment of an XMP packet.
pub const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// The identifier at the start of a segment of a long XMP packet.
pub const EXTENDED_XMP: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";

/// A recognised application segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Application<'a> {
    /// JFIF.
    Jfif {
        /// The density; `None` if the segment only gives the aspect ratio of a pixel.
        pixels_per_inch: Option<f32>,
    },
    /// An EXIF block, which is a small TIFF.
    Exif(&'a [u8]),
    /// A packet of XMP.
    Xmp(&'a [u8]),
    /// A part of an XMP packet that is too long for one segment: its byte offset, and its bytes.
    ExtendedXmp(u32, &'a [u8]),
    /// A part of an ICC profile.
    Icc {
        /// The number of this part, from 1.
        number: u8,
        /// The number of parts.
        count: u8,
        /// The bytes of this part.
        part: &'a [u8],
    },
    /// Photoshop image resources.
    Photoshop(&'a [u8]),
    /// Adobe's segment, which gives the colour transform.
    Adobe {
        /// 0 none, 1 YCbCr, 2 YCCK.
        transform: u8,
    },
}

impl<'a> Application<'a> {
    /// Parses the body of a segment; `None` if it is of another kind.
    pub fn read(marker: u8, body: &'a [u8]) -> Option<Self> {
        match marker {
            APP0 => body.strip_prefix(JFIF).map(jfif),
            APP1 => exif_or_xmp(body),
            APP2 => match body.strip_prefix(ICC)? {
                [number, count, part @ ..] => {
                    Some(Self::Icc { number: *number, count: *count, part })
                }
                _ => None,
            },
            APP13 => body.strip_prefix(PHOTOSHOP).map(Self::Photoshop),
            APP14 => match body.strip_prefix(b"Adobe")? {
                // Version, two flags of two bytes, the transform.
                [_, _, _, _, _, _, transform, ..] => Some(Self::Adobe { transform: *transform }),
                _ => None,
            },
            _ => None,
        }
    }
}

fn jfif(body: &[u8]) -> Application<'_> {
    let pixels_per_inch = match body {
        [_, _, unit, high, low, ..] => {
            let density = f32::from(u16::from_be_bytes([*high, *low]));
            match unit {
                1 => Some(density),
                // Per centimetre.
                2 => Some(density * 2.54),
                _ => None,
            }
        }
        _ => None,
    };
    Application::Jfif { pixels_per_inch }
}

fn exif_or_xmp(body: &[u8]) -> Option<Application<'_>> {
    if let [b'E', b'x', b'i', b'f', 0, _, block @ ..] = body {
        return Some(Application::Exif(block));
    }
    if let Some(packet) = body.strip_prefix(XMP) {
        return Some(Application::Xmp(packet));
    }
    // A hash of 32 characters, the total length, the offset of this part.
    let extended = body.strip_prefix(EXTENDED_XMP)?;
    let (head, part) = extended.split_at_checked(40)?;
    Some(Application::ExtendedXmp(u32::from_be_bytes(*head.last_chunk()?), part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jfif_of(unit: u8, density: u8) -> Option<f32> {
        let body = [JFIF, &[1, 2, unit, 0, density, 0, density, 0, 0]].concat();
        match Application::read(APP0, &body) {
            Some(Application::Jfif { pixels_per_inch }) => pixels_per_inch,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_density_is_per_inch_or_centimetre_or_none() {
        assert_eq!([0, 1, 2].map(|unit| jfif_of(unit, 100)), [None, Some(100.0), Some(254.0)]);
        let cut = Application::Jfif { pixels_per_inch: None };
        assert_eq!(Application::read(APP0, JFIF), Some(cut));
    }

    #[test]
    fn application_segments_are_distinguished_by_their_signatures() {
        let hash = [b'a'; 32];
        let extended =
            [b"http://ns.adobe.com/xmp/extension/\0", &hash[..], b"\0\0\x01\0\0\0\0\x07<y/>"]
                .concat();
        for (marker, body, wanted) in [
            (APP1, &b"Exif\0\0II*\0"[..], Application::Exif(b"II*\0")),
            (APP1, b"http://ns.adobe.com/xap/1.0/\0<x/>", Application::Xmp(b"<x/>")),
            (APP1, &extended, Application::ExtendedXmp(7, b"<y/>")),
            (APP2, b"ICC_PROFILE\0\x01\x02a", Application::Icc { number: 1, count: 2, part: b"a" }),
            (APP13, b"Photoshop 3.0\08BIM", Application::Photoshop(b"8BIM")),
            (APP14, b"Adobe\0\x64\0\0\0\0\x02", Application::Adobe { transform: 2 }),
        ] {
            assert_eq!(Application::read(marker, body), Some(wanted));
            // Each kind requires its own marker.
            assert_eq!(Application::read(marker - 1, body), None);
        }
    }

    #[test]
    fn a_segment_without_its_fields_is_none() {
        for (marker, body) in [
            (APP0, &b"JFXX\0"[..]),
            (APP1, b"Exif\0"),
            (APP2, b"ICC_PROFILE\0\x01"),
            (APP14, b"Adobe\0"),
        ] {
            assert_eq!(Application::read(marker, body), None, "{marker:x}");
        }
    }
}
