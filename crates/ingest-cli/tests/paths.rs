//! Photoshop's paths of originals clip and crop what is served.

use crate::support;

use std::{fs, path::Path};

use image::{DynamicImage, ImageFormat, RgbImage};
use support::{Store, azulejo, corpus, text};

/// What `azulejo render` answers to a request for an ingested file.
fn rendered(store: &Store, name: &str, query: &str) -> Vec<u8> {
    let request = format!("Samples/{name}?{query}");
    let done = azulejo(&["render", &request, "--from", &store.name()]);
    assert!(done.status.success(), "{request}: {}", text(&done.stderr));
    done.stdout
}

/// The size of a picture, as `req=props` tells it.
fn size(store: &Store, name: &str, query: &str) -> [u32; 2] {
    let list = text(&rendered(store, name, &format!("{query}&req=props")));
    ["image.width=", "image.height="].map(|field| {
        let value = list.lines().find_map(|line| line.strip_prefix(field)).unwrap();
        value.trim().parse().unwrap()
    })
}

/// The smallest rectangle around what is not black: its width and height.
fn extent(mask: &image::GrayImage) -> [u32; 2] {
    let lit = mask.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[0] > 127);
    let start = [u32::MAX, u32::MAX, 0, 0];
    let [left, top, right, bottom] = lit.fold(start, |[left, top, right, bottom], (x, y, _)| {
        [left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)]
    });
    [right - left, bottom - top]
}

/// The paths were traced from cut-outs, whose alpha is known: it takes no part in ingest.
#[test]
fn clips_are_the_cut_outs_that_their_paths_were_traced_from() {
    let Some(corpus) = corpus() else { return };
    let store = Store::new();
    for name in ["anemone", "cherimoya", "firetruck"] {
        let truth = image::open(corpus.join(format!("paths/traced-{name}-truth.png"))).unwrap();
        let truth = truth.to_luma8();
        for file in [format!("traced-{name}.jpg"), format!("traced-{name}.tif")] {
            store.pyramid(&corpus.join("paths").join(&file));
            let clipped = rendered(&store, &file, "layer=0&clipPathE=Outline&scl=1&fmt=png-alpha");
            let clipped = image::load_from_memory(&clipped).unwrap().to_rgba8();
            assert_eq!(clipped.dimensions(), truth.dimensions(), "{file}");
            let pairs = clipped.pixels().zip(truth.pixels());
            let sum: u64 = pairs.map(|(one, other)| u64::from(one.0[3].abs_diff(other.0[0]))).sum();
            let mean = sum as f64 / f64::from(truth.width() * truth.height()) / 255.0;
            assert!(mean < 0.006, "{file}: {mean}");
            let [width, height] = size(&store, &file, "cropPathE=Outline");
            let [wide, high] = extent(&truth);
            assert!(
                width.abs_diff(wide) < 4 && height.abs_diff(high) < 4,
                "{file}: {width} × {height}, not {wide} × {high}"
            );
        }
    }
    // Two segments hold the three paths of this file, and one path has 1925 knots.
    store.pyramid(&corpus.join("paths/app13-multiple.jpg"));
    let all = size(&store, "app13-multiple.jpg", "cropPathE=Silo,TOP,metal%20base");
    assert!(all[0] < 256 && all[1] < 160, "{all:?}");
}

/// The image resource 2000 with a path around the middle: half of the width, a quarter of the height.
fn resources() -> Vec<u8> {
    let mut records =
        vec![[vec![0, 6], vec![0; 24]].concat(), [vec![0, 0, 0, 4], vec![0; 22]].concat()];
    for [x, y] in [[2_u32, 3], [6, 3], [6, 5], [2, 5]] {
        let point = [y << 21, x << 21].map(u32::to_be_bytes).concat();
        records.push([vec![0, 1], point.repeat(3)].concat());
    }
    let records = records.concat();
    let len = (records.len() as u32).to_be_bytes();
    [b"8BIM\x07\xd0\x06Path 1\0".as_slice(), &len, &records].concat()
}

const WIDTH: u32 = 80;
const HEIGHT: u32 = 64;

fn picture() -> RgbImage {
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| image::Rgb([x as u8 * 3, y as u8 * 3, 90]))
}

/// A JPEG with an EXIF orientation, and the resources in two segments.
fn jpeg(orientation: u8) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    DynamicImage::from(picture()).write_to(&mut file, ImageFormat::Jpeg).unwrap();
    let file = file.into_inner();
    let segment = |marker: u8, body: &[u8]| {
        let len = (body.len() as u16 + 2).to_be_bytes();
        [&[0xff, marker], len.as_slice(), body].concat()
    };
    let exif = [
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(),
        &[orientation, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    let resources = resources();
    let (one, other) = resources.split_at(50);
    let photoshop = |part: &[u8]| segment(0xed, &[b"Photoshop 3.0\0", part].concat());
    [&file[..2], &segment(0xe1, &exif), &photoshop(one), &photoshop(other), &file[2..]].concat()
}

/// A TIFF of one strip.
fn tiff() -> Vec<u8> {
    let (pixels, resources) = (picture().into_raw(), resources());
    let start = 8 + 2 + 10 * 12 + 4;
    let after = start + pixels.len() as u32;
    let entries = [
        (256, 3, 1, WIDTH),
        (257, 3, 1, HEIGHT),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (273, 4, 1, start),
        (277, 3, 1, 3),
        (278, 3, 1, HEIGHT),
        (279, 4, 1, pixels.len() as u32),
        (34377, 1, resources.len() as u32, after),
    ];
    let mut file = b"II*\0\x08\0\0\0\x0a\0".to_vec();
    for (tag, kind, count, value) in entries {
        file.extend([(tag as u16).to_le_bytes(), (kind as u16).to_le_bytes()].concat());
        file.extend([count.to_le_bytes(), value.to_le_bytes()].concat());
    }
    [file, vec![0; 4], pixels, resources].concat()
}

/// A Photoshop file without layers.
fn psd() -> Vec<u8> {
    let picture = picture();
    let plane = |channel: usize| picture.pixels().map(move |pixel| pixel.0[channel]);
    let resources = resources();
    let mut file = b"8BPS\0\x01\0\0\0\0\0\0\0\x03".to_vec();
    file.extend([HEIGHT.to_be_bytes(), WIDTH.to_be_bytes(), [0, 8, 0, 3]].concat());
    file.extend([0; 4]);
    file.extend((resources.len() as u32).to_be_bytes());
    file.extend(resources);
    file.extend([0; 4]);
    file.extend([0, 0]);
    (0..3).for_each(|channel| file.extend(plane(channel)));
    file
}

#[test]
fn paths_of_jpeg_tiff_and_psd_are_served() {
    let (store, folder) = (Store::new(), tempfile::tempdir().unwrap());
    let half = [WIDTH / 2, HEIGHT / 4];
    for (name, file, expected) in [
        ("a.jpg", jpeg(1), half),
        ("turned.jpg", jpeg(6), [half[1], half[0]]),
        ("a.tif", tiff(), half),
        ("a.psd", psd(), half),
    ] {
        let original: &Path = &folder.path().join(name);
        fs::write(original, file).unwrap();
        store.pyramid(original);
        assert_eq!(size(&store, name, "cropPathE=Path%201"), expected, "{name}");
        let clipped = rendered(&store, name, "layer=0&clipPathE=Path%201&fmt=png-alpha");
        let clipped = image::load_from_memory(&clipped).unwrap().to_rgba8();
        let seen = clipped.pixels().filter(|pixel| pixel.0[3] == 255).count();
        assert_eq!(seen as u32, half[0] * half[1], "{name}");
    }
}
