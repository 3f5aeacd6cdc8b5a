//! The AVIF container: boxes around AV1 streams.
//!
//! An AVIF file (AV1 Image File Format 1.1) is a HEIF file (ISO/IEC 23008-12) whose items are AV1
//! streams. Item 1 is the picture, item 2 its alpha. A box is its length, its type and its content
//! (ISO/IEC 14496-12, 4.2).

use crate::planes::Layout;

/// An AV1 stream of one picture.
pub struct Stream {
    /// The sequence header and the frame.
    pub data: Vec<u8>,
    /// Its planes.
    pub layout: Layout,
}

/// The urn of an item that is the alpha of another (ISO/IEC 23008-12, 6.9.5.2).
const ALPHA: &[u8] = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0";

/// `nclx`: the primaries of BT.709, the transfer function of sRGB, the matrix of BT.601, full range
/// (ITU-T H.273).
const COLORS: &[u8] = b"nclx\0\x01\0\x0d\0\x06\x80";

/// The properties of the picture, and those of its alpha: places in `ipco`, from 1. A decoder must
/// understand those with [`ESSENTIAL`] (ISO/IEC 23008-12, 9.3).
const OF_PICTURE: [u8; 4] = [1, 2 | ESSENTIAL, 3, 4];
const OF_ALPHA: [u8; 4] = [1, 5 | ESSENTIAL, 6, 7];
const ESSENTIAL: u8 = 0x80;

/// Writes a file of `width` × `height` pixels.
pub fn file(picture: &Stream, alpha: Option<&Stream>, width: u32, height: u32) -> Vec<u8> {
    let streams: Vec<&Stream> = [picture].into_iter().chain(alpha).collect();
    let lengths: Vec<u32> = streams.iter().map(|stream| stream.data.len() as u32).collect();
    let mut file = Vec::new();
    write_box(&mut file, b"ftyp", |to| to.extend_from_slice(b"avif\0\0\0\0avifmif1miaf"));
    // The places of the streams depend on the length of the boxes before them, and not the
    // other way round.
    let before = file.len();
    write_meta(&mut file, &streams, (width, height), &lengths, 0);
    let start = file.len() as u32 + 8;
    file.truncate(before);
    write_meta(&mut file, &streams, (width, height), &lengths, start);
    file.reserve_exact(8 + lengths.iter().sum::<u32>() as usize);
    write_box(&mut file, b"mdat", |to| {
        streams.iter().for_each(|stream| to.extend_from_slice(&stream.data));
    });
    file
}

/// Writes `meta` (ISO/IEC 14496-12, 8.11): what the items are, and where their data begins.
fn write_meta(
    file: &mut Vec<u8>,
    streams: &[&Stream],
    (width, height): (u32, u32),
    lengths: &[u32],
    start: u32,
) {
    let count = streams.len() as u16;
    write_full_box(file, b"meta", 0, |to| {
        write_full_box(to, b"hdlr", 0, |to| {
            to.extend_from_slice(b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0");
        });
        write_full_box(to, b"pitm", 0, |to| to.extend_from_slice(&[0, 1]));
        write_full_box(to, b"iloc", 0, |to| {
            // Offsets and lengths of four bytes, no base offset.
            to.extend_from_slice(&[0x44, 0]);
            to.extend_from_slice(&count.to_be_bytes());
            let mut offset = start;
            for (id, length) in (1u16..).zip(lengths) {
                to.extend_from_slice(&id.to_be_bytes());
                // In this file, in one piece.
                to.extend_from_slice(&[0, 0, 0, 1]);
                to.extend_from_slice(&offset.to_be_bytes());
                to.extend_from_slice(&length.to_be_bytes());
                offset += length;
            }
        });
        write_full_box(to, b"iinf", 0, |to| {
            to.extend_from_slice(&count.to_be_bytes());
            for id in 1..=count {
                write_full_box(to, b"infe", 2 << 24, |to| {
                    to.extend_from_slice(&id.to_be_bytes());
                    to.extend_from_slice(b"\0\0av01\0");
                });
            }
        });
        if count > 1 {
            write_full_box(to, b"iref", 0, |to| {
                // Item 2 is an auxiliary of one item, item 1.
                write_box(to, b"auxl", |to| to.extend_from_slice(&[0, 2, 0, 1, 0, 1]));
            });
        }
        write_box(to, b"iprp", |to| {
            write_box(to, b"ipco", |to| {
                write_full_box(to, b"ispe", 0, |to| {
                    to.extend_from_slice(&width.to_be_bytes());
                    to.extend_from_slice(&height.to_be_bytes());
                });
                for (at, stream) in streams.iter().enumerate() {
                    write_stream_properties(to, stream.layout);
                    if at == 0 {
                        write_box(to, b"colr", |to| to.extend_from_slice(COLORS));
                    } else {
                        write_full_box(to, b"auxC", 0, |to| to.extend_from_slice(ALPHA));
                    }
                }
            });
            write_full_box(to, b"ipma", 0, |to| {
                to.extend_from_slice(&u32::from(count).to_be_bytes());
                for (id, properties) in (1..=count).zip([OF_PICTURE, OF_ALPHA]) {
                    to.extend_from_slice(&id.to_be_bytes());
                    to.push(properties.len() as u8);
                    to.extend_from_slice(&properties);
                }
            });
        });
    });
}

/// Writes `av1C` (AV1 Codec ISO Media File Format Binding, 2.3) and `pixi`.
fn write_stream_properties(to: &mut Vec<u8>, layout: Layout) {
    let (profile, flags, channels) = match layout {
        // Monochrome streams count as subsampled both ways.
        Layout::Gray => (0, 0b0001_1100, 1),
        Layout::Yuv420 => (0, 0b0000_1100, 3),
        Layout::Yuv444 => (1, 0b0000_0000, 3),
    };
    // Version 1; the profile, and level 31: no bounds. 8 bits.
    write_box(to, b"av1C", |to| to.extend_from_slice(&[0x81, profile << 5 | 31, flags, 0]));
    write_full_box(to, b"pixi", 0, |to| {
        to.push(channels);
        to.extend((0..channels).map(|_| 8));
    });
}

/// Appends a box. `content` appends what is in it.
fn write_box(file: &mut Vec<u8>, kind: &[u8; 4], content: impl FnOnce(&mut Vec<u8>)) {
    let start = file.len();
    file.extend_from_slice(&[0; 4]);
    file.extend_from_slice(kind);
    content(file);
    let length = (file.len() - start) as u32;
    if let Some(field) = file.get_mut(start..start + 4) {
        field.copy_from_slice(&length.to_be_bytes());
    }
}

/// Appends a box whose content begins with a byte of version and three of flags.
fn write_full_box(
    file: &mut Vec<u8>,
    kind: &[u8; 4],
    version: u32,
    content: impl FnOnce(&mut Vec<u8>),
) {
    write_box(file, kind, |to| {
        to.extend_from_slice(&version.to_be_bytes());
        content(to);
    });
}
