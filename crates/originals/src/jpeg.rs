//! JPEG: what its segments say, and pictures in inks, which the usual decoder would turn to RGB.

use std::io::{BufRead, Seek, SeekFrom};

use azulejo::{
    pyramid::Metadata,
    raster::{ColorModel, PixelType},
};

use crate::{File, Opened, Unreadable, coded, exif, photoshop, picture::Picture, xmp};

/// What stands before the first scan.
#[derive(Default)]
struct Segments {
    size: (u32, u32),
    components: u8,
    /// Whether the Adobe segment is there: four components are reversed then.
    adobe: bool,
    /// The JFIF density, in pixels per inch.
    density: Option<f32>,
    exif: Option<Vec<u8>>,
    xmp: Option<Vec<u8>>,
    /// Parts of the extended XMP: where they belong, and their bytes.
    extended: Vec<(u32, Vec<u8>)>,
    /// Parts of the profile, by their number.
    icc: Vec<(u8, Vec<u8>)>,
    photoshop: Vec<u8>,
}

/// Opens a JPEG: inks are decoded here, everything else by the usual decoder.
pub(crate) fn open<'a>(
    mut file: Box<dyn File + 'a>,
    len: u64,
    limit: u64,
) -> Result<Opened<'a>, Unreadable> {
    let segments = segments(&mut file).map_err(|error| {
        if error.kind() == std::io::ErrorKind::UnexpectedEof {
            return Unreadable::new("the JPEG file ends in its header");
        }
        error.into()
    })?;
    file.rewind()?;
    let (size, components, adobe) = (segments.size, segments.components, segments.adobe);
    let metadata = segments.metadata();
    if components != 4 {
        let format = image::ImageFormat::Jpeg;
        return coded::open(file, len, limit, format, metadata);
    }
    let pixels = u64::from(size.0) * u64::from(size.1);
    // The planes, the joined samples (a progressive file has all coefficients besides), and both
    // once more turned upright.
    let memory = pixels.saturating_mul(4 * 4);
    let decode = move || {
        let mut decoder = jpeg_decoder::Decoder::new(file);
        let inks = decoder.decode().map_err(|error| Unreadable::new(error.to_string()))?;
        let format = decoder.info().map(|info| info.pixel_format);
        if format != Some(jpeg_decoder::PixelFormat::CMYK32) {
            return Err(Unreadable::new("a JPEG of four components that are no inks"));
        }
        // The decoder takes them for reversed, as Adobe stores them, and hands out inks.
        let inks = if adobe { inks } else { inks.into_iter().map(|ink| 255 - ink).collect() };
        let pixel = PixelType { model: ColorModel::Cmyk, alpha: false };
        Ok(Picture::whole(size, pixel, inks, metadata))
    };
    Ok(Opened { size, alpha: false, memory, decode: Box::new(decode) })
}

impl Segments {
    fn metadata(mut self) -> Metadata {
        let mut metadata = self.exif.as_deref().map(exif::read).unwrap_or_default();
        metadata.resolution = metadata.resolution.or(self.density);
        self.extended.sort_by_key(|(at, _)| *at);
        let extended: Vec<u8> = self.extended.into_iter().flat_map(|(_, part)| part).collect();
        metadata.xmp = self.xmp.map(|packet| xmp::joined(packet, &extended));
        self.icc.sort_by_key(|(number, _)| *number);
        let icc: Vec<u8> = self.icc.into_iter().flat_map(|(_, part)| part).collect();
        metadata.icc = Some(icc).filter(|icc| !icc.is_empty());
        photoshop::sort(&self.photoshop, &mut metadata);
        metadata
    }

    /// Takes what an application segment says.
    fn take(&mut self, marker: u8, data: Vec<u8>) {
        const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
        const EXTENDED: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
        match (marker, data.as_slice()) {
            (0xe0, [b'J', b'F', b'I', b'F', 0, _, _, unit, high, low, ..]) => {
                let density = f32::from(u16::from_be_bytes([*high, *low]));
                let density = match unit {
                    1 => Some(density),
                    2 => Some(density * 2.54),
                    // A ratio of sides only.
                    _ => None,
                };
                self.density = density.filter(|density| *density > 1.0);
            }
            (0xe1, [b'E', b'x', b'i', b'f', 0, _, block @ ..]) => {
                self.exif.get_or_insert_with(|| block.to_vec());
            }
            (0xe1, data) => {
                if let Some(packet) = data.strip_prefix(XMP) {
                    self.xmp.get_or_insert_with(|| packet.to_vec());
                } else if let Some(part) = data.strip_prefix(EXTENDED)
                    && let Some((head, part)) = part.split_at_checked(40)
                    && let Some(at) = head.last_chunk::<4>()
                {
                    // A hash of 32 characters, the whole length, where this part belongs.
                    self.extended.push((u32::from_be_bytes(*at), part.to_vec()));
                }
            }
            (0xe2, data) => {
                if let Some([number, _count, part @ ..]) = data.strip_prefix(b"ICC_PROFILE\0") {
                    self.icc.push((*number, part.to_vec()));
                }
            }
            (0xed, data) => {
                let blocks = data.strip_prefix(b"Photoshop 3.0\0").unwrap_or_default();
                self.photoshop.extend_from_slice(blocks);
            }
            (0xee, data) => self.adobe |= data.starts_with(b"Adobe"),
            _ => {}
        }
    }
}

/// Reads up to the first scan (ITU-T T.81, annex B).
fn segments(file: &mut (impl BufRead + Seek)) -> std::io::Result<Segments> {
    let mut segments = Segments::default();
    file.seek(SeekFrom::Start(2))?;
    loop {
        let mut byte = [0];
        file.read_exact(&mut byte)?;
        // What stands between segments is passed over.
        if byte != [0xff] {
            continue;
        }
        while byte == [0xff] {
            file.read_exact(&mut byte)?;
        }
        let [marker] = byte;
        if matches!(marker, 0 | 0x01 | 0xd0..=0xd8) {
            continue;
        }
        if matches!(marker, 0xda | 0xd9) {
            return Ok(segments);
        }
        let mut len = [0; 2];
        file.read_exact(&mut len)?;
        let len = u16::from_be_bytes(len).saturating_sub(2);
        let frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if !frame && !matches!(marker, 0xe0..=0xef) {
            file.seek_relative(i64::from(len))?;
            continue;
        }
        let mut data = vec![0; usize::from(len)];
        file.read_exact(&mut data)?;
        match data.first_chunk::<6>() {
            Some(&[_, h1, h0, w1, w0, components]) if frame => {
                let side = |bytes| u32::from(u16::from_be_bytes(bytes));
                segments.size = (side([w1, w0]), side([h1, h0]));
                segments.components = components;
            }
            _ => segments.take(marker, data),
        }
    }
}
