//! Widens vectors of bytes. `wide` has such functions, but takes bytes one by one on wasm.

use wide::{bytemuck::cast, f32x4, i16x8, i32x4, u8x16};

/// The lower eight bytes as 16-bit integers.
#[inline(always)]
pub fn lower(bytes: u8x16) -> i16x8 {
    cast(with_zeros(u8x16::unpack_low, bytes))
}

/// The upper eight bytes as 16-bit integers.
#[inline(always)]
pub fn upper(bytes: u8x16) -> i16x8 {
    cast(with_zeros(u8x16::unpack_high, bytes))
}

/// The lower eight bytes as floats.
#[inline(always)]
pub fn lower_floats(bytes: u8x16) -> [f32x4; 2] {
    floats(with_zeros(u8x16::unpack_low, bytes))
}

/// The upper eight bytes as floats.
#[inline(always)]
pub fn upper_floats(bytes: u8x16) -> [f32x4; 2] {
    floats(with_zeros(u8x16::unpack_high, bytes))
}

/// 16-bit integers below 256, given byte by byte, as floats.
#[inline(always)]
fn floats(words: u8x16) -> [f32x4; 2] {
    // Zeros between the bytes of [a, 0, b, 0] yield [a, 0, 0, 0, b, 0, 0, 0] in either byte order.
    let quarters = [u8x16::unpack_low, u8x16::unpack_high].map(|unpack| with_zeros(unpack, words));
    quarters.map(|quarter| cast::<u8x16, i32x4>(quarter).round_float())
}

/// Interleaves bytes with zeros, which are the high bytes.
#[inline(always)]
fn with_zeros(unpack: impl Fn(u8x16, u8x16) -> u8x16, bytes: u8x16) -> u8x16 {
    if cfg!(target_endian = "big") {
        unpack(u8x16::ZERO, bytes)
    } else {
        unpack(bytes, u8x16::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_keeps_its_value_and_place() {
        for first in 0..=255_u8 {
            let bytes: [u8; 16] =
                std::array::from_fn(|nth| first.wrapping_add((nth as u8).wrapping_mul(37)));
            let vector = u8x16::new(bytes);
            let words = [lower(vector), upper(vector)].map(i16x8::to_array);
            assert_eq!(words.as_flattened(), bytes.map(i16::from));
            let floats = [lower_floats(vector), upper_floats(vector)];
            let floats = floats.as_flattened().iter().map(|four| four.to_array());
            assert!(floats.flatten().eq(bytes.map(f32::from)));
        }
    }
}
