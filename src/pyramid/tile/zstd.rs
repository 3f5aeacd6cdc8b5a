//! Decompresses Zstandard tiles (RFC 8878), with a window not much larger than the tile.

use std::io::Read;

use ruzstd::decoding::StreamingDecoder;

/// Appends the data of a frame, up to `want` bytes. Returns false after an error.
pub fn expand(bytes: &[u8], want: usize, out: &mut Vec<u8>) -> bool {
    let Some((head, rest)) = bytes
        .split_first_chunk()
        .and_then(|(head, rest)| narrowed(*head, want).map(|head| (head, rest)))
    else {
        return false;
    };
    let frame = head.as_slice().chain(rest);
    let Ok(decoder) = StreamingDecoder::new(frame) else { return false };
    decoder.take(want as u64).read_to_end(out).is_ok()
}

/// Reduces the window size in the header of a frame to that of the tile, rounded up to a power of
/// two. Writers declare the window of their compression level, up to 128 MiB, and the decoder would
/// allocate it, although no match reaches back before the first byte of the tile. `None` if the
/// frame declares much more data than the tile has.
fn narrowed(mut head: [u8; 14], want: usize) -> Option<[u8; 14]> {
    let [_, _, _, _, descriptor, window, ..] = &mut head;
    let most = want.max(1 << 10).checked_next_power_of_two()?;
    if *descriptor & 0x20 == 0 {
        let least = (most.trailing_zeros() - 10) << 3;
        *window = (*window).min(u8::try_from(least).ok()?);
        return Some(head);
    }
    // A single segment has no window size. The content size follows the dictionary id.
    let number = [0, 1, 2, 4][usize::from(*descriptor & 3)];
    let len: usize = [1, 2, 4, 8][usize::from(*descriptor >> 6)];
    let field = head.get(5 + number..(5 + number + len).min(14))?;
    let size = field.iter().rev().fold(0_u64, |size, byte| size << 8 | u64::from(*byte));
    (size <= 2 * most as u64).then_some(head)
}
