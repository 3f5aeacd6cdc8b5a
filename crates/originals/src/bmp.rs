//! BMP: reads the header's metadata. The `image` crate decodes the pixels.
//!
//! Microsoft, "Bitmap Storage": a file header of 14 bytes, then a DIB header that begins with its
//! own length. Integers are little-endian.

use std::io::{self, Read as _, Seek as _, SeekFrom};

use azulejo::pyramid::Metadata;

use crate::{File, Opened, Unreadable, image_crate};

/// Bytes of the file header.
const FILE_HEADER: usize = 14;

/// Lengths of the supported DIB headers: core (OS/2 1), info, with masks (V2, V3), V4, V5.
const CORE: u32 = 12;
const INFO: u32 = 40;
const V5: u32 = 124;
const HEADERS: [u32; 6] = [CORE, INFO, 52, 56, 108, V5];

/// The largest ICC profile that is read, in bytes.
const PROFILE: u32 = 16 << 20;

/// Opens a BMP.
pub(crate) fn open<'a>(
    mut file: Box<dyn File + 'a>,
    len: u64,
    limit: u64,
) -> Result<Opened<'a>, Unreadable> {
    let mut head = vec![0; FILE_HEADER + V5 as usize];
    let read = read_up_to(&mut file, &mut head)?;
    let header = Header { bytes: head.get(FILE_HEADER..read).unwrap_or_default() };
    let kind = header.long(0);
    if !HEADERS.contains(&kind) {
        let message = format!(
            "a BMP whose header has {kind} bytes, as of OS/2 2, is unsupported; convert it: \
             magick in.bmp out.png"
        );
        return Err(Unreadable::new(message));
    }
    let bits = if kind == CORE { header.short(10) } else { header.short(14) };
    if kind != CORE
        && let Some(name) = unsupported(header.long(16))
    {
        let message = format!(
            "a BMP that holds {name} is unsupported; take {name} out of it, or save it as PNG"
        );
        return Err(Unreadable::new(message));
    }
    let mut metadata = Metadata::default();
    if kind >= INFO {
        // Pixels per metre.
        let resolution = header.long(24) as f32 * 0.0254;
        metadata.resolution = Some(resolution).filter(|ppi| *ppi > 1.0);
    }
    if kind == V5 && header.long(56) == u32::from_be_bytes(*b"MBED") {
        let (offset, len) = (header.long(112), header.long(116));
        metadata.icc = profile(&mut file, u64::from(offset) + FILE_HEADER as u64, len)?;
    }
    file.rewind()?;
    image_crate::open(file, len, limit, image::ImageFormat::Bmp, bits <= 8, metadata)
}

/// The content of a BMP with an unsupported compression, for the error message.
fn unsupported(compression: u32) -> Option<&'static str> {
    match compression {
        4 => Some("a JPEG"),
        5 => Some("a PNG"),
        11..=13 => Some("CMYK"),
        _ => None,
    }
}

/// The DIB header. Fields beyond the end of the file read as 0.
struct Header<'a> {
    bytes: &'a [u8],
}

impl Header<'_> {
    fn short(&self, at: usize) -> u16 {
        self.bytes
            .get(at..)
            .and_then(|bytes| bytes.first_chunk())
            .copied()
            .map_or(0, u16::from_le_bytes)
    }

    fn long(&self, at: usize) -> u32 {
        self.bytes
            .get(at..)
            .and_then(|bytes| bytes.first_chunk())
            .copied()
            .map_or(0, u32::from_le_bytes)
    }
}

/// Fills `bytes` from the file and returns the number of bytes read.
fn read_up_to(file: &mut Box<dyn File + '_>, bytes: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while let Some(rest) = bytes.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            len => read += len,
        }
    }
    Ok(read)
}

/// The embedded ICC profile of `len` bytes at `at`. `None` if it is empty or incomplete.
fn profile(file: &mut Box<dyn File + '_>, at: u64, len: u32) -> io::Result<Option<Vec<u8>>> {
    let mut profile = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(u64::from(len.min(PROFILE))).read_to_end(&mut profile)?;
    Ok(Some(profile).filter(|profile| !profile.is_empty() && profile.len() == len as usize))
}
