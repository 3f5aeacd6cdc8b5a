//! JPEG: what its segments say, and which decoder takes it. The faster one, if it is there, turns inks to
//! RGB, and components in scans of their own to stripes.

use std::io::{BufRead, Seek, SeekFrom};

use azulejo::{
    pyramid::Metadata,
    raster::{ColorModel, PixelType},
};

use jpeg_decoder::PixelFormat;

use crate::{File, Opened, Unreadable, coded, exif, photoshop, picture::Picture, xmp};

/// What stands before the first scan.
#[derive(Default)]
struct Segments {
    size: (u32, u32),
    components: u8,
    /// Whether a baseline picture has its components in scans of their own.
    apart: bool,
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

/// Opens a JPEG.
pub(crate) fn open<'a>(
    mut file: Box<dyn File + 'a>,
    len: u64,
    limit: u64,
) -> Result<Opened<'a>, Unreadable> {
    let segments = segments(&mut file)?;
    file.rewind()?;
    let (size, components, adobe) = (segments.size, segments.components, segments.adobe);
    let fast = cfg!(feature = "fast-jpeg") && components != 4 && !segments.apart;
    let metadata = segments.metadata();
    if fast {
        let format = image::ImageFormat::Jpeg;
        return coded::open(file, len, limit, format, false, metadata);
    }
    let pixels = u64::from(size.0) * u64::from(size.1);
    // The planes, the joined samples (several scans have all coefficients besides), and both
    // once more turned upright.
    let memory = pixels.saturating_mul(4 * 4);
    let decode = move || {
        let mut decoder = jpeg_decoder::Decoder::new(file);
        let mut samples = decoder.decode().map_err(|error| Unreadable::new(error.to_string()))?;
        let format = decoder.info().map(|info| info.pixel_format);
        let model = match (format, components) {
            (Some(PixelFormat::L8), _) => ColorModel::Grey,
            (Some(PixelFormat::RGB24), 3) => ColorModel::Rgb,
            (Some(PixelFormat::CMYK32), 4) => ColorModel::Cmyk,
            (Some(_) | None, _) => {
                let message = format!("a JPEG whose {components} components are no colours");
                return Err(Unreadable::new(message));
            }
        };
        // The decoder takes inks for reversed, as Adobe stores them, and hands out inks.
        if model == ColorModel::Cmyk && !adobe {
            samples.iter_mut().for_each(|ink| *ink = 255 - *ink);
        }
        Ok(Picture::whole(size, PixelType { model, alpha: false }, samples, metadata))
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
    let mut sequential = false;
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
        if marker == 0xd9 {
            return Ok(segments);
        }
        let mut len = [0; 2];
        file.read_exact(&mut len)?;
        if marker == 0xda {
            let mut components = [0];
            file.read_exact(&mut components)?;
            segments.apart = sequential && components[0] < segments.components;
            return Ok(segments);
        }
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
                sequential = matches!(marker, 0xc0 | 0xc1);
            }
            _ => segments.take(marker, data),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use jpeg_encoder::{ColorType, Encoder};

    use super::*;

    fn samples(file: &[u8]) -> Vec<u8> {
        let opened = open(Box::new(Cursor::new(file)), file.len() as u64, 1 << 30).unwrap();
        let mut samples = Vec::new();
        let rows = (opened.decode)().unwrap().rows;
        let each = rows.each(&mut |row| {
            samples.extend_from_slice(row);
            Ok(())
        });
        each.unwrap();
        samples
    }

    #[test]
    fn components_in_scans_of_their_own_are_the_same_picture() {
        let pixel = |at: u32| [(at % 40 * 6) as u8, (at / 40 * 8) as u8, 90];
        let pixels: Vec<u8> = (0..40 * 30).flat_map(pixel).collect();
        let [together, apart] = [false, true].map(|apart| {
            let mut file = Vec::new();
            let mut encoder = Encoder::new(&mut file, 95);
            // Its fitted tables come with a scan for each component.
            encoder.set_optimized_huffman_tables(apart);
            encoder.encode(&pixels, 40, 30, ColorType::Rgb).unwrap();
            let scans = file.windows(2).filter(|pair| *pair == [0xff, 0xda]).count();
            assert_eq!(scans, if apart { 3 } else { 1 });
            samples(&file)
        });
        let near = together.iter().zip(&apart).all(|(one, other)| one.abs_diff(*other) <= 3);
        assert!(near && together.len() == apart.len());
    }
}
