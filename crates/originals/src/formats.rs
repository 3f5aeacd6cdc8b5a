//! The table of original formats. [`detect`] selects a decoder from it, and
//! `azulejo ingest --formats` prints it.

#[cfg(feature = "bmp")]
use crate::bmp;
#[cfg(feature = "gif")]
use crate::gif;
#[cfg(feature = "jpeg-2000")]
use crate::jpeg_2000;
#[cfg(feature = "jpeg-xl")]
use crate::jpeg_xl;
use crate::{File, Opened, Unreadable, jpeg, png, psd, tiff};

/// A format of originals.
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// The file name extensions, without the dot.
    pub extensions: &'static [&'static str],
    /// Which variants can be read. For an unsupported format: why, and how to convert it.
    pub about: &'static str,
    /// Whether a file that begins with these bytes has this format.
    pub(crate) matches: fn(&[u8]) -> bool,
    /// Opens a file of this format; `None` if the format is unsupported.
    pub(crate) open: Option<Open>,
}

/// Opens a file. The arguments are the file, its length in bytes, and the memory limit of the
/// decoder in bytes.
pub(crate) type Open = for<'a> fn(Box<dyn File + 'a>, u64, u64) -> Result<Opened<'a>, Unreadable>;

/// How many bytes of a file [`detect`] needs. PICT has 512 arbitrary bytes before its header.
pub(crate) const PROBE_BYTES: usize = 528;

const TABLE: &[Format] = &[
    Format {
        name: "JPEG",
        extensions: &["jpg", "jpeg", "jpe", "jfif"],
        about: "baseline and progressive, any sampling; grey, YCbCr, RGB, CMYK, YCCK; 8 bits",
        matches: |head| head.starts_with(&[0xff, 0xd8, 0xff]),
        open: Some(jpeg::open),
    },
    Format {
        name: "PNG",
        extensions: &["png"],
        about: "all types and depths, palettes, transparency",
        matches: |head| head.starts_with(b"\x89PNG\r\n\x1a\n"),
        open: Some(png::open),
    },
    // Before TIFF, whose signature some raw files share.
    Format {
        name: "Camera raw",
        extensions: &["arw", "cr2", "cr3", "dng", "nef", "raf"],
        about: "not developed; develop it to TIFF or JPEG: darktable-cli in.nef out.tif",
        matches: |head| {
            let starts = [&b"FUJIFILMCCD-RAW"[..], b"IIRO", b"IIRS", b"MMOR", b"IIU\0"];
            let tiff = head.starts_with(b"II*\0") && head.get(8..10) == Some(b"CR");
            tiff || is_brand(head, &[b"crx "]) || starts.iter().any(|start| head.starts_with(start))
        },
        open: None,
    },
    Format {
        name: "TIFF",
        extensions: &["tif", "tiff", "btf", "tf8", "ptif"],
        about: "and BigTIFF, the first page: grey, RGB, palette, YCbCr in JPEG, CMYK, alpha or a \
                mask, other samples ignored; 1 to 16, 24 and 32 bits; tiles, strips, planes; none, \
                CCITT, LZW, Deflate, PackBits, JPEG, Zstandard, WebP",
        matches: is_tiff,
        open: Some(tiff::open),
    },
    #[cfg(feature = "webp")]
    Format {
        name: "WebP",
        extensions: &["webp"],
        about: "lossy and lossless, alpha; the first frame",
        matches: |head| head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"),
        open: Some(|file, len, limit| {
            let format = image::ImageFormat::WebP;
            crate::image_crate::open(file, len, limit, format, false, Default::default())
        }),
    },
    #[cfg(feature = "gif")]
    Format {
        name: "GIF",
        extensions: &["gif"],
        about: "the first frame on its screen, transparency",
        matches: |head| head.starts_with(b"GIF8"),
        open: Some(gif::open),
    },
    #[cfg(feature = "bmp")]
    Format {
        name: "BMP",
        extensions: &["bmp", "dib"],
        about: "1, 4, 8, 16, 24 and 32 bits, palettes, masks, RLE, alpha of masks; headers of \
                Windows and OS/2 1",
        matches: |head| head.starts_with(b"BM"),
        open: Some(bmp::open),
    },
    Format {
        name: "Photoshop",
        extensions: &["psd", "psb"],
        about: "the composite of PSD and PSB: bitmap, grey, duotone, indexed, RGB, CMYK; its \
                transparency, no saved selections; 8, 16 and 32 bits; raw, RLE, ZIP",
        matches: |head| head.starts_with(b"8BPS"),
        open: Some(psd::open),
    },
    #[cfg(feature = "jpeg-2000")]
    Format {
        name: "JPEG 2000",
        extensions: &["jp2", "jpf", "jpx", "j2k", "j2c", "jpc"],
        about: "JP2 and codestreams: grey, RGB, YCbCr, CMYK, palettes, alpha; 1 to 16 bits",
        matches: |head| {
            head.starts_with(jpeg_2000::SIGNATURE) || head.starts_with(jpeg_2000::CODESTREAM)
        },
        open: Some(jpeg_2000::open),
    },
    #[cfg(feature = "jpeg-xl")]
    Format {
        name: "JPEG XL",
        extensions: &["jxl"],
        about: "lossy and lossless, from JPEG: grey, RGB, CMYK, alpha; 8 to 32 bits; the first \
                frame",
        matches: |head| {
            head.starts_with(jpeg_xl::SIGNATURE) || head.starts_with(jpeg_xl::CODESTREAM)
        },
        open: Some(jpeg_xl::open),
    },
    Format {
        name: "AVIF",
        extensions: &["avif", "avifs"],
        about: "no AV1 decoder is both free of C and well maintained; save it as PNG or \
                JPEG XL: avifdec in.avif out.png",
        matches: |head| is_brand(head, &[b"avif", b"avis"]),
        open: None,
    },
    Format {
        name: "HEIF",
        extensions: &["heic", "heif", "heics", "heifs", "hif"],
        about: "no free decoder of HEVC; save it as JPEG, PNG or TIFF: heif-convert in.heic \
                out.png",
        matches: |head| {
            is_brand(
                head,
                &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"],
            )
        },
        open: None,
    },
    Format {
        name: "PDF",
        extensions: &["pdf", "ai"],
        about: "rendering pages is unsupported; export the page as TIFF, PNG or SVG: \
                pdftocairo -singlefile -png -r 300 in.pdf out",
        matches: |head| head.starts_with(b"%PDF-"),
        open: None,
    },
    Format {
        name: "PostScript",
        extensions: &["eps", "ps"],
        about: "rendering is unsupported, and so is the preview in Photoshop's EPS; export it as TIFF, \
                PNG or SVG: gs -dSAFER -dBATCH -dNOPAUSE -dEPSCrop -r300 -sDEVICE=png16m \
                -sOutputFile=out.png in.eps",
        matches: |head| head.starts_with(b"%!PS") || head.starts_with(b"\xc5\xd0\xd3\xc6"),
        open: None,
    },
    Format {
        name: "PICT",
        extensions: &["pict", "pct", "pic"],
        about: "QuickDraw commands are unsupported; save it as PNG: magick in.pict out.png",
        // Versions 1 and 2, after 512 bytes for the writing program, the length and the frame.
        matches: |head| {
            head.get(522..).is_some_and(|head| {
                head.starts_with(&[0x11, 0x01]) || head.starts_with(&[0, 0x11, 0x02, 0xff, 0x0c, 0])
            })
        },
        open: None,
    },
];

/// Whether a file begins as a TIFF or BigTIFF does. Some camera raw files do, too.
pub fn is_tiff(head: &[u8]) -> bool {
    [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|start| head.starts_with(*start))
}

/// Whether a file that begins with `head` is XML, and so an SVG or unsupported. No raster format
/// begins with `<`.
pub fn is_xml(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    text.trim_ascii_start().starts_with(b"<")
}

/// Whether the file begins with an `ftyp` box whose major brand is one of these
/// (ISO/IEC 14496-12, 4.3).
fn is_brand(head: &[u8], brands: &[&[u8; 4]]) -> bool {
    let brand = head.get(8..12).unwrap_or_default();
    head.get(4..8) == Some(b"ftyp") && brands.iter().any(|one| one.as_slice() == brand)
}

/// The formats that this build decodes.
pub fn formats() -> impl Iterator<Item = &'static Format> {
    TABLE.iter().filter(|format| format.open.is_some())
}

/// The formats that are recognised, to give a helpful error, but not decoded.
pub fn unsupported_formats() -> impl Iterator<Item = &'static Format> {
    TABLE.iter().filter(|format| format.open.is_none())
}

/// The format of a file that begins with `head`, if this build decodes it.
pub fn format_of(head: &[u8]) -> Option<&'static Format> {
    detect(head).ok().map(|(format, _)| format)
}

/// The format of a file that begins with `head`, and the function that opens it. Fails if the
/// format is unknown or unsupported.
pub(crate) fn detect(head: &[u8]) -> Result<(&'static Format, Open), Unreadable> {
    let found = TABLE.iter().find(|format| (format.matches)(head));
    let Some(format) = found else {
        let names: Vec<&str> = formats().map(|format| format.name).collect();
        let message = format!("not a file of an accepted format: {}", names.join(", "));
        return Err(Unreadable::new(message));
    };
    let unsupported =
        || Unreadable::new(format!("{} is not accepted: {}", format.name, format.about));
    Ok((format, format.open.ok_or_else(unsupported)?))
}
