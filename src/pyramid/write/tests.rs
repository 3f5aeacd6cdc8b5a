use super::*;
use crate::{
    codec::Subsampling,
    limits,
    pixel::ColorModel::{self, Cmyk, Gray, Rgb},
    pyramid::{Compression, Index, Photometric, Rows, Tag, open},
    store::{FetchBuffer, Fetched, MemoryStore, fulfil},
};

fn pixel(model: ColorModel, alpha: bool) -> PixelFormat {
    PixelFormat { model, alpha }
}

const RGB: PixelFormat = PixelFormat { model: Rgb, alpha: false };

fn write(width: u32, height: u32, pixel: PixelFormat, options: WriteOptions) -> Vec<u8> {
    let mut writer = Writer::new(width, height, pixel, options).unwrap();
    for y in 0..height {
        writer.push_row(&row(y, width, pixel.samples())).unwrap();
    }
    writer.finish().unwrap()
}

/// A smooth pattern with a different slope in every channel.
fn row(y: u32, width: u32, channels: usize) -> Vec<u8> {
    let sample = |x: u32, channel: usize| match channel {
        0 => x * 200 / width,
        1 => y % 200,
        2 => (x + y) / 8 % 200,
        _ => 255 - x % 256,
    };
    (0..width).flat_map(|x| (0..channels).map(move |c| sample(x, c) as u8)).collect()
}

fn opened(file: Vec<u8>) -> (MemoryStore, Fetched, Index) {
    let store = MemoryStore::new();
    store.put("a.tif", file);
    let buffer = FetchBuffer::default();
    let index = pollster::block_on(fulfil(&store, &buffer, open("a.tif", &buffer))).unwrap();
    (store, buffer.into_fetched(), index)
}

fn decoded(file: &[u8], index: &Index, level: usize) -> Vec<u8> {
    let level = &index.levels[level];
    let tile = |number: usize| {
        let span = level.tiles[number];
        file.get(span.start as usize..(span.start + span.len) as usize)
    };
    let mut rows = Rows::stored(level, 0..level.width, 0..level.height, tile).unwrap();
    let mut pixels = Vec::new();
    while let Some(row) = rows.next_row() {
        pixels.extend_from_slice(row.unwrap());
    }
    pixels
}

const KINDS: [PixelFormat; 6] = [
    RGB,
    PixelFormat { model: Rgb, alpha: true },
    PixelFormat { model: Gray, alpha: false },
    PixelFormat { model: Gray, alpha: true },
    PixelFormat { model: Cmyk, alpha: false },
    PixelFormat { model: Cmyk, alpha: true },
];

#[test]
fn what_is_written_lossless_is_read_again_to_the_bit() {
    for pixel in KINDS {
        let options =
            WriteOptions { tile: 64, compression: TileCompression::Deflate, ..Default::default() };
        let file = write(150, 90, pixel, options);
        let (_, _, index) = opened(file.clone());
        let sizes: Vec<_> = index.levels.iter().map(|l| (l.width, l.height)).collect();
        assert_eq!(sizes, [(150, 90), (75, 45), (38, 23)]);
        let expected: Vec<u8> = (0..90).flat_map(|y| row(y, 150, pixel.samples())).collect();
        assert_eq!(index.levels[0].pixel_type(), pixel);
        assert_eq!(decoded(&file, &index, 0), expected, "{pixel:?}");
    }
}

#[test]
fn jpeg_tiles_come_back_close_to_what_they_were() {
    for model in [Gray, Rgb, Cmyk] {
        let pixel = pixel(model, false);
        let file = write(300, 200, pixel, WriteOptions::default());
        let (_, _, index) = opened(file.clone());
        let pixels = decoded(&file, &index, 0);
        let expected: Vec<u8> = (0..200).flat_map(|y| row(y, 300, pixel.samples())).collect();
        let sum: u64 = pixels.iter().zip(&expected).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        assert!(sum < 3 * pixels.len() as u64, "{model:?}: {sum}");
    }
}

#[test]
fn one_read_opens_the_file_and_holds_the_small_levels() {
    let file = write(3000, 2000, RGB, WriteOptions::default());
    let (store, fetched, index) = opened(file);
    assert_eq!(fetched.reads, 1);
    assert_eq!(store.take_reads().len(), 1);
    let smallest = index.levels.last().unwrap();
    let end = smallest.tiles.iter().map(|span| span.start + span.len).max().unwrap();
    assert!(end < limits::HEADER_READ);
    let starts: Vec<u64> = index.levels.iter().map(|level| level.tiles[0].start).collect();
    assert!(starts.is_sorted_by(|larger, smaller| larger > smaller), "{starts:?}");
}

#[test]
fn tiles_of_a_level_follow_each_other() {
    let (_, _, index) = opened(write(1000, 700, RGB, WriteOptions::default()));
    for level in &index.levels {
        for pair in level.tiles.windows(2) {
            assert_eq!(pair[0].start + pair[0].len, pair[1].start);
        }
    }
}

#[test]
fn levels_of_one_colour_have_it_whatever_the_pixels_are() {
    for pixel in KINDS {
        let options =
            WriteOptions { tile: 16, compression: TileCompression::Deflate, ..Default::default() };
        let mut writer = Writer::new(40, 30, pixel, options).unwrap();
        let color: Vec<u8> = [200, 30, 90, 150, 77].into_iter().take(pixel.samples()).collect();
        for _ in 0..30 {
            writer.push_row(&color.repeat(40)).unwrap();
        }
        let file = writer.finish().unwrap();
        let (_, _, index) = opened(file.clone());
        assert_eq!(index.levels.len(), 3);
        for (number, level) in index.levels.iter().enumerate() {
            let expected = color.repeat((level.width * level.height) as usize);
            assert_eq!(decoded(&file, &index, number), expected, "{pixel:?}");
        }
    }
}

#[test]
fn cmyk_stays_cmyk() {
    for compression in [
        TileCompression::Jpeg { quality: 90, subsampling: Subsampling::Yuv420 },
        TileCompression::Deflate,
    ] {
        let options = WriteOptions { compression, ..Default::default() };
        let (_, _, index) = opened(write(300, 200, pixel(Cmyk, false), options));
        assert_eq!(index.levels[0].photometric, Photometric::Cmyk);
        let jpeg = compression != TileCompression::Deflate;
        assert_eq!(index.levels[0].compression == Compression::Jpeg, jpeg);
    }
}

fn ascii(tag: u16, text: &str) -> Tag {
    Tag { tag, kind: 2, count: text.len() as u64, value: text.as_bytes().to_vec() }
}

/// Metadata of all kinds: short and long values, of odd and even length.
fn everything() -> Metadata {
    Metadata {
        orientation: None,
        resolution: Some(300.0),
        icc: Some(vec![7; 3001]),
        xmp: Some(b"<x:xmpmeta/>".to_vec()),
        iptc: Some(vec![0x1c, 2, 80]),
        photoshop: Some(b"8BIM\x07\xd0\0\0\0\0\0\0".to_vec()),
        about: vec![ascii(271, "Lens & Co.\0"), ascii(33432, "(c)\0")],
        exif: vec![
            Tag { tag: 33434, kind: 5, count: 1, value: vec![1, 0, 0, 0, 250, 0, 0, 0] },
            Tag { tag: 34855, kind: 3, count: 1, value: vec![100, 0] },
        ],
        gps: vec![ascii(1, "N\0"), ascii(29, "2026:11:21\0")],
    }
}

fn metadata(file: Vec<u8>) -> (Metadata, usize) {
    let store = MemoryStore::new();
    store.put("a.tif", file);
    let buffer = FetchBuffer::default();
    let read = fulfil(&store, &buffer, Metadata::read("a.tif", &buffer));
    (pollster::block_on(read).unwrap(), buffer.fetched().reads)
}

#[test]
fn metadata_round_trip_and_are_stored_after_the_levels() {
    let options = WriteOptions { metadata: everything(), ..Default::default() };
    let file = write(900, 700, RGB, options);
    let (_, fetched, index) = opened(file.clone());
    assert_eq!((fetched.reads, index.resolution), (1, Some(300.0)));
    let last = index.levels[0].tiles.last().unwrap();
    assert!(index.icc.unwrap().start >= last.start + last.len);
    assert_eq!(metadata(file).0, everything());
}

#[test]
fn a_file_too_long_for_32_bits_is_a_bigtiff_with_the_same_in_it() {
    let options = WriteOptions { metadata: everything(), ..Default::default() };
    let classic = write(900, 700, RGB, options.clone());
    let length = classic.len() as u64;
    let fits = WriteOptions { classic: length, ..options.clone() };
    assert!(write(900, 700, RGB, fits) == classic);
    let big = write(900, 700, RGB, WriteOptions { classic: length - 1, ..options });
    assert_eq!(big[..4], *b"II\x2b\0");
    let (_, _, one) = opened(classic.clone());
    let (_, fetched, other) = opened(big.clone());
    assert_eq!(fetched.reads, 1);
    for level in 0..one.levels.len() {
        assert_eq!(decoded(&classic, &one, level), decoded(&big, &other, level));
    }
    assert_eq!(metadata(big).0, everything());
}

#[test]
fn an_index_survives_being_stored() {
    let (_, _, index) = opened(write(600, 400, RGB, WriteOptions::default()));
    assert_eq!(Index::from_bytes(&index.to_bytes()), Some(index));
    assert_eq!(Index::from_bytes(&[9, 9, 9]), None);
}

#[test]
fn missing_rows_are_noticed() {
    let writer = Writer::new(4, 4, RGB, WriteOptions::default()).unwrap();
    assert!(writer.finish().is_err());
}

#[test]
fn only_levels_reduced_by_more_than_half_are_filtered_and_alpha_never() {
    let white = || LevelFilter::new(|plane| plane.data.fill(255));
    for pixel in [RGB, pixel(Rgb, true), pixel(Gray, true)] {
        let options = |level_filter| WriteOptions {
            tile: 64,
            compression: TileCompression::Deflate,
            level_filter,
            ..Default::default()
        };
        let (plain, changed) =
            (write(400, 300, pixel, options(None)), write(400, 300, pixel, options(Some(white()))));
        let (_, _, index) = opened(plain.clone());
        let (_, _, other) = opened(changed.clone());
        for level in 0..2 {
            assert_eq!(decoded(&plain, &index, level), decoded(&changed, &other, level));
        }
        for level in 2..index.levels.len() {
            let (plain, changed) =
                (decoded(&plain, &index, level), decoded(&changed, &other, level));
            let samples = pixel.samples();
            let colors = samples - usize::from(pixel.alpha);
            for (plain, changed) in plain.chunks_exact(samples).zip(changed.chunks_exact(samples)) {
                assert!(changed[..colors].iter().all(|&value| value == 255));
                assert_eq!(plain[colors..], changed[colors..]);
            }
        }
    }
}

#[test]
fn chroma_is_that_of_all_four_pixels_that_share_it() {
    // Red and blue alternate in both directions. The chroma of one pixel in four would be all red.
    let mut writer =
        Writer::new(64, 64, RGB, WriteOptions { tile: 64, ..Default::default() }).unwrap();
    for y in 0..64 {
        let pixel = |x| if (x + y) % 2 == 0 { [200, 0, 0] } else { [0, 0, 200] };
        writer.push_row((0..64).map(pixel).collect::<Vec<[u8; 3]>>().as_flattened()).unwrap();
    }
    let file = writer.finish().unwrap();
    let (_, _, index) = opened(file.clone());
    let pixels = decoded(&file, &index, 0);
    for at in [0, 2] {
        let mean = pixels.iter().skip(at).step_by(3).map(|&v| u32::from(v)).sum::<u32>() / 4096;
        assert!((90..=110).contains(&mean), "channel {at}: {mean}");
    }
}

/// A row of RGB pixels with noise, as in a photograph.
fn noise(y: u32, width: u32) -> Vec<u8> {
    let mut state = y + 1;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8 / 4
    };
    (0..width * 3).map(|at| (at * 160 / width / 3) as u8 + next()).collect()
}

fn pyramid(size: u32, lossless_if_shorter: bool, row: impl Fn(u32) -> Vec<u8>) -> Vec<u8> {
    let options = WriteOptions { lossless_if_shorter, ..WriteOptions::default() };
    let mut writer = Writer::new(size, size, RGB, options).unwrap();
    (0..size).for_each(|y| writer.push_row(&row(y)).unwrap());
    writer.finish().unwrap()
}

#[test]
fn a_drawing_is_stored_without_loss_where_that_is_shorter() {
    // Thin lines of more than 64 colours.
    let row = |y: u32| {
        let pixel = |x: u32| if x.is_multiple_of(7) { [200, (y / 4) as u8, 40] } else { [255; 3] };
        (0..600).flat_map(pixel).collect::<Vec<u8>>()
    };
    let (jpeg, file) = (pyramid(600, false, row), pyramid(600, true, row));
    let (_, _, index) = opened(file.clone());
    assert!(index.levels.iter().all(|level| level.compression == Compression::Deflate));
    assert!(decoded(&file, &index, 0) == (0..600).flat_map(row).collect::<Vec<u8>>());
    assert!(file.len() < jpeg.len(), "{} {}", file.len(), jpeg.len());
}

#[test]
fn a_photograph_stays_the_same_file_to_the_byte() {
    let row = |y| noise(y, 600);
    assert!(pyramid(600, true, row) == pyramid(600, false, row));
    // Also an image that begins and ends with white.
    let row = |y| if (300..400).contains(&y) { noise(y, 600) } else { vec![255; 1800] };
    assert!(pyramid(600, true, row) == pyramid(600, false, row));
}

#[test]
fn few_colours_are_stored_without_loss_though_jpeg_is_shorter() {
    let dots = |colors: u8| {
        move |y| noise(y, 600).iter().map(|value| value / 3 % colors * 60).collect::<Vec<u8>>()
    };
    let (few, many) = (pyramid(600, true, dots(4)), pyramid(600, true, dots(5)));
    let compression = |file: &[u8]| opened(file.to_vec()).2.levels[0].compression;
    let jpeg = pyramid(600, false, dots(4)).len();
    assert!(few.len() > jpeg, "{} {jpeg}", few.len());
    assert_eq!(compression(&few), Compression::Deflate);
    assert_eq!(compression(&many), Compression::Jpeg, "125 colours");
}

#[test]
fn chroma_of_every_pixel_keeps_thin_coloured_lines() {
    let row = |y: u32| {
        let pixel = |x: u32| if (x + y).is_multiple_of(2) { [200, 0, 40] } else { [30, 90, 200] };
        (0..64).flat_map(pixel).collect::<Vec<u8>>()
    };
    let error = |subsampling| {
        let compression = TileCompression::Jpeg { quality: 95, subsampling };
        let mut writer =
            Writer::new(64, 64, RGB, WriteOptions { compression, ..Default::default() }).unwrap();
        (0..64).for_each(|y| writer.push_row(&row(y)).unwrap());
        let file = writer.finish().unwrap();
        let (_, _, index) = opened(file.clone());
        let expected = (0..64).flat_map(row);
        let sum: u32 = decoded(&file, &index, 0)
            .iter()
            .zip(expected)
            .map(|(a, b)| u32::from(a.abs_diff(b)))
            .sum();
        sum / (64 * 64 * 3)
    };
    assert!(error(Subsampling::Yuv444) < 4, "{}", error(Subsampling::Yuv444));
    assert!(error(Subsampling::Yuv420) > 30, "{}", error(Subsampling::Yuv420));
}
