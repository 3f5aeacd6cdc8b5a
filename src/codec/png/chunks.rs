//! Writes the chunks of a PNG file (ISO/IEC 15948, 5.3).

use crate::codec::{Embedded, EncodeOptions};

/// Bytes of a file without IDAT's data and without a palette: signature, IHDR, pHYs, IDAT's
/// framing, IEND.
pub const CHUNKS: usize = 8 + 25 + 21 + 12 + 12;

/// Bytes of the chunks of metadata, at most.
pub fn embedded_room(options: &EncodeOptions) -> usize {
    options.embedded.bytes() * 3 / 2 + 128
}

/// Appends the signature, the header (IHDR), the profile (iCCP), the print resolution (pHYs) and the
/// XMP packet (iTXt; XMP specification, part 3, 1.1.5).
pub fn head(
    options: &EncodeOptions,
    [width, height]: [u32; 2],
    bit_depth: u8,
    color_type: u8,
    file: &mut Vec<u8>,
) {
    let [width, height] = [width, height].map(u32::to_be_bytes);
    let header = [width.as_slice(), &height, &[bit_depth, color_type, 0, 0, 0]].concat();
    let per_metre = (options.print_resolution / 0.0254).round().max(1.0).min(1e9) as u32;
    let per_metre = per_metre.to_be_bytes();
    file.extend_from_slice(b"\x89PNG\r\n\x1a\n");
    chunk(b"IHDR", &header, file);
    let Embedded { profile, xmp, paths: _ } = &options.embedded;
    if !profile.is_empty() {
        // A name, and compression method 0.
        let packed = fdeflate::compress_to_vec(profile);
        chunk(b"iCCP", &[b"ICC profile\0\0".as_slice(), &packed].concat(), file);
    }
    chunk(b"pHYs", &[per_metre.as_slice(), &per_metre, &[1]].concat(), file);
    if !xmp.is_empty() {
        // A keyword; not compressed; no language and no translated keyword.
        chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), xmp].concat(), file);
    }
}

/// Appends a chunk.
pub fn chunk(name: &[u8; 4], data: &[u8], file: &mut Vec<u8>) {
    let start = begin(name, file);
    file.extend_from_slice(data);
    end(start, file);
}

/// Begins a chunk, to which the caller appends the data. Returns the chunk's offset.
pub fn begin(name: &[u8; 4], file: &mut Vec<u8>) -> usize {
    let start = file.len();
    file.extend_from_slice(&[0; 4]);
    file.extend_from_slice(name);
    start
}

/// Ends the chunk at offset `start`: fills in its length and appends its checksum.
pub fn end(start: usize, file: &mut Vec<u8>) {
    let len = (file.len() - start - 8) as u32;
    if let Some(field) = file.get_mut(start..start + 4) {
        field.copy_from_slice(&len.to_be_bytes());
    }
    let crc = crc32fast::hash(file.get(start + 4..).unwrap_or_default());
    file.extend_from_slice(&crc.to_be_bytes());
}
