//! The formats that are accepted: one table that decodes by, and that is shown to users.

use image::ImageFormat;

use crate::{File, Opened, Unreadable, coded, jpeg, png, psd, tiff};

/// A format of originals.
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// What its files are called, without the point.
    pub extensions: &'static [&'static str],
    /// What of it is read.
    pub reads: &'static str,
    /// Whether a file that begins like this is one.
    pub(crate) is_one: fn(&[u8]) -> bool,
    /// Whether this build can decode it.
    pub(crate) enabled: fn() -> bool,
    pub(crate) open: Open,
}

/// Opens a file of so many bytes; the decoder may take so many bytes of memory.
pub(crate) type Open = for<'a> fn(Box<dyn File + 'a>, u64, u64) -> Result<Opened<'a>, Unreadable>;

/// Bytes at the beginning that tell the format.
pub(crate) const HEAD: usize = 16;

const TABLE: &[Format] = &[
    Format {
        name: "JPEG",
        extensions: &["jpg", "jpeg", "jpe", "jfif"],
        reads: "baseline and progressive; grey, YCbCr, RGB, CMYK, YCCK",
        is_one: |head| head.starts_with(&[0xff, 0xd8, 0xff]),
        enabled: || ImageFormat::Jpeg.reading_enabled(),
        open: jpeg::open,
    },
    Format {
        name: "PNG",
        extensions: &["png"],
        reads: "all types and depths, palettes, transparency",
        is_one: |head| head.starts_with(b"\x89PNG\r\n\x1a\n"),
        enabled: || ImageFormat::Png.reading_enabled(),
        open: png::open,
    },
    Format {
        name: "TIFF",
        extensions: &["tif", "tiff", "btf", "tf8", "ptif"],
        reads: "and BigTIFF: grey, RGB, YCbCr in JPEG, CMYK, alpha; 8 and 16 bits; tiles, strips, \
                planes; none, LZW, Deflate, PackBits, JPEG",
        is_one: |head| {
            [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|start| head.starts_with(*start))
        },
        enabled: || true,
        open: tiff::open,
    },
    Format {
        name: "WebP",
        extensions: &["webp"],
        reads: "lossy and lossless, alpha; the first frame",
        is_one: |head| head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"),
        enabled: || ImageFormat::WebP.reading_enabled(),
        open: |file, len, limit| {
            coded::open(file, len, limit, ImageFormat::WebP, Default::default())
        },
    },
    Format {
        name: "GIF",
        extensions: &["gif"],
        reads: "the first frame, transparency",
        is_one: |head| head.starts_with(b"GIF8"),
        enabled: || ImageFormat::Gif.reading_enabled(),
        open: |file, len, limit| {
            coded::open(file, len, limit, ImageFormat::Gif, Default::default())
        },
    },
    Format {
        name: "Photoshop",
        extensions: &["psd", "psb"],
        reads: "the composite of PSD and PSB: bitmap, grey, duotone, indexed, RGB, CMYK; alpha; \
                8, 16 and 32 bits",
        is_one: |head| head.starts_with(b"8BPS"),
        enabled: || true,
        open: psd::open,
    },
];

/// The formats that this build decodes.
pub fn formats() -> impl Iterator<Item = &'static Format> {
    TABLE.iter().filter(|format| (format.enabled)())
}

/// The format of a file that begins like this.
pub(crate) fn of(head: &[u8]) -> Result<&'static Format, Unreadable> {
    formats().find(|format| (format.is_one)(head)).ok_or_else(|| {
        let names: Vec<&str> = formats().map(|format| format.name).collect();
        Unreadable::new(format!("not a file of an accepted format: {}", names.join(", ")))
    })
}
