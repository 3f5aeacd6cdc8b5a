//! What decoding takes, which goes with the size of code blocks: each has a book of its own.

/// Bytes that do not go with the pixels.
pub(super) const BESIDES: u64 = 4 << 20;

/// Bytes of a code block's book, and of its precinct's, at most.
const BOOK: u64 = 512;

/// Bytes of memory that each pixel takes at most: its samples as decoded twice, since channels
/// are put in order by copying them; one component's coefficients and their transform; the books;
/// the reply.
pub(super) fn bytes_of_a_pixel(stream: &[u8], samples: u64) -> u64 {
    let books = (BOOK * books(stream)).div_ceil(PIXELS);
    samples * (2 * 4 + books + 1) + 2 * 4 + 2
}

/// As many pixels as books are counted for.
const PIXELS: u64 = 1 << 32;

/// Code blocks of as many pixels, by the main header: of the component that has most of them
/// (A.6.1, A.6.2).
fn books(stream: &[u8]) -> u64 {
    const SOT: u8 = 0x90;
    const COD: u8 = 0x52;
    const COC: u8 = 0x53;
    let components = stream.get(40..42).and_then(|count| count.first_chunk::<2>());
    let wide = components.is_some_and(|&count| u16::from_be_bytes(count) > 256);
    let mut most = 0;
    let mut rest = stream.get(2..).unwrap_or_default();
    while let [0xff, marker, high, low, ..] = *rest
        && marker != SOT
    {
        let len = usize::from(u16::from_be_bytes([high, low]));
        let segment = rest.get(4..2 + len).unwrap_or_default();
        match marker {
            // The style, and the order, layers and transform of components, stand before.
            COD => most = most.max(of_style(segment.first(), segment.get(5..))),
            COC => {
                let style = if wide { 2 } else { 1 };
                most = most.max(of_style(segment.get(style), segment.get(style + 1..)));
            }
            _ => {}
        }
        rest = rest.get(2 + len.max(2)..).unwrap_or_default();
    }
    most
}

/// The same of a component: each resolution has a fourth of the next one's pixels, and code
/// blocks that are no larger than the bands of its precincts.
fn of_style(style: Option<&u8>, parameters: Option<&[u8]>) -> u64 {
    let (Some(style), Some([levels, across, down, _, _, precincts @ ..])) = (style, parameters)
    else {
        // What cannot be read may be anything.
        return PIXELS;
    };
    let block = u32::from(across & 0xf) + 2 + u32::from(down & 0xf) + 2;
    let resolutions = (0..=u32::from(*levels)).map(|resolution| {
        let sides = precincts.get(resolution as usize).filter(|_| style & 1 == 1).unwrap_or(&0xff);
        let bands = if resolution > 0 { 2 } else { 0 };
        let precinct = u32::from(sides & 0xf) + u32::from(sides >> 4);
        let smaller = 2 * (u32::from(*levels) - resolution);
        // At least one of each resolution, however small.
        (PIXELS >> block.min(precinct.saturating_sub(bands)).min(32))
            .checked_shr(smaller)
            .unwrap_or(0)
            .max(1)
    });
    resolutions.sum::<u64>().min(PIXELS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_blocks_and_small_precincts_take_more() {
        let stream = |levels: u8, block: u8, precincts: &[u8]| {
            let mut stream = [&b"\xff\x4f\xff\x51\0\x29"[..], &[0; 39]].concat();
            let style = u8::from(!precincts.is_empty());
            stream.extend([0xff, 0x52, 0, 12 + precincts.len() as u8, style, 0, 0, 1, 1]);
            stream.extend([levels, block, block, 0, 1]);
            stream.extend(precincts);
            stream.extend(b"\xff\x90");
            stream
        };
        let area = |stream: &[u8]| PIXELS / books(stream);
        assert_eq!(area(&stream(0, 4, &[])), 64 * 64);
        assert_eq!(area(&stream(0, 0, &[])), 4 * 4);
        // A fourth more blocks for a resolution of a fourth.
        assert_eq!(area(&stream(1, 0, &[])), 4 * 4 * 4 / 5);
        assert_eq!(area(&stream(1, 4, &[0x33, 0xff])), 4096 / 17);
        assert_eq!(area(&stream(1, 4, &[0xff, 0x33])), 4096 * 4 / 1025);
        assert_eq!(area(&stream(0, 4, &[0x00])), 1);
        assert_eq!(area(&stream(0, 4, &[])[..52]), 1);
    }
}
