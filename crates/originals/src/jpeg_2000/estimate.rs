//! Estimates the peak memory of decoding. It depends on the size of the code blocks, because the
//! decoder keeps a record for each of them.

/// Bytes that do not depend on the number of pixels.
pub(super) const FIXED_BYTES: u64 = 4 << 20;

/// Bytes of the records of a code block and of its precinct, at most.
const RECORD_BYTES: u64 = 512;

/// Peak memory for each pixel, in bytes. It counts the decoded samples twice, since the decoder
/// reorders channels by copying; the coefficients of one component and their transform; the records
/// of the code blocks; and the 8-bit result.
pub(super) fn bytes_per_pixel(stream: &[u8], samples: u64) -> u64 {
    let records = (RECORD_BYTES * code_blocks(stream)).div_ceil(PIXELS);
    samples * (2 * 4 + records + 1) + 2 * 4 + 2
}

/// The number of pixels that [`code_blocks`] counts for.
const PIXELS: u64 = 1 << 32;

/// The number of code blocks that [`PIXELS`] pixels have, according to the main header, in the
/// component with the most of them (A.6.1, A.6.2).
fn code_blocks(stream: &[u8]) -> u64 {
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
            // Style, progression order, layers and component transform come first.
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

/// [`code_blocks`] of one component. Each resolution has a quarter of the pixels of the next one,
/// and its code blocks are no larger than the bands of its precincts.
fn of_style(style: Option<&u8>, parameters: Option<&[u8]>) -> u64 {
    let (Some(style), Some([levels, across, down, _, _, precincts @ ..])) = (style, parameters)
    else {
        // Unreadable parameters may mean anything: assume one code block for each pixel.
        return PIXELS;
    };
    let block = u32::from(across & 0xf) + 2 + u32::from(down & 0xf) + 2;
    let resolutions = (0..=u32::from(*levels)).map(|resolution| {
        let sides = precincts.get(resolution as usize).filter(|_| style & 1 == 1).unwrap_or(&0xff);
        let bands = if resolution > 0 { 2 } else { 0 };
        let precinct = u32::from(sides & 0xf) + u32::from(sides >> 4);
        let smaller = 2 * (u32::from(*levels) - resolution);
        // Each resolution has at least one, however small it is.
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
    fn small_code_blocks_and_small_precincts_need_more_memory() {
        let stream = |levels: u8, block: u8, precincts: &[u8]| {
            let mut stream = [&b"\xff\x4f\xff\x51\0\x29"[..], &[0; 39]].concat();
            let style = u8::from(!precincts.is_empty());
            stream.extend([0xff, 0x52, 0, 12 + precincts.len() as u8, style, 0, 0, 1, 1]);
            stream.extend([levels, block, block, 0, 1]);
            stream.extend(precincts);
            stream.extend(b"\xff\x90");
            stream
        };
        let area = |stream: &[u8]| PIXELS / code_blocks(stream);
        assert_eq!(area(&stream(0, 4, &[])), 64 * 64);
        assert_eq!(area(&stream(0, 0, &[])), 4 * 4);
        // A second resolution with a quarter of the pixels adds a quarter of the blocks.
        assert_eq!(area(&stream(1, 0, &[])), 4 * 4 * 4 / 5);
        assert_eq!(area(&stream(1, 4, &[0x33, 0xff])), 4096 / 17);
        assert_eq!(area(&stream(1, 4, &[0xff, 0x33])), 4096 * 4 / 1025);
        assert_eq!(area(&stream(0, 4, &[0x00])), 1);
        assert_eq!(area(&stream(0, 4, &[])[..52]), 1);
    }
}
