//! The predefined palettes of `quantize=web` and `quantize=mac`.

/// The levels of a channel in the web palette.
const LEVELS: [u8; 6] = [0x00, 0x33, 0x66, 0x99, 0xcc, 0xff];

/// The levels that the Macintosh adds for red, green, blue and grey each.
const RAMP: [u8; 10] = [0xee, 0xdd, 0xbb, 0xaa, 0x88, 0x77, 0x55, 0x44, 0x22, 0x11];

/// The 216 colours whose channels are multiples of one fifth.
pub fn web() -> Vec<[u8; 3]> {
    let pairs = LEVELS.into_iter().flat_map(|r| LEVELS.map(|g| (r, g)));
    pairs.flat_map(|(r, g)| LEVELS.map(|b| [r, g, b])).collect()
}

/// The 256 colours of the Macintosh's system palette ('clut' 8): those of the web from white down,
/// ramps of red, green, blue and grey, then black.
pub fn mac() -> Vec<[u8; 3]> {
    let mut colors: Vec<[u8; 3]> = web().into_iter().rev().take(215).collect();
    for channel in 0..3 {
        colors.extend(RAMP.map(|level| {
            let mut color = [0; 3];
            color[channel] = level;
            color
        }));
    }
    colors.extend(RAMP.map(|level| [level; 3]));
    colors.push([0; 3]);
    colors
}
