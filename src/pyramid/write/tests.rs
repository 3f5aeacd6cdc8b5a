use super::*;
use crate::{
    limits,
    pyramid::{Index, Rows, open},
    store::{Known, MemoryStore, fulfil},
};

fn write(width: u32, height: u32, channels: usize, options: WriteOptions) -> Vec<u8> {
    let mut writer = Writer::new(width, height, channels, options).unwrap();
    for y in 0..height {
        writer.push_row(&row(y, width, channels)).unwrap();
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

fn opened(file: Vec<u8>) -> (MemoryStore, Known, Index) {
    let store = MemoryStore::new();
    store.put("a.tif", file);
    let mut known = Known::default();
    let index =
        pollster::block_on(fulfil(&store, &mut known, |known| open("a.tif", known))).unwrap();
    (store, known, index)
}

fn decoded(file: &[u8], index: &Index, level: usize) -> Vec<u8> {
    let level = &index.levels[level];
    let tile = |number: usize| {
        let span = level.tiles[number];
        file.get(span.start as usize..(span.start + span.len) as usize)
    };
    let mut rows = Rows::new(level, 0..level.width, 0..level.height, tile).unwrap();
    let mut pixels = Vec::new();
    while let Some(row) = rows.next_row() {
        pixels.extend_from_slice(row.unwrap());
    }
    pixels
}

#[test]
fn what_is_written_lossless_is_read_again_to_the_bit() {
    for channels in [1, 3, 4] {
        let options =
            WriteOptions { tile: 64, compression: TileCompression::Deflate, ..Default::default() };
        let file = write(150, 90, channels, options);
        let (_, _, index) = opened(file.clone());
        let sizes: Vec<_> = index.levels.iter().map(|l| (l.width, l.height)).collect();
        assert_eq!(sizes, [(150, 90), (75, 45), (38, 23)]);
        let expected: Vec<u8> = (0..90).flat_map(|y| row(y, 150, channels)).collect();
        assert_eq!(decoded(&file, &index, 0), expected, "{channels} channels");
    }
}

#[test]
fn jpeg_tiles_come_back_close_to_what_they_were() {
    for channels in [1, 3] {
        let file = write(300, 200, channels, WriteOptions::default());
        let (_, _, index) = opened(file.clone());
        let pixels = decoded(&file, &index, 0);
        let expected: Vec<u8> = (0..200).flat_map(|y| row(y, 300, channels)).collect();
        let sum: u64 = pixels.iter().zip(&expected).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        assert!(sum < 3 * pixels.len() as u64, "{channels} channels: {sum}");
    }
}

#[test]
fn one_read_opens_the_file_and_holds_the_small_levels() {
    let file = write(3000, 2000, 3, WriteOptions::default());
    let (store, known, index) = opened(file);
    assert_eq!(known.reads, 1);
    assert_eq!(store.take_reads().len(), 1);
    let smallest = index.levels.last().unwrap();
    let end = smallest.tiles.iter().map(|span| span.start + span.len).max().unwrap();
    assert!(end < limits::HEADER_READ);
    let starts: Vec<u64> = index.levels.iter().map(|level| level.tiles[0].start).collect();
    assert!(starts.is_sorted_by(|larger, smaller| larger > smaller), "{starts:?}");
}

#[test]
fn tiles_of_a_level_follow_each_other() {
    let (_, _, index) = opened(write(1000, 700, 3, WriteOptions::default()));
    for level in &index.levels {
        for pair in level.tiles.windows(2) {
            assert_eq!(pair[0].start + pair[0].len, pair[1].start);
        }
    }
}

#[test]
fn profile_metadata_and_resolution_are_kept() {
    let options = WriteOptions {
        icc: Some(vec![7; 3000]),
        xmp: Some(b"<x:xmpmeta/>".to_vec()),
        resolution: Some(300.0),
        ..Default::default()
    };
    let file = write(20, 20, 3, options);
    let (_, _, index) = opened(file.clone());
    let bytes = |span: crate::pyramid::Span| &file[span.start as usize..][..span.len as usize];
    assert_eq!(bytes(index.icc.unwrap()), [7; 3000]);
    assert_eq!(bytes(index.xmp.unwrap()), b"<x:xmpmeta/>");
    assert_eq!(index.resolution, Some(300.0));
}

#[test]
fn an_index_survives_being_stored() {
    let (_, _, index) = opened(write(600, 400, 3, WriteOptions::default()));
    assert_eq!(Index::from_bytes(&index.to_bytes()), Some(index));
    assert_eq!(Index::from_bytes(&[9, 9, 9]), None);
}

#[test]
fn missing_rows_are_noticed() {
    let writer = Writer::new(4, 4, 3, WriteOptions::default()).unwrap();
    assert!(writer.finish().is_err());
}
