use super::*;
use crate::{
    codec::{
        Embedded, Quantization,
        jpeg::{
            PROGRESSIVE,
            encode::{Components, Encoder},
        },
    },
    pixel::PixelFormat,
};

const SIDE: u16 = 48;
const SIZE: [u32; 2] = [48, 48];
const QUALITY: u8 = 85;

fn options(quality: u8, subsampling: Subsampling) -> EncodeOptions {
    EncodeOptions {
        format: &BASELINE,
        pixel: PixelFormat::RGB,
        quality,
        subsampling,
        print_resolution: 72.0,
        compression: None,
        jpeg_size: None,
        scans: None,
        quantization: Quantization::default(),
        embedded: Embedded::default(),
    }
}

/// The shared tables of a level, and one of its tiles: stripes in two directions.
fn stored(subsampling: Subsampling) -> (Vec<u8>, Vec<u8>) {
    let encoder = Encoder::new(Components::YCbCr(subsampling), QUALITY);
    let pixel = |at: usize| [(at * 7) as u8, (at / usize::from(SIDE) * 5) as u8, 90];
    let pixels: Vec<u8> = (0..usize::from(SIDE).pow(2)).flat_map(pixel).collect();
    let mut tile = Vec::new();
    encoder.tile(&pixels, (SIDE, SIDE), &mut tile);
    (encoder.tables(), tile)
}

fn file_of(tile: &[u8], tables: &[u8], options: &EncodeOptions) -> Option<Vec<u8>> {
    stored_file(Some(tables), tile, SIZE, options)
}

/// The data of the first scan up to the end of the stream.
fn scan(stream: &[u8]) -> &[u8] {
    let mut segments = Segments { rest: stream };
    segments.by_ref().find(|(marker, _)| *marker == SOS).unwrap();
    segments.rest
}

#[test]
fn a_tile_of_the_requested_quality_keeps_its_data() {
    let (tables, tile) = stored(Subsampling::Yuv420);
    let file = file_of(&tile, &tables, &options(QUALITY, Subsampling::Yuv420)).unwrap();
    assert_eq!(scan(&file), scan(&tile));
    let alone = Header::read(&file, &Tables::default()).unwrap().unwrap();
    assert!(alone.jfif, "it is a file of its own");
    let luma = alone.tables.steps[0].as_deref().unwrap();
    assert!(Encoder::new(Components::Gray, QUALITY).is_as_fine_as(0, luma));
    assert_eq!((alone.frame.width, alone.frame.height), (SIDE, SIDE));
}

#[test]
fn a_better_quality_adds_nothing_and_a_lower_one_is_made() {
    let (tables, tile) = stored(Subsampling::Yuv420);
    let is_kept =
        |quality| file_of(&tile, &tables, &options(quality, Subsampling::Yuv420)).is_some();
    assert!(is_kept(QUALITY + 10) && !is_kept(QUALITY - 1) && !is_kept(1));
}

#[test]
fn finer_chroma_than_requested_is_not_sent() {
    use Subsampling::{Yuv420, Yuv444};
    for (of_tile, requested, is_kept) in [
        (Yuv420, Yuv420, true),
        (Yuv420, Yuv444, true),
        (Yuv444, Yuv444, true),
        (Yuv444, Yuv420, false),
    ] {
        let (tables, tile) = stored(of_tile);
        let file = file_of(&tile, &tables, &options(QUALITY, requested));
        assert_eq!(file.is_some(), is_kept, "{of_tile:?} {requested:?}");
    }
}

#[test]
fn another_format_size_or_model_is_encoded() {
    let (tables, tile) = stored(Subsampling::Yuv420);
    let plain = options(QUALITY, Subsampling::Yuv420);
    for options in [
        EncodeOptions { format: &PROGRESSIVE, ..plain.clone() },
        EncodeOptions { jpeg_size: Some(100), ..plain.clone() },
        EncodeOptions { pixel: PixelFormat::GRAY, ..plain.clone() },
    ] {
        assert_eq!(file_of(&tile, &tables, &options), None, "{options:?}");
    }
    assert_eq!(stored_file(Some(&tables), &tile, [48, 47], &plain), None);
    assert!(stored_file(Some(&tables), &tile, SIZE, &plain).is_some());
}

#[test]
fn metadata_and_density_are_those_of_the_reply() {
    let (tables, tile) = stored(Subsampling::Yuv420);
    let embedded =
        Embedded { xmp: (*b"<x/>").into(), profile: [7; 90].into(), ..Embedded::default() };
    let print =
        EncodeOptions { print_resolution: 300.0, embedded, ..options(99, Subsampling::Yuv420) };
    let file = file_of(&tile, &tables, &print).unwrap();
    let segments: Vec<_> =
        Segments { rest: &file }.take_while(|(marker, _)| *marker != SOS).collect();
    assert_eq!(segments[0].1[8..12], [1, 44, 1, 44], "pixels per inch");
    assert!(segments[1].1.ends_with(b"<x/>") && segments[2].1.ends_with(&[7; 90]));
}

/// Comments, and segments of applications, may hold anything.
#[test]
fn what_a_tile_says_besides_its_picture_is_left_out() {
    let (tables, tile) = stored(Subsampling::Yuv420);
    let plain = options(QUALITY, Subsampling::Yuv420);
    let file = file_of(&tile, &tables, &plain).unwrap();
    let mut told = tile[..2].to_vec();
    write_segment(0xfe, b"a comment", &mut told);
    write_segment(0xe1, b"Exif\0\0", &mut told);
    told.extend_from_slice(&tile[2..]);
    told.extend_from_slice(b"after the end");
    assert_eq!(file_of(&told, &tables, &plain), Some(file));
}

#[test]
fn damaged_and_unusual_tiles_are_left_to_the_decoder() {
    let (tables, tile) = stored(Subsampling::Yuv420);
    let plain = options(QUALITY, Subsampling::Yuv420);
    for len in 0..tile.len() {
        assert_eq!(file_of(&tile[..len], &tables, &plain), None, "{len} bytes");
    }
    assert_eq!(stored_file(None, &tile, SIZE, &plain), None, "without its tables");
    let at = tile.windows(2).position(|pair| pair == [0xff, SOF0]).unwrap() + 1;
    for marker in [0xc1, 0xc2, 0xc3, 0xc9] {
        let mut other = tile.clone();
        other[at] = marker;
        assert_eq!(file_of(&other, &tables, &plain), None, "{marker:x}");
    }
    let end = tile.len() - 2;
    let twice = [&tile[..end], &tile[at - 1..]].concat();
    assert_eq!(file_of(&twice, &tables, &plain), None, "more than one scan");
    let restarted = [&tile[..end], &[0xff, 0xd0, 0x12], &tile[end..]].concat();
    assert!(file_of(&restarted, &tables, &plain).is_some(), "a restart marker ends no scan");
}
