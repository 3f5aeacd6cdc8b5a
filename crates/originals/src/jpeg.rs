//! JPEG: what its segments tell, and its rows, by the decoder that serves tiles too.

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
    pyramid::Metadata,
    raster::{ColorModel, PixelType},
    sort::sort_by,
};

use crate::{
    File, Opened, Unreadable, exif, photoshop,
    picture::Picture,
    rows::{Rows, Take},
    xmp,
};

/// What the application segments before the first scan tell.
#[derive(Default)]
struct Extras {
    /// The JFIF density, in pixels per inch.
    density: Option<f32>,
    exif: Option<Vec<u8>>,
    xmp: Option<Vec<u8>>,
    /// Parts of the extended XMP: where they belong, and their bytes.
    extended: Vec<(u32, Vec<u8>)>,
    /// Parts of the profile, by their number.
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
    let size = [header.frame.width, header.frame.height].map(u32::from);
    let model = match header.colors().map_err(fault)? {
        Colors::Grey => ColorModel::Grey,
        Colors::Rgb | Colors::YCbCr => ColorModel::Rgb,
        Colors::Cmyk | Colors::Ycck => ColorModel::Cmyk,
    };
    let pixel = PixelType { model, alpha: false };
    let turning = match metadata.orientation {
        // All rows are gathered, and turned.
        Some(3..=8) => 2 * u64::from(size[0]) * u64::from(size[1]) * pixel.samples() as u64,
        _ => 0,
    };
    let memory = decode::Rows::memory(&header, len).saturating_add(turning);
    let decode = move || {
        let mut bytes = Vec::new();
        file.rewind()?;
        file.read_to_end(&mut bytes)?;
        let rows = Box::new(Pixels { bytes, rule: OnDamage::Refuse, note: Rc::default() });
        Ok(Picture { size: (size[0], size[1]), pixel, palette: false, metadata, rows })
    };
    Ok(Opened { size: (size[0], size[1]), alpha: false, memory, decode: Box::new(decode) })
}

/// The file as far as its first scan, and a little more.
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

/// The pixels of a file, still compressed.
struct Pixels {
    bytes: Vec<u8>,
    rule: OnDamage,
    note: Rc<OnceCell<String>>,
}

impl Rows for Pixels {
    fn allow_damage(&mut self, note: Rc<OnceCell<String>>) {
        (self.rule, self.note) = (OnDamage::Fill, note);
    }

    fn each(self: Box<Self>, take: Take<'_>) -> Result<(), Unreadable> {
        let rule = self.rule;
        let damaged = |wrong| match (&wrong, rule) {
            (decode::Fault::Damaged(_), OnDamage::Refuse) => fault(wrong).damaged(),
            _ => fault(wrong),
        };
        let mut rows = decode::Rows::new(header(&self.bytes)?, self.rule).map_err(damaged)?;
        while let Some(row) = rows.next_row() {
            take(row.map_err(damaged)?)?;
        }
        if let Some(wrong) = rows.damage() {
            let _first = self.note.set(format!("the JPEG is damaged: {wrong}"));
        }
        Ok(())
    }
}

/// The parts of a segment that was too long for one, in their order.
fn joined(mut parts: Vec<(u32, Vec<u8>)>) -> Vec<u8> {
    sort_by(&mut parts, |(a, _), (b, _)| a.cmp(b));
    parts.into_iter().flat_map(|(_, part)| part).collect()
}

impl Extras {
    /// Reads up to the first scan.
    fn read(head: &[u8]) -> Self {
        let mut extras = Self::default();
        let segments = Segments { rest: head }.take_while(|(marker, _)| *marker != SOS);
        for known in segments.filter_map(|(marker, body)| Application::read(marker, body)) {
            extras.take(known);
        }
        extras
    }

    fn metadata(self) -> Metadata {
        let mut metadata = self.exif.as_deref().map(exif::read).unwrap_or_default();
        metadata.resolution = metadata.resolution.or(self.density);
        let extended = joined(self.extended);
        metadata.xmp = self.xmp.map(|packet| xmp::joined(packet, &extended));
        let icc = joined(self.icc);
        metadata.icc = Some(icc).filter(|icc| !icc.is_empty());
        photoshop::sort(&self.photoshop, &mut metadata);
        metadata
    }

    /// Takes what an application segment says.
    fn take(&mut self, known: Application<'_>) {
        match known {
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
