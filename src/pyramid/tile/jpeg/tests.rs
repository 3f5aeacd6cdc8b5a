use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::*;
use crate::pyramid::index::Compression;

const SIDE: u16 = 40;

/// Soft waves with a hard edge, RGB.
fn picture() -> Vec<u8> {
    let pixel = |at: usize| {
        let (x, y) = (at % usize::from(SIDE), at / usize::from(SIDE));
        let edge = if x + y > 50 { 90 } else { 0 };
        [x * 6, y * 6, 60 + edge + (x * y) % 23].map(|value| value.min(255) as u8)
    };
    (0..usize::from(SIDE) * usize::from(SIDE)).flat_map(pixel).collect()
}

fn encoded(factor: SamplingFactor, restart: u16, progressive: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    encoder.set_sampling_factor(factor);
    encoder.set_restart_interval(restart);
    encoder.set_progressive(progressive);
    encoder.encode(&picture(), SIDE, SIDE, ColorType::Rgb).unwrap();
    bytes
}

fn level(photometric: Photometric) -> Level {
    Level {
        width: SIDE.into(),
        height: SIDE.into(),
        tile_width: SIDE.into(),
        tile_height: SIDE.into(),
        strips: false,
        compression: Compression::Jpeg,
        photometric,
        samples: 3,
        bits: 8,
        big_endian: false,
        planar: false,
        predictor: false,
        palette: None,
        alpha: None,
        lsb_first: false,
        mask: None,
        halved: None,
        jpeg_tables: None,
        tiles: Vec::new(),
    }
}

/// The samples of both decoders, side by side: first components where they are subsampled.
fn both(bytes: &[u8], first_only: bool) -> Vec<(u8, u8)> {
    let level = level(Photometric::Rgb);
    let general = general::decode(&level, bytes, &mut Vec::new()).unwrap();
    let mut jpeg = Jpeg::new(&level);
    let header = jpeg.header(bytes).unwrap();
    assert!(baseline::is_read(&header));
    jpeg.components(&header).unwrap();
    let planes = if first_only { &jpeg.planes[..1] } else { &jpeg.planes[..] };
    let mut pairs = Vec::new();
    for (nth, plane) in planes.iter().enumerate() {
        for (at, general) in general.iter().skip(nth).step_by(3).enumerate() {
            let (x, y) = (at % usize::from(SIDE), at / usize::from(SIDE));
            pairs.push((plane.samples[y * plane.stride + x], *general));
        }
    }
    pairs
}

fn assert_alike(pairs: &[(u8, u8)]) {
    let worst = pairs.iter().map(|(one, other)| one.abs_diff(*other)).max().unwrap();
    let differing = pairs.iter().filter(|(one, other)| one != other).count();
    // Two transforms of different precision: some samples are rounded the other way.
    assert!(worst <= 2 && differing * 3 < pairs.len(), "{worst}, {differing} of {}", pairs.len());
}

#[test]
fn components_are_those_of_another_decoder() {
    assert_alike(&both(&encoded(SamplingFactor::R_4_4_4, 0, false), false));
    for factor in [SamplingFactor::R_4_2_0, SamplingFactor::R_4_2_2, SamplingFactor::R_4_4_0] {
        assert_alike(&both(&encoded(factor, 0, false), true));
    }
}

#[test]
fn restart_markers_change_nothing() {
    for factor in [SamplingFactor::R_4_4_4, SamplingFactor::R_4_2_0] {
        let plain = both(&encoded(factor, 0, false), true);
        assert_eq!(both(&encoded(factor, 3, false), true), plain);
    }
}

#[test]
fn a_progressive_stream_is_left_to_the_general_decoder() {
    let bytes = encoded(SamplingFactor::R_4_4_4, 0, true);
    let level = level(Photometric::Rgb);
    let mut jpeg = Jpeg::new(&level);
    assert!(!baseline::is_read(&jpeg.header(&bytes).unwrap()));
    let mut pixels = Vec::new();
    jpeg.decode(&bytes, SIDE.into(), &mut pixels).unwrap();
    assert_eq!(pixels, general::decode(&level, &bytes, &mut Vec::new()).unwrap());
}

#[test]
fn a_stream_that_is_cut_anywhere_is_an_error() {
    let bytes = encoded(SamplingFactor::R_4_2_0, 2, false);
    let level = level(Photometric::YCbCr);
    for len in 0..bytes.len() - 4 {
        let mut jpeg = Jpeg::new(&level);
        let decoded = jpeg.header(&bytes[..len]).and_then(|header| jpeg.components(&header));
        assert!(decoded.is_err(), "{len} of {} bytes", bytes.len());
    }
}

#[test]
fn no_damaged_byte_makes_it_panic() {
    let bytes = encoded(SamplingFactor::R_4_2_0, 2, false);
    let level = level(Photometric::YCbCr);
    for at in 0..bytes.len() {
        for value in [0, 0x7f, 0xff, bytes[at] ^ 1, bytes[at] ^ 0x80] {
            let mut damaged = bytes.clone();
            damaged[at] = value;
            let mut pixels = Vec::new();
            let _either = Jpeg::new(&level).decode(&damaged, SIDE.into(), &mut pixels);
            let mut jpeg = Jpeg::new(&level);
            if let Ok(header) = jpeg.header(&damaged)
                && baseline::is_read(&header)
            {
                let _either = jpeg.components(&header);
            }
        }
    }
}
