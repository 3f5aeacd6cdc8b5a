//! Boxes (ISO/IEC 15444-1, annex I; ISO/IEC 14496-12): a length, a name, and what is in them.

use std::io::Read as _;

use crate::{File, Unreadable};

/// A box, without its heading.
pub(crate) struct Block<'a> {
    /// What it is.
    pub name: [u8; 4],
    /// What is in it; of the last box of a file that ends too early, what is there.
    pub data: &'a [u8],
    /// Whether all of it is there.
    pub whole: bool,
}

/// The boxes one behind the other, as far as they are sound.
pub(crate) fn boxes(bytes: &[u8]) -> impl Iterator<Item = Block<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (len, inner) = rest.split_first_chunk::<4>()?;
        let (name, inner) = inner.split_first_chunk::<4>()?;
        let (len, data) = match u32::from_be_bytes(*len) {
            // As long as the file.
            0 => (inner.len() as u64, inner),
            1 => {
                let (len, inner) = inner.split_first_chunk::<8>()?;
                (u64::from_be_bytes(*len).checked_sub(16)?, inner)
            }
            len => (u64::from(len).checked_sub(8)?, inner),
        };
        let here = len.min(data.len() as u64) as usize;
        let (data, behind) = data.split_at(here);
        rest = behind;
        Some(Block { name: *name, data, whole: here as u64 == len })
    })
}

/// A whole file, for decoders that take no less; of at most `limit` bytes.
pub(crate) fn whole(
    mut file: Box<dyn File + '_>,
    len: u64,
    limit: u64,
) -> Result<Vec<u8>, Unreadable> {
    if len > limit {
        let message = format!("the file alone has {len} bytes, more than the memory there may be");
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
    fn lengths_of_all_three_kinds_are_followed() {
        let file = b"\0\0\0\x0bpart123\0\0\0\x01long\0\0\0\0\0\0\0\x12ab\0\0\0\0lastxyz";
        let found: Vec<_> = boxes(file).map(|b| (b.name, b.data, b.whole)).collect();
        let expected: [([u8; 4], &[u8], bool); 3] =
            [(*b"part", b"123", true), (*b"long", b"ab", true), (*b"last", b"xyz", true)];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_cut_off_is_told_and_what_is_no_box_ends_the_list() {
        let cut: Vec<_> = boxes(b"\0\0\0\x20part123").collect();
        assert!(cut.len() == 1 && !cut[0].whole && cut[0].data == b"123");
        assert_eq!(boxes(b"\0\0\0\x07part").count(), 0);
        assert_eq!(boxes(b"\0\0\0\x01part\0\0\0\0\0\0\0\x0f").count(), 0);
    }
}
