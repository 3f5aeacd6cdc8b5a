use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::*;
use crate::pyramid::Span;
use crate::time_slice::at_once;

const SIDE: u32 = 32;

/// A tile whose left half has one colour and whose right half another.
fn tile(side: u16, colors: [[u8; 3]; 2], factor: SamplingFactor, progressive: bool) -> Vec<u8> {
    let half = usize::from(side / 2);
    let row = [colors[0].repeat(half), colors[1].repeat(half)].concat();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 100);
    encoder.set_sampling_factor(factor);
    encoder.set_progressive(progressive);
    encoder.encode(&row.repeat(side.into()), side, side, ColorType::Rgb).unwrap();
    bytes
}

fn level(tiles: &[Vec<u8>]) -> Level {
    Level {
        width: SIDE * tiles.len() as u32,
        height: SIDE,
        tile_width: SIDE,
        tile_height: SIDE,
        strips: false,
        compression: Compression::Jpeg,
        photometric: Photometric::YCbCr,
        samples: 3,
        bits: 8,
        big_endian: false,
        planar: false,
        predictor: false,
        palette: None,
        alpha: None,
        lsb_first: false,
        mask: None,
        halvings: None,
        jpeg_tables: None,
        tiles: tiles.iter().map(|tile| Span { start: 0, len: tile.len() as u64 }).collect(),
    }
}

const RED: [u8; 3] = [255, 0, 0];
const BLUE: [u8; 3] = [0, 0, 255];
/// Y, Cb and Cr of `RED` and `BLUE`.
const IN_PLANES: [[u8; 3]; 2] = [[76, 85, 255], [29, 255, 107]];

/// The samples at a position of the level.
fn at(bands: &[Band; 3], x: u32, y: u32) -> [u8; 3] {
    bands.each_ref().map(|band| {
        let [x, y] = [x / band.subsampling[0], y / band.subsampling[1]];
        band.row(y, x..x + 1)[0]
    })
}

fn assert_near(found: [u8; 3], wanted: [u8; 3], what: &str) {
    let near = found.iter().zip(wanted).all(|(one, other)| one.abs_diff(other) <= 2);
    assert!(near, "{what}: {found:?}, not {wanted:?}");
}

#[test]
fn tiles_that_are_made_otherwise_than_the_first_come_in_its_planes() {
    let tiles = [
        tile(32, [RED, BLUE], SamplingFactor::F_2_2, false),
        tile(32, [RED, BLUE], SamplingFactor::F_1_1, false),
        tile(32, [RED, BLUE], SamplingFactor::F_2_2, true),
        tile(32, [RED, BLUE], SamplingFactor::F_2_1, false),
    ];
    let level = level(&tiles);
    let read = |number: usize| tiles.get(number).map(Vec::as_slice);
    let mut planes = Planes::new(&level, 0..level.width, 0..SIDE, read).unwrap();
    assert_eq!(planes.subsamplings(), [[1, 1], [2, 2], [2, 2]]);
    let bands = at_once(async |slice| planes.next_bands(slice).await).unwrap().unwrap();
    for (number, left) in (0..4).map(|number| (number, number * SIDE)) {
        for y in [0, 15, 31] {
            assert_near(at(bands, left + 2, y), IN_PLANES[0], &format!("tile {number}, left"));
            assert_near(at(bands, left + 29, y), IN_PLANES[1], &format!("tile {number}, right"));
        }
    }
    assert!(at_once(async |slice| planes.next_bands(slice).await.is_none()));
}

#[test]
fn what_is_not_stored_is_black_and_nothing_of_the_tiles_above_it() {
    let whole = tile(32, [RED, BLUE], SamplingFactor::F_2_2, false);
    let small = tile(16, [RED, BLUE], SamplingFactor::F_2_2, false);
    // Two rows of two tiles. The second row has a tile that is too small, and one not stored.
    let tiles = [whole.clone(), whole, small, Vec::new()];
    let level = Level { width: 2 * SIDE, height: 2 * SIDE, ..level(&tiles) };
    let read = |number: usize| tiles.get(number).map(Vec::as_slice);
    let mut planes = Planes::new(&level, 0..2 * SIDE, 0..2 * SIDE, read).unwrap();
    at_once(async |slice| planes.next_bands(slice).await).unwrap().unwrap();
    let bands = at_once(async |slice| planes.next_bands(slice).await).unwrap().unwrap();
    assert_near(at(bands, 2, SIDE + 2), IN_PLANES[0], "the smaller tile");
    for (x, y) in [(20, 2), (2, 20), (31, 31), (40, 2), (63, 31)] {
        assert_eq!(at(bands, x, SIDE + y), [0, 128, 128], "at {x}, {y}");
    }
}

#[test]
fn levels_without_such_planes_are_left_alone() {
    let tiles = [tile(32, [RED, BLUE], SamplingFactor::F_4_1, false)];
    let read = |number: usize| tiles.get(number).map(Vec::as_slice);
    let level = level(&tiles);
    let columns = 0..level.width;
    assert!(Planes::new(&level, columns.clone(), 0..SIDE, read).is_none(), "a quarter as wide");
    let rgb = Level { photometric: Photometric::Rgb, ..level.clone() };
    assert!(Planes::new(&rgb, columns.clone(), 0..SIDE, read).is_none());
    assert!(Planes::new(&level, 5..5, 0..SIDE, read).is_none());
}
