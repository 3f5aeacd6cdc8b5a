//! JPEG: reads the metadata of its segments. The engine's tile decoder decodes the rows.

use std::{
    cell::OnceCell,
    io::{Read as _, Seek as _},
    rc::Rc,
};

use azulejo::{
    codec::jpeg::{
        Application, Segments,
        decode::{self, Colors, Header, OnDamage, Tables},
        marker::SOS,
    },
    geometry::{Size, SourceSpace},
    pixel::{ColorModel, PixelFormat},
    pyramid::Metadata,
    sort::sort_by,
};

use crate::{
    File, Opened, Unreadable, exif, photoshop,
    picture::Picture,
    rows::{RowSink, RowSource},
    xmp,
};

/// The contents of the application segments before the first scan.
#[derive(Default)]
struct Extras {
    /// The JFIF density, in pixels per inch.
    density: Option<f32>,
    exif: Option<Vec<u8>>,
    xmp: Option<Vec<u8>>,
    /// Parts of the extended XMP: their offset and their bytes.
    extended: Vec<(u32, Vec<u8>)>,
    /// Parts of the ICC profile: their sequence number and their bytes.
    icc: Vec<(u32, Vec<u8>)>,
    photoshop: Vec<u8>,
}

/// Opens a JPEG.
pub(crate) fn open<'a>(
    mut file: Box<dyn File + 'a>,
    len: u64,
    limit: u64,
) -> Result<Opened<'a>, Unreadable> {
    let head = head(&mut file, limit)?;
    let header = header(&head)?;
    let metadata = Extras::read(&head).metadata();
    let size: Size<SourceSpace> =
        Size::new(u32::from(header.frame.width), u32::from(header.frame.height));
    let model = match header.colors().map_err(fault)? {
        Colors::Gray => ColorModel::Gray,
        Colors::Rgb | Colors::YCbCr => ColorModel::Rgb,
        Colors::Cmyk | Colors::Ycck => ColorModel::Cmyk,
    };
    let pixel = PixelFormat { model, alpha: false };
    let rotation = match metadata.orientation {
        // Rotation needs all rows, and a copy of them.
        Some(3..=8) => 2 * size.pixels() * pixel.samples() as u64,
        _ => 0,
    };
    let memory = decode::JpegRows::memory(&header, len).saturating_add(rotation);
    let decode = move || {
        let mut bytes = Vec::new();
        file.rewind()?;
        file.read_to_end(&mut bytes)?;
        let rows = Box::new(JpegRows { bytes, rule: OnDamage::Refuse, damage: Rc::default() });
        Ok(Picture { size, pixel, palette: false, rows })
    };
    Ok(Opened { size, pixel, memory, metadata, decode: Box::new(decode) })
}

/// The beginning of the file, at least up to its first scan. Fails if that needs more than `limit`
/// bytes.
fn head(file: &mut Box<dyn File + '_>, limit: u64) -> Result<Vec<u8>, Unreadable> {
    let mut head = Vec::new();
    let mut part = 256 << 10;
    while head.len() as u64 <= limit {
        let read = file.take(part).read_to_end(&mut head)?;
        if read == 0 || Header::read(&head, &Tables::default()).map_err(fault)?.is_some() {
            return Ok(head);
        }
        part *= 2;
    }
    Err(Unreadable::new(format!("no picture begins in the first {limit} bytes of the JPEG")))
}

fn header(bytes: &[u8]) -> Result<Header<'_>, Unreadable> {
    let header = Header::read(bytes, &Tables::default()).map_err(fault)?;
    header.ok_or_else(|| fault(decode::Fault::Damaged("its header ends early")))
}

fn fault(fault: decode::Fault) -> Unreadable {
    Unreadable::new(fault.error("the JPEG").message)
}

/// Decodes a compressed file row by row.
struct JpegRows {
    bytes: Vec<u8>,
    rule: OnDamage,
    damage: Rc<OnceCell<String>>,
}

impl RowSource for JpegRows {
    fn allow_damage(&mut self, damage: Rc<OnceCell<String>>) {
        (self.rule, self.damage) = (OnDamage::Fill, damage);
    }

    fn for_each_row(self: Box<Self>, sink: RowSink<'_>) -> Result<(), Unreadable> {
        let rule = self.rule;
        let damaged = |wrong| match (&wrong, rule) {
            (decode::Fault::Damaged(_), OnDamage::Refuse) => fault(wrong).damaged(),
            _ => fault(wrong),
        };
        let mut rows = decode::JpegRows::new(header(&self.bytes)?, self.rule).map_err(damaged)?;
        while let Some(row) = rows.next_row() {
            sink(row.map_err(damaged)?)?;
        }
        if let Some(wrong) = rows.damage() {
            let _first = self.damage.set(format!("the JPEG is damaged: {wrong}"));
        }
        Ok(())
    }
}

/// Joins the parts of data that was split over several segments, in the order of their numbers.
fn join_parts(mut parts: Vec<(u32, Vec<u8>)>) -> Vec<u8> {
    sort_by(&mut parts, |(a, _), (b, _)| a.cmp(b));
    parts.into_iter().flat_map(|(_, part)| part).collect()
}

impl Extras {
    /// Reads the segments before the first scan.
    fn read(head: &[u8]) -> Self {
        let mut extras = Self::default();
        let segments = Segments { rest: head }.take_while(|(marker, _)| *marker != SOS);
        for segment in segments.filter_map(|(marker, body)| Application::read(marker, body)) {
            extras.add(segment);
        }
        extras
    }

    fn metadata(self) -> Metadata {
        let mut metadata = self.exif.as_deref().map(exif::read).unwrap_or_default();
        metadata.resolution = metadata.resolution.or(self.density);
        let extended = join_parts(self.extended);
        metadata.xmp = self.xmp.map(|packet| xmp::with_extension(packet, &extended));
        let icc = join_parts(self.icc);
        metadata.icc = Some(icc).filter(|icc| !icc.is_empty());
        photoshop::read_resources(&self.photoshop, &mut metadata);
        metadata
    }

    /// Stores the content of one application segment.
    fn add(&mut self, segment: Application<'_>) {
        match segment {
            Application::Jfif { pixels_per_inch } => {
                self.density = pixels_per_inch.filter(|density| *density > 1.0);
            }
            Application::Exif(block) => {
                self.exif.get_or_insert_with(|| block.to_vec());
            }
            Application::Xmp(packet) => {
                self.xmp.get_or_insert_with(|| packet.to_vec());
            }
            Application::ExtendedXmp(at, part) => self.extended.push((at, part.to_vec())),
            Application::Icc { number, part, .. } => self.icc.push((number.into(), part.to_vec())),
            Application::Photoshop(blocks) => self.photoshop.extend_from_slice(blocks),
            Application::Adobe { .. } => {}
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
        let read = rows.for_each_row(&mut |row| {
            samples.extend_from_slice(row);
            Ok(())
        });
        read.unwrap();
        samples
    }

    #[test]
    fn one_scan_a_component_gives_the_same_picture_as_one_scan() {
        let pixel = |at: u32| [(at % 40 * 6) as u8, (at / 40 * 8) as u8, 90];
        let pixels: Vec<u8> = (0..40 * 30).flat_map(pixel).collect();
        let [interleaved, separate] = [false, true].map(|separate| {
            let mut file = Vec::new();
            let mut encoder = Encoder::new(&mut file, 95);
            // With optimised tables the encoder writes one scan for each component.
            encoder.set_optimized_huffman_tables(separate);
            encoder.encode(&pixels, 40, 30, ColorType::Rgb).unwrap();
            let scans = file.windows(2).filter(|pair| *pair == [0xff, 0xda]).count();
            assert_eq!(scans, if separate { 3 } else { 1 });
            samples(&file)
        });
        let near = interleaved.iter().zip(&separate).all(|(one, other)| one.abs_diff(*other) <= 3);
        assert!(near && interleaved.len() == separate.len());
    }
}
