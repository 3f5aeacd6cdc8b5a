//! Parses ISO base media boxes (ISO/IEC 15444-1, annex I; ISO/IEC 14496-12). A box is a length, a
//! type and a payload. JP2 and JPEG XL files are sequences of boxes.

use std::io::Read as _;

use crate::{File, Unreadable};

/// A box without its header.
pub(crate) struct IsoBox<'a> {
    /// Its type, four ASCII characters.
    pub kind: [u8; 4],
    /// Its payload. The last box of a truncated file holds the bytes that exist.
    pub data: &'a [u8],
    /// Whether the payload is complete.
    pub complete: bool,
}

/// The boxes of a file or of a box's payload, in order. Ends at the first damaged header.
pub(crate) fn boxes(bytes: &[u8]) -> impl Iterator<Item = IsoBox<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (len, inner) = rest.split_first_chunk::<4>()?;
        let (kind, inner) = inner.split_first_chunk::<4>()?;
        let (len, data) = match u32::from_be_bytes(*len) {
            // The box extends to the end of the file.
            0 => (inner.len() as u64, inner),
            1 => {
                let (len, inner) = inner.split_first_chunk::<8>()?;
                (u64::from_be_bytes(*len).checked_sub(16)?, inner)
            }
            len => (u64::from(len).checked_sub(8)?, inner),
        };
        let available = len.min(data.len() as u64) as usize;
        let (data, after) = data.split_at(available);
        rest = after;
        Some(IsoBox { kind: *kind, data, complete: available as u64 == len })
    })
}

/// Reads a whole file into memory, for decoders that cannot stream. Fails if it has more than
/// `limit` bytes.
pub(crate) fn read_whole(
    mut file: Box<dyn File + '_>,
    len: u64,
    limit: u64,
) -> Result<Vec<u8>, Unreadable> {
    if len > limit {
        let message = format!("the file alone has {len} bytes, more than the permitted memory");
        return Err(Unreadable::new(message));
    }
    let mut bytes = Vec::with_capacity(len as usize);
    (&mut file).take(len).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_with_short_long_and_open_lengths_are_read() {
        let file = b"\0\0\0\x0bpart123\0\0\0\x01long\0\0\0\0\0\0\0\x12ab\0\0\0\0lastxyz";
        let found: Vec<_> = boxes(file).map(|b| (b.kind, b.data, b.complete)).collect();
        let expected: [([u8; 4], &[u8], bool); 3] =
            [(*b"part", b"123", true), (*b"long", b"ab", true), (*b"last", b"xyz", true)];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_truncated_box_is_marked_and_a_damaged_header_ends_the_list() {
        let cut: Vec<_> = boxes(b"\0\0\0\x20part123").collect();
        assert!(cut.len() == 1 && !cut[0].complete && cut[0].data == b"123");
        assert_eq!(boxes(b"\0\0\0\x07part").count(), 0);
        assert_eq!(boxes(b"\0\0\0\x01part\0\0\0\0\0\0\0\x0f").count(), 0);
    }
}
