//! The container of WebP files (RFC 9649, section 2).

use crate::{
    codec::Embedded,
    geometry::{ReplySpace, Size},
};

/// Bytes of a file besides the chunks' data: the head, VP8X, and four chunks' heads and padding.
pub const OVERHEAD: u64 = 12 + 18 + 4 * 9;

/// Begins a file.
pub fn begin() -> Vec<u8> {
    b"RIFF\0\0\0\0WEBP".to_vec()
}

/// Appends a chunk.
pub fn chunk(name: &[u8; 4], data: &[&[u8]], file: &mut Vec<u8>) {
    let start = begin_chunk(name, file);
    data.iter().for_each(|part| file.extend_from_slice(part));
    end_chunk(start, file);
}

/// Begins a chunk, to which the caller appends the data. Returns the data's offset.
pub fn begin_chunk(name: &[u8; 4], file: &mut Vec<u8>) -> usize {
    file.extend_from_slice(name);
    file.extend_from_slice(&[0; 4]);
    file.len()
}

/// Ends the chunk whose data begins at `start`.
pub fn end_chunk(start: usize, file: &mut Vec<u8>) {
    set_length(start, file.len() - start, file);
    if !file.len().is_multiple_of(2) {
        file.push(0);
    }
}

/// Ends a file.
pub fn end(file: &mut [u8]) {
    set_length(8, file.len() - 8, file);
}

/// Writes the length of what begins at `start` before it.
fn set_length(start: usize, len: usize, file: &mut [u8]) {
    if let Some(field) = file.get_mut(start - 4..start) {
        field.copy_from_slice(&(len as u32).to_le_bytes());
    }
}

/// Appends the chunk that announces what else there is: alpha, and metadata.
pub fn extended(size: Size<ReplySpace>, alpha: bool, embedded: &Embedded, file: &mut Vec<u8>) {
    let Embedded { profile, xmp, paths: _ } = embedded;
    let flags =
        u8::from(!xmp.is_empty()) << 2 | u8::from(alpha) << 4 | u8::from(!profile.is_empty()) << 5;
    let [width, height] = [size.width, size.height].map(|side| (side - 1).to_le_bytes());
    chunk(b"VP8X", &[&[flags, 0, 0, 0], &width[..3], &height[..3]], file);
}
