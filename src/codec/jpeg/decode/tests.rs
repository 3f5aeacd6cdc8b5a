//! Compares with other decoders and the standard. `tests/jpegs.rs` tests complete files.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::*;
use crate::{
    codec::jpeg::segments::marker::{EOI, SOS},
    time_slice::at_once,
};

const WIDTH: u16 = 45;
const HEIGHT: u16 = 37;

/// A test image: smooth waves with a hard edge.
fn picture(samples: usize) -> Vec<u8> {
    let pixel = |at: usize| {
        let (x, y) = (at % usize::from(WIDTH), at / usize::from(WIDTH));
        let edge = if x + y > 50 { 90 } else { 0 };
        let all = [x * 5, y * 6, 60 + edge + (x * y) % 23, 255 - x * 3];
        all.map(|value| value.min(255) as u8).into_iter().take(samples)
    };
    (0..usize::from(WIDTH) * usize::from(HEIGHT)).flat_map(pixel).collect()
}

/// How a test image is encoded.
#[derive(Clone, Copy, Debug)]
struct Way {
    color: ColorType,
    factor: SamplingFactor,
    restart: u16,
    progressive: bool,
    /// Whether each component has its own scan.
    apart: bool,
}

const PLAIN: Way = Way {
    color: ColorType::Rgb,
    factor: SamplingFactor::R_4_4_4,
    restart: 0,
    progressive: false,
    apart: false,
};

fn encoded(way: Way) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    encoder.set_sampling_factor(way.factor);
    encoder.set_restart_interval(way.restart);
    encoder.set_progressive(way.progressive);
    // With optimised tables, this encoder writes one scan per component.
    encoder.set_optimized_huffman_tables(way.apart);
    let samples = match () {
        () if way.color == ColorType::Luma => 1,
        () if matches!(way.color, ColorType::Cmyk | ColorType::CmykAsYcck) => 4,
        () => 3,
    };
    encoder.encode(&picture(samples), WIDTH, HEIGHT, way.color).unwrap();
    bytes
}

fn header(bytes: &[u8]) -> Result<Header<'_>, Fault> {
    Header::read(bytes, &Tables::default())?.ok_or(Fault::Damaged("its header ends early"))
}

fn decoded(bytes: &[u8], rule: OnDamage) -> Result<(Vec<u8>, Option<&'static str>), Fault> {
    let mut rows = JpegRows::new(header(bytes)?, rule)?;
    let mut pixels = Vec::new();
    while let Some(row) = rows.next_row() {
        pixels.extend_from_slice(row?);
    }
    Ok((pixels, rows.damage()))
}

fn pixels(bytes: &[u8]) -> Vec<u8> {
    decoded(bytes, OnDamage::Refuse).unwrap().0
}

/// The planes of a stream of which a part is seen.
fn planes_of(bytes: &[u8], seen: &Seen) -> Vec<Plane> {
    let mut planes = Vec::new();
    at_once(async |slice| {
        let decoder =
            Decoder::new(header(bytes)?, OnDamage::Refuse, Segment::default(), slice).await?;
        decoder.planes(&mut planes, seen, slice).await
    })
    .unwrap();
    planes
}

/// Black and white noise: the coefficients of most blocks are too large for 16 bits, so they are read
/// a second time for the transform in 32.
#[test]
fn blocks_with_large_coefficients_keep_their_samples() {
    let mut state = 5_u32;
    let noise: Vec<u8> = (0..64 * 64)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if state >> 31 == 0 { 0 } else { 255 }
        })
        .collect();
    for progressive in [false, true] {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 100);
        encoder.set_progressive(progressive);
        encoder.encode(&noise, 64, 64, ColorType::Luma).unwrap();
        let decoded = pixels(&bytes);
        assert!(decoded.iter().zip(&noise).all(|(one, other)| one.abs_diff(*other) <= 3));
    }
}

#[test]
fn seen_pixels_are_those_of_the_whole_image() {
    let factors = [SamplingFactor::R_4_4_4, SamplingFactor::R_4_2_2, SamplingFactor::R_4_2_0];
    for (factor, [restart, progressive]) in
        factors.into_iter().flat_map(|factor| [[0, 0], [2, 0], [0, 1]].map(|way| (factor, way)))
    {
        let bytes = encoded(Way { factor, restart, progressive: progressive == 1, ..PLAIN });
        let whole = planes_of(&bytes, &Seen::ALL);
        let [across, down] = header(&bytes).unwrap().subsampling().unwrap().map(u32::from);
        for (columns, rows) in [(17..30, 16..17), (0..1, 36..37), (44..45, 0..8), (9..33, 5..24)] {
            let seen = Seen { columns: columns.clone(), rows: rows.clone() };
            let part = planes_of(&bytes, &seen);
            for (nth, (part, whole)) in part.iter().zip(&whole).enumerate() {
                let [across, down] = if nth == 0 { [1, 1] } else { [across, down] };
                let columns =
                    (columns.start / across) as usize..columns.end.div_ceil(across) as usize;
                for y in rows.start / down..rows.end.div_ceil(down) {
                    let [part, whole] = [part, whole].map(|plane| plane.row(y as usize));
                    assert_eq!(part[columns.clone()], whole[columns.clone()], "{nth}, row {y}");
                }
            }
        }
        let part = planes_of(&bytes, &Seen { columns: 0..1, rows: 0..1 });
        assert!(progressive == 1 || part[0].samples != whole[0].samples, "all is transformed");
    }
}

fn worst(one: &[u8], other: &[u8]) -> u8 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(one, other)| one.abs_diff(*other)).max().unwrap()
}

const FACTORS: [SamplingFactor; 7] = [
    SamplingFactor::R_4_4_4,
    SamplingFactor::R_4_2_0,
    SamplingFactor::R_4_2_2,
    SamplingFactor::R_4_4_0,
    SamplingFactor::R_4_1_1,
    SamplingFactor::R_4_4_1,
    SamplingFactor::R_4_1_0,
];

#[test]
fn pictures_are_those_of_another_decoder() {
    let colors = [ColorType::Luma, ColorType::Rgb, ColorType::Cmyk, ColorType::CmykAsYcck];
    for color in colors {
        for factor in FACTORS {
            let bytes = encoded(Way { color, factor, ..PLAIN });
            let theirs = jpeg_decoder::Decoder::new(bytes.as_slice()).decode().unwrap();
            // It repeats samples at other ratios as we do, but rounds halves differently.
            let worst = worst(&pixels(&bytes), &theirs);
            assert!(worst <= 5, "{color:?} {factor:?}: {worst}");
        }
    }
}

#[test]
fn the_way_a_picture_is_stored_changes_nothing() {
    for color in [ColorType::Luma, ColorType::Rgb, ColorType::CmykAsYcck] {
        for factor in FACTORS {
            let plain = pixels(&encoded(Way { color, factor, ..PLAIN }));
            for (restart, progressive, apart) in [
                (3, false, false),
                (0, true, false),
                (2, true, false),
                (0, false, true),
                (0, true, true),
            ] {
                let way = Way { color, factor, restart, progressive, apart };
                assert_eq!(pixels(&encoded(way)), plain, "{way:?}");
            }
        }
    }
}

#[test]
fn our_own_progressive_files_are_our_own_baseline_ones() {
    use crate::{
        codec::{Subsampling, jpeg::encode},
        time_slice::at_once,
    };
    let pixels_of = |progressive: bool| {
        let encoder = encode::Encoder::new(encode::Components::YCbCr(Subsampling::Yuv420), 85);
        let mut file = Vec::new();
        let size = (WIDTH, HEIGHT);
        if progressive {
            at_once(async |slice| {
                encoder.progressive_file(picture(3), size, (72, None), &mut file, slice).await;
            });
        } else {
            at_once(async |slice| {
                encoder.file(picture(3)[..].into(), size, 72, &mut file, slice).await
            });
        }
        pixels(&file)
    };
    assert_eq!(pixels_of(true), pixels_of(false));
}

/// The file without its end marker.
fn without_end(mut bytes: Vec<u8>) -> Vec<u8> {
    assert_eq!(bytes.split_off(bytes.len() - 2), [0xff, EOI]);
    bytes
}

#[test]
fn a_picture_without_its_end_marker_is_whole() {
    for color in [ColorType::Luma, ColorType::Rgb, ColorType::Cmyk, ColorType::CmykAsYcck] {
        for (progressive, apart) in [(false, false), (true, false), (false, true)] {
            let way = Way { color, progressive, apart, ..PLAIN };
            let bytes = encoded(way);
            assert_eq!(pixels(&without_end(bytes.clone())), pixels(&bytes), "{way:?}");
        }
    }
}

#[test]
fn a_picture_that_is_cut_is_damaged_and_can_be_filled_up() {
    for (restart, progressive, apart) in
        [(0, false, false), (4, false, false), (0, true, false), (0, false, true)]
    {
        let way = Way { factor: SamplingFactor::R_4_2_0, restart, progressive, apart, ..PLAIN };
        let bytes = without_end(encoded(way));
        let whole = pixels(&bytes);
        let scan = bytes.windows(2).position(|pair| pair == [0xff, SOS]).unwrap() + 14;
        for len in scan..bytes.len() {
            let cut = &bytes[..len];
            assert!(
                matches!(decoded(cut, OnDamage::Refuse), Err(Fault::Damaged(_))),
                "{way:?} {len}"
            );
            let (filled, damage) = decoded(cut, OnDamage::Fill).unwrap();
            assert!(damage.is_some() && filled.len() == whole.len(), "{way:?} {len}");
        }
        // A baseline image keeps its intact part; the rest is grey.
        if !progressive && !apart {
            let (filled, _) = decoded(&bytes[..(scan + bytes.len()) / 2], OnDamage::Fill).unwrap();
            let row = usize::from(WIDTH) * 3;
            assert_eq!(filled[..8 * row], whole[..8 * row]);
            assert!(filled.ends_with(&[128; 60]), "{:?}", &filled[filled.len() - 6..]);
        }
    }
}

#[test]
fn a_hole_between_restart_markers_is_damage() {
    let bytes = encoded(Way { restart: 3, ..PLAIN });
    let mark = |n: u8| bytes.windows(2).position(|pair| pair == [0xff, 0xd0 + n]).unwrap();
    let holed = [&bytes[..mark(0)], &bytes[mark(1)..]].concat();
    assert_eq!(
        decoded(&holed, OnDamage::Refuse).unwrap_err(),
        Fault::Damaged("a restart marker is out of order")
    );
}

/// The file with another height in its frame, and a DNL segment after its scan.
fn with_dnl(height: u16) -> Vec<u8> {
    let mut bytes = without_end(encoded(PLAIN));
    let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes.extend([0xff, 0xdc, 0, 4]);
    bytes.extend(HEIGHT.to_be_bytes());
    bytes.extend([0xff, EOI]);
    bytes
}

#[test]
fn a_height_after_the_picture_counts_where_there_is_none_before() {
    let plain = pixels(&encoded(PLAIN));
    for height in [HEIGHT, 0] {
        assert_eq!(pixels(&with_dnl(height)), plain, "{height}");
    }
    let mut without = with_dnl(0);
    without.truncate(without.len() - 8);
    assert!(header(&without).is_err());
}

#[test]
fn markers_determine_the_colors_jfif_before_adobe_before_names() {
    let colors = |jfif: bool, adobe: Option<u8>, ids: &[u8]| {
        let bytes = encoded(PLAIN);
        let mut header = header(&bytes).unwrap();
        (header.jfif, header.adobe) = (jfif, adobe);
        let [first, ..] = header.frame.components[..] else { panic!() };
        header.frame.components = ids.iter().map(|&id| header::Component { id, ..first }).collect();
        header.colors().ok()
    };
    use Colors::{Cmyk, Gray, Rgb, YCbCr, Ycck};
    for (jfif, adobe, ids, wanted) in [
        (false, None, &b"\x01"[..], Some(Gray)),
        (true, Some(0), b"\x01\x02\x03", Some(YCbCr)),
        (true, None, b"RGB", Some(YCbCr)),
        (false, Some(0), b"\x01\x02\x03", Some(Rgb)),
        (false, Some(1), b"RGB", Some(YCbCr)),
        (false, Some(7), b"\x01\x02\x03", Some(YCbCr)),
        (false, None, b"RGB", Some(Rgb)),
        (false, None, b"\x00\x01\x02", Some(YCbCr)),
        (true, None, b"\x01\x02\x03\x04", Some(Cmyk)),
        (false, None, b"CMYK", Some(Cmyk)),
        (false, Some(0), b"\x01\x02\x03\x04", Some(Cmyk)),
        (true, Some(2), b"\x01\x02\x03\x04", Some(Ycck)),
        (false, None, b"\x01\x02", None),
    ] {
        assert_eq!(colors(jfif, adobe, ids), wanted, "{jfif} {adobe:?} {ids:?}");
    }
}

#[test]
fn cmyk_is_reversed_with_and_without_adobes_segment() {
    let cmyk = picture(4);
    let bytes = encoded(Way { color: ColorType::Cmyk, ..PLAIN });
    let segment = bytes.windows(7).position(|part| part[..2] == [0xff, 0xee]).unwrap();
    let len = usize::from(u16::from_be_bytes([bytes[segment + 2], bytes[segment + 3]]));
    let without = [&bytes[..segment], &bytes[segment + 2 + len..]].concat();
    assert!(!without.windows(5).any(|part| part == b"Adobe"));
    assert_eq!(pixels(&without), pixels(&bytes));
    assert!(worst(&pixels(&bytes), &cmyk) < 40);
}

#[test]
fn kinds_that_are_not_decoded_are_named() {
    let bytes = encoded(PLAIN);
    let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    for (at, value, message) in
        [(1, 0xc9, "arithmetic"), (1, 0xc3, "lossless"), (4, 12, "12 bits"), (9, 5, "5 components")]
    {
        let mut other = bytes.clone();
        other[frame + at] = value;
        let fault = header(&other).err();
        assert!(
            matches!(&fault, Some(Fault::Unsupported(why)) if why.contains(message)),
            "{fault:?}"
        );
    }
}

#[test]
fn no_damaged_byte_makes_it_panic() {
    for (progressive, apart) in [(false, false), (true, false), (false, true)] {
        let restart = if apart { 0 } else { 2 };
        let way = Way { factor: SamplingFactor::R_4_2_0, restart, progressive, apart, ..PLAIN };
        let bytes = encoded(way);
        for at in 0..bytes.len() {
            for value in [0, 0x7f, 0xff, bytes[at] ^ 1, bytes[at] ^ 0x80] {
                let mut damaged = bytes.clone();
                damaged[at] = value;
                // Callers must refuse the header of a huge image.
                let small = |header: &Header| {
                    u32::from(header.frame.width) * u32::from(header.frame.height) < 1 << 16
                };
                if header(&damaged).is_ok_and(|header| small(&header)) {
                    let _either = decoded(&damaged, OnDamage::Refuse);
                    let _either = decoded(&damaged, OnDamage::Fill);
                }
            }
        }
    }
}
