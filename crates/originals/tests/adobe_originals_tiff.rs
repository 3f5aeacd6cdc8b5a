//! The TIFFs that Adobe's `ic` accepts (its table of formats, row TIFF): each kind is ingested, and
//! shows what it should.

use std::{fs, io::Cursor, path::Path};

use crate::skip::skip;
use azulejo::{
    pyramid::{Level, Rows, open as open_pyramid},
    raster::ColorModel,
    store::{FetchBuffer, MemoryStore, fulfil},
};
use originals::{Options, open};

/// A pixel: where it is, and its colours and alpha as they are drawn.
type Pixel = ([u32; 2], &'static [u8]);

/// File, size, colours, pixels.
type Row = (&'static str, [u32; 2], ColorModel, &'static [Pixel]);

const YELLOW: Pixel = ([3, 3], &[255, 255, 0]);
const RED: Pixel = ([28, 25], &[230, 40, 40]);

/// Files of `tests/fixtures/tiff`.
const FIXTURES: [Row; 5] = [
    ("tiff-rgb-3-extra.tif", [96, 72], ColorModel::Rgb, &[YELLOW, RED]),
    (
        "tiff-rgb4-no-extrasamples.tif",
        [96, 72],
        ColorModel::Rgb,
        &[([0, 71], &[0, 0, 0, 0]), ([48, 36], &[0, 0, 0, 255])],
    ),
    (
        "tiff-cmyk-alpha-spot.tif",
        [96, 72],
        ColorModel::Cmyk,
        &[([0, 71], &[0, 0, 0, 0]), ([48, 36], &[0, 0, 0, 255])],
    ),
    (
        "tiff-grey-alpha-jpeg.tif",
        [96, 72],
        ColorModel::Grey,
        &[([0, 71], &[0, 0, 0, 0]), ([48, 36], &[0, 0, 0, 255])],
    ),
    ("tiff-scan-three-pages.tif", [620, 877], ColorModel::Grey, &[]),
];

/// Files of the shared corpus, where it is: the other compressions and depths of the row.
const CORPUS: [(&str, ColorModel); 16] = [
    ("cmyk-4c-8b.tiff", ColorModel::Cmyk),
    ("flower-separated-contig-16.tif", ColorModel::Cmyk),
    ("fax2d.tif", ColorModel::Grey),
    ("fax4.tiff", ColorModel::Grey),
    ("seq-1c-1b-fax3-71f6a21a.tiff", ColorModel::Grey),
    ("seq-1c-1b-fax3-lsb-71f6a21a.tiff", ColorModel::Grey),
    ("hopper_bigtiff.tif", ColorModel::Rgb),
    ("1bit.tif", ColorModel::Grey),
    ("palette-1c-4b.tiff", ColorModel::Rgb),
    ("rgb-3c-16b.tiff", ColorModel::Rgb),
    ("minisblack-2c-8b-alpha.tiff", ColorModel::Grey),
    ("seq-4c-8b-rgba-unassoc-50969cda.tiff", ColorModel::Rgb),
    ("tif-rgb-1res-64x56x8-striped-packbits.tif", ColorModel::Rgb),
    ("tif-rgb-1res-64x56x8-striped-zip.tif", ColorModel::Rgb),
    ("tif-rgb-1res-64x56x8-striped-lzw.tif", ColorModel::Rgb),
    ("tif-rgb-1res-64x56x8-striped-jpeg.tif", ColorModel::Rgb),
];

/// The largest level of the pyramid that a file becomes, and its pixels.
fn ingested(path: &Path) -> (Level, Vec<u8>) {
    let original = fs::read(path).unwrap();
    let len = original.len() as u64;
    let opened = open(Cursor::new(original), len, 1 << 30).unwrap();
    let pyramid = opened.pyramid(Options { quality: 100, ..Options::default() }).unwrap();
    let store = MemoryStore::new();
    store.put("x.tif", pyramid.clone());
    let buffer = FetchBuffer::default();
    let index = fulfil(&store, &buffer, open_pyramid("x.tif", &buffer));
    let level = pollster::block_on(index).unwrap().levels.swap_remove(0);
    let tile = |number: usize| {
        let span = level.tile(number)?;
        pyramid.get(span.start as usize..(span.start + span.len) as usize)
    };
    let mut rows = Rows::new(&level, 0..level.width, 0..level.height, tile).unwrap();
    let mut pixels = Vec::new();
    while let Some(row) = rows.next_row() {
        pixels.extend_from_slice(row.unwrap());
    }
    drop(rows);
    (level, pixels)
}

#[test]
fn extra_channels_are_ignored_alpha_counts_and_the_first_page_is_taken() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/tiff");
    for (name, size, model, expected) in FIXTURES {
        let (level, pixels) = ingested(&folder.join(name));
        assert_eq!([level.width, level.height], size, "{name}");
        assert_eq!(level.pixel_type().model, model, "{name}");
        let channels = level.drawn_type().samples();
        for ([x, y], color) in expected {
            let at = (y * level.width + x) as usize * channels;
            let pixel = &pixels[at..at + channels];
            if let [.., alpha] = color
                && color.len() == 4
            {
                assert!(level.has_alpha(), "{name}");
                let last = pixel[channels - 1];
                assert!(last.abs_diff(*alpha) < 16, "{name} at {x}, {y}: {pixel:?}");
            } else {
                let near = pixel.iter().zip(*color).all(|(a, b)| a.abs_diff(*b) < 12);
                assert!(near && pixel.len() == color.len(), "{name} at {x}, {y}: {pixel:?}");
            }
        }
    }
}

#[test]
fn every_compression_and_depth_of_the_row_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus").join("tiff");
    if !folder.is_dir() {
        return skip("corpus", &format!("{} is not here", folder.display()));
    }
    for (name, model) in CORPUS {
        let (level, pixels) = ingested(&folder.join(name));
        assert_eq!(level.pixel_type().model, model, "{name}");
        assert!(pixels.iter().any(|&sample| sample != pixels[0]), "{name} is of one colour");
    }
}
