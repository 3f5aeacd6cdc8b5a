//! The TIFFs that Adobe's converter accepts (`ic`, "Supported Input Image Formats"): each kind is
//! ingested with the right pixels.

use std::{fs, io::Cursor, path::Path};

use crate::skip::skip;
use azulejo::{
    pixel::ColorModel,
    pyramid::{Level, Rows, open as open_pyramid},
    store::{FetchBuffer, MemoryStore, fulfil},
};
use originals::{Options, open};

/// An expected pixel.
struct Pixel {
    x: u32,
    y: u32,
    /// Its samples after conversion to RGB, and alpha.
    samples: &'static [u8],
}

/// A file of `tests/fixtures/tiff` and what it must become.
struct Fixture {
    name: &'static str,
    width: u32,
    height: u32,
    model: ColorModel,
    pixels: &'static [Pixel],
}

impl Fixture {
    const fn new(name: &'static str, model: ColorModel, pixels: &'static [Pixel]) -> Self {
        Self { name, width: 96, height: 72, model, pixels }
    }
}

const YELLOW: Pixel = Pixel { x: 3, y: 3, samples: &[255, 255, 0] };
const RED: Pixel = Pixel { x: 28, y: 25, samples: &[230, 40, 40] };
const TRANSPARENT: Pixel = Pixel { x: 0, y: 71, samples: &[0, 0, 0, 0] };
const OPAQUE: Pixel = Pixel { x: 48, y: 36, samples: &[0, 0, 0, 255] };

const FIXTURES: [Fixture; 5] = [
    Fixture::new("tiff-rgb-3-extra.tif", ColorModel::Rgb, &[YELLOW, RED]),
    Fixture::new("tiff-rgb4-no-extrasamples.tif", ColorModel::Rgb, &[TRANSPARENT, OPAQUE]),
    Fixture::new("tiff-cmyk-alpha-spot.tif", ColorModel::Cmyk, &[TRANSPARENT, OPAQUE]),
    Fixture::new("tiff-grey-alpha-jpeg.tif", ColorModel::Gray, &[TRANSPARENT, OPAQUE]),
    Fixture {
        name: "tiff-scan-three-pages.tif",
        width: 620,
        height: 877,
        model: ColorModel::Gray,
        pixels: &[],
    },
];

/// Files of the shared corpus, if it is here: the other compressions and depths of the row.
const CORPUS: [(&str, ColorModel); 16] = [
    ("cmyk-4c-8b.tiff", ColorModel::Cmyk),
    ("flower-separated-contig-16.tif", ColorModel::Cmyk),
    ("fax2d.tif", ColorModel::Gray),
    ("fax4.tiff", ColorModel::Gray),
    ("seq-1c-1b-fax3-71f6a21a.tiff", ColorModel::Gray),
    ("seq-1c-1b-fax3-lsb-71f6a21a.tiff", ColorModel::Gray),
    ("hopper_bigtiff.tif", ColorModel::Rgb),
    ("1bit.tif", ColorModel::Gray),
    ("palette-1c-4b.tiff", ColorModel::Rgb),
    ("rgb-3c-16b.tiff", ColorModel::Rgb),
    ("minisblack-2c-8b-alpha.tiff", ColorModel::Gray),
    ("seq-4c-8b-rgba-unassoc-50969cda.tiff", ColorModel::Rgb),
    ("tif-rgb-1res-64x56x8-striped-packbits.tif", ColorModel::Rgb),
    ("tif-rgb-1res-64x56x8-striped-zip.tif", ColorModel::Rgb),
    ("tif-rgb-1res-64x56x8-striped-lzw.tif", ColorModel::Rgb),
    ("tif-rgb-1res-64x56x8-striped-jpeg.tif", ColorModel::Rgb),
];

/// Ingests a file. Returns the first level of its pyramid and the pixels.
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
fn a_tiff_is_ingested_from_its_first_page_with_alpha_and_without_extra_channels() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/tiff");
    for Fixture { name, width, height, model, pixels: expected } in FIXTURES {
        let (level, pixels) = ingested(&folder.join(name));
        assert_eq!((level.width, level.height), (width, height), "{name}");
        assert_eq!(level.pixel_type().model, model, "{name}");
        let channels = level.drawn_type().samples();
        for Pixel { x, y, samples } in expected {
            let at = (y * level.width + x) as usize * channels;
            let pixel = &pixels[at..at + channels];
            if let [.., alpha] = samples
                && samples.len() == 4
            {
                assert!(level.has_alpha(), "{name}");
                let last = pixel[channels - 1];
                assert!(last.abs_diff(*alpha) < 16, "{name} at {x}, {y}: {pixel:?}");
            } else {
                let near = pixel.iter().zip(*samples).all(|(a, b)| a.abs_diff(*b) < 12);
                assert!(near && pixel.len() == samples.len(), "{name} at {x}, {y}: {pixel:?}");
            }
        }
    }
}

#[test]
fn every_tiff_compression_and_depth_of_the_table_is_read() {
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
