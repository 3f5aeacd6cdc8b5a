//! The formats of replies.

/// The formats that are decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoder {
    Jpeg,
    Png,
    Gif,
    WebP,
    Bmp,
}

/// A format, which is known by how its files begin.
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    is: fn(&[u8]) -> bool,
    /// Its decoder, if there is one.
    pub decoder: Option<Decoder>,
}

/// Whether a file is of an ISO base media format with one of these brands.
fn has_brand(file: &[u8], brands: &[&[u8]]) -> bool {
    file.get(4..8) == Some(b"ftyp") && file.get(8..12).is_some_and(|brand| brands.contains(&brand))
}

/// All formats that are told apart.
const FORMATS: [Format; 13] = [
    Format {
        name: "JPEG",
        media_type: "image/jpeg",
        is: |file| file.starts_with(b"\xff\xd8\xff"),
        decoder: Some(Decoder::Jpeg),
    },
    Format {
        name: "PNG",
        media_type: "image/png",
        is: |file| file.starts_with(b"\x89PNG\r\n\x1a\n"),
        decoder: Some(Decoder::Png),
    },
    Format {
        name: "GIF",
        media_type: "image/gif",
        is: |file| file.starts_with(b"GIF8"),
        decoder: Some(Decoder::Gif),
    },
    Format {
        name: "WebP",
        media_type: "image/webp",
        is: |file| file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP"),
        decoder: Some(Decoder::WebP),
    },
    Format {
        name: "BMP",
        media_type: "image/bmp",
        is: |file| file.starts_with(b"BM"),
        decoder: Some(Decoder::Bmp),
    },
    Format {
        name: "TIFF",
        media_type: "image/tiff",
        is: |file| file.starts_with(b"II*\0") || file.starts_with(b"MM\0*"),
        decoder: None,
    },
    Format {
        name: "AVIF",
        media_type: "image/avif",
        is: |file| has_brand(file, &[b"avif", b"avis"]),
        decoder: None,
    },
    Format {
        name: "HEIC",
        media_type: "image/heic",
        is: |file| has_brand(file, &[b"heic", b"heix", b"mif1", b"msf1"]),
        decoder: None,
    },
    Format {
        name: "JPEG 2000",
        media_type: "image/jp2",
        is: |file| file.starts_with(b"\0\0\0\x0cjP  ") || file.starts_with(b"\xff\x4f\xff\x51"),
        decoder: None,
    },
    Format {
        name: "JPEG XL",
        media_type: "image/jxl",
        is: |file| file.starts_with(b"\0\0\0\x0cJXL ") || file.starts_with(b"\xff\x0a"),
        decoder: None,
    },
    Format {
        name: "JPEG XR",
        media_type: "image/jxr",
        is: |file| file.starts_with(b"II\xbc\x01"),
        decoder: None,
    },
    Format {
        name: "PDF",
        media_type: "application/pdf",
        is: |file| file.starts_with(b"%PDF-"),
        decoder: None,
    },
    Format {
        name: "EPS",
        media_type: "application/postscript",
        is: |file| file.starts_with(b"%!PS"),
        decoder: None,
    },
];

impl Format {
    /// The format of a file.
    pub fn of(file: &[u8]) -> Option<&'static Self> {
        FORMATS.iter().find(|format| (format.is)(file))
    }
}

/// The media type of a file, by its first bytes.
pub fn media_type(file: &[u8]) -> Option<&'static str> {
    Format::of(file).map(|format| format.media_type)
}
