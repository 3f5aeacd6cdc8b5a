//! Draws `tests/fixtures/paths.tif`: a picture with the paths that Photoshop would save in it.

use std::{fs, path::Path};

use azulejo::{
    pixel::{ColorModel, PixelFormat},
    pyramid::{
        Metadata,
        write::{TileCompression, WriteOptions, Writer},
    },
};

/// Width and height of the picture.
const SIZE: [u32; 2] = [160, 120];

/// A knot: the control point before it, the knot, the control point after it; x and y in fractions
/// of the sides.
pub type Knot = [[f64; 2]; 3];

/// The straight corners of a rectangle.
pub fn rectangle([left, top, right, bottom]: [f64; 4]) -> Vec<Knot> {
    [[left, top], [right, top], [right, bottom], [left, bottom]].map(|at| [at; 3]).to_vec()
}

/// An ellipse of four curves.
fn ellipse([x, y]: [f64; 2], [width, height]: [f64; 2]) -> Vec<Knot> {
    let directions = [[0.0, -1.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]];
    let knot = |[right, down]: [f64; 2]| {
        // The length of the control points that comes closest to a circle.
        let at = |along: f64| {
            let (right, down) = (right - down * along * 0.5523, down + right * along * 0.5523);
            [x + right * width, y + down * height]
        };
        [at(-1.0), at(0.0), at(1.0)]
    };
    directions.map(knot).to_vec()
}

/// A resource block.
pub fn block(id: u16, name: &str, data: &[u8]) -> Vec<u8> {
    let mut block = [b"8BIM".as_slice(), &id.to_be_bytes(), &[name.len() as u8]].concat();
    block.extend_from_slice(name.as_bytes());
    block.resize(block.len().next_multiple_of(2), 0);
    block.extend_from_slice(&(data.len() as u32).to_be_bytes());
    block.extend_from_slice(data);
    block.resize(block.len().next_multiple_of(2), 0);
    block
}

/// The records of a path. `closed` tells whether its subpaths are closed.
pub fn records(subpaths: &[Vec<Knot>], closed: bool) -> Vec<u8> {
    let header = |kind: u8| [vec![0, kind], vec![0; 24]].concat();
    let mut records = [header(6), header(8)].concat();
    let first = if closed { 0 } else { 3 };
    for knots in subpaths {
        records.extend([0, first, 0, knots.len() as u8]);
        records.extend([0; 22]);
        for knot in knots {
            records.extend([0, first + 1]);
            for [x, y] in knot {
                let fixed = [y, x].map(|part| (part * f64::from(1 << 24)).round() as i32);
                records.extend(fixed.iter().flat_map(|number| number.to_be_bytes()));
            }
        }
    }
    records
}

/// The image resources of the fixture.
fn resources() -> Vec<u8> {
    let outline = [ellipse([0.45, 0.45], [0.3, 0.35]), rectangle([0.4, 0.35, 0.55, 0.5])];
    let leaf = vec![
        [[0.2, 0.9], [0.2, 0.9], [0.2, 0.3]],
        [[0.5, 0.1], [0.8, 0.1], [0.8, 0.1]],
        [[0.8, 0.7], [0.5, 0.9], [0.5, 0.9]],
    ];
    [
        block(1061, "odd", &[7; 3]),
        block(1025, "", &records(&[rectangle([0.0, 0.0, 0.5, 0.5])], true)),
        block(2000, "Outline", &records(&outline, true)),
        block(2001, "Box", &records(&[rectangle([0.25, 0.1, 0.75, 0.6])], true)),
        block(2002, "Right side", &records(&[rectangle([0.5, 0.2, 0.9, 1.5])], true)),
        block(2003, "Leaf", &records(&[leaf], false)),
        block(2004, "Empty", &records(&[], true)),
        block(2999, "", b"\x07Outline"),
    ]
    .concat()
}

/// A row of the picture: two gradients, and fields of 10 × 10 pixels.
fn row(y: u32) -> Vec<u8> {
    let pixel = |x: u32| {
        let field = if (x / 10 + y / 10).is_multiple_of(2) { 60 } else { 160 };
        [(x * 255 / (SIZE[0] - 1)) as u8, (y * 255 / (SIZE[1] - 1)) as u8, field]
    };
    (0..SIZE[0]).flat_map(pixel).collect()
}

/// A pyramid of the picture with these image resources.
pub fn pyramid(resources: Vec<u8>) -> Vec<u8> {
    let metadata = Metadata { photoshop: Some(resources), ..Metadata::default() };
    let compression = TileCompression::Deflate;
    let options = WriteOptions { tile: 64, compression, metadata, ..WriteOptions::default() };
    let rgb = PixelFormat { model: ColorModel::Rgb, alpha: false };
    let mut writer = Writer::new(SIZE[0], SIZE[1], rgb, options).unwrap();
    (0..SIZE[1]).for_each(|y| writer.push_row(&row(y)).unwrap());
    writer.finish().unwrap()
}

/// A TIFF with one strip and this orientation.
pub fn turned(orientation: u16) -> Vec<u8> {
    let (pixels, resources): (Vec<u8>, _) = ((0..SIZE[1]).flat_map(row).collect(), resources());
    let shorts = [(256, SIZE[0] as u16), (257, SIZE[1] as u16), (258, 8), (259, 1), (262, 2)];
    let shorts = shorts.into_iter().chain([(274, orientation), (277, 3), (278, SIZE[1] as u16)]);
    let short = |(tag, value): (u16, u16)| (tag, 3_u16, 1, u32::from(value));
    let mut entries: Vec<(u16, u16, u32, u32)> = shorts.map(short).collect();
    let start = 8 + 2 + (entries.len() as u32 + 3) * 12 + 4;
    entries.push((273, 4, 1, start));
    entries.push((279, 4, 1, pixels.len() as u32));
    entries.push((34377, 1, resources.len() as u32, start + pixels.len() as u32));
    entries.sort_unstable();
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    file.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        file.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        file.extend([count.to_le_bytes(), value.to_le_bytes()].concat());
    }
    file.extend([0; 4]);
    [file, pixels, resources].concat()
}

/// `BLESS=1` writes the file.
#[test]
fn the_fixture_is_what_is_drawn_here() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/paths.tif");
    let drawn = pyramid(resources());
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, &drawn).unwrap();
    }
    assert!(fs::read(&file).unwrap() == drawn, "another fixture; BLESS=1 writes it");
}
