//! YCbCr to RGB in whole numbers.
//!
//! The decoder's own conversion rounds the last pixels of a row otherwise than the rest, and on
//! each machine a different number of them: a picture would not have the same bytes everywhere.

/// Bits behind the point.
const BITS: u32 = 16;

/// Converts pixels of three samples in place (ITU-R BT.601, full range, as JFIF has it).
pub fn to_rgb(pixels: &mut [u8]) {
    const fn fixed(hundred_thousandths: i64) -> i32 {
        ((hundred_thousandths * (1 << BITS) + 50_000) / 100_000) as i32
    }
    const RED: i32 = fixed(140_200);
    const GREEN: [i32; 2] = [fixed(34_414), fixed(71_414)];
    const BLUE: i32 = fixed(177_200);
    let narrow = |value: i32| (value >> BITS).clamp(0, 255) as u8;
    for pixel in pixels.as_chunks_mut::<3>().0 {
        let [y, cb, cr] = pixel.map(i32::from);
        let y = (y << BITS) + (1 << (BITS - 1));
        let (cb, cr) = (cb - 128, cr - 128);
        *pixel = [
            narrow(y + RED * cr),
            narrow(y - GREEN[0] * cb - GREEN[1] * cr),
            narrow(y + BLUE * cb),
        ];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_jfif() {
        let mut pixels = [0, 128, 128, 255, 128, 128, 76, 85, 255, 150, 44, 21, 29, 255, 107];
        to_rgb(&mut pixels);
        let expected = [0, 0, 0, 255, 255, 255, 254, 0, 0, 0, 255, 1, 0, 0, 254];
        assert_eq!(pixels, expected);
    }

    #[test]
    fn a_pixel_is_the_same_wherever_it_stands() {
        let one = [100, 90, 200];
        let mut row: Vec<u8> = one.iter().copied().cycle().take(3 * 37).collect();
        to_rgb(&mut row);
        assert!(row.chunks_exact(3).all(|pixel| pixel == &row[..3]));
    }
}
