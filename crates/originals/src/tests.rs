use std::io::Cursor;

use azulejo::{
    pyramid::{Compression, Index, Photometric, open as open_pyramid},
    store::{FetchBuffer, MemoryStore, fulfil},
};
use image::{DynamicImage, GrayImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::{Crop, Options, Unsharp, open};

fn file(image: impl Into<DynamicImage>) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.into().write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

fn index(original: &[u8]) -> Index {
    let opened = open(Cursor::new(original), original.len() as u64, 1 << 30).unwrap();
    let store = MemoryStore::new();
    store.put("x.tif", opened.pyramid(Options::default()).unwrap());
    let buffer = FetchBuffer::default();
    pollster::block_on(fulfil(&store, &buffer, open_pyramid("x.tif", &buffer))).unwrap()
}

#[test]
fn a_crop_cuts_each_side_of_the_upright_picture() {
    let original = file(RgbImage::from_fn(40, 30, |x, y| Rgb([x as u8, y as u8, 0])));
    let made = |crop| {
        let opened = open(Cursor::new(&original), original.len() as u64, 1 << 30).unwrap();
        opened.pyramid(Options { crop, quality: 100, ..Options::default() })
    };
    let store = MemoryStore::new();
    store.put("x.tif", made(Crop { left: 3, right: 7, top: 2, bottom: 5 }).unwrap());
    let buffer = FetchBuffer::default();
    let opened = fulfil(&store, &buffer, open_pyramid("x.tif", &buffer));
    let level = &pollster::block_on(opened).unwrap().levels[0];
    assert_eq!((level.width, level.height), (30, 23));
    let nothing = made(Crop { left: 20, right: 20, ..Crop::default() }).unwrap_err();
    assert!(nothing.to_string().contains("leaves nothing of 40 × 30"), "{nothing}");
}

#[test]
fn an_unsharp_mask_changes_the_small_levels_only() {
    let noise = |x: u32, y: u32| Rgb([(x / 5 * 40 + y) as u8, (y / 7 * 30) as u8, 90]);
    let original = file(RgbImage::from_fn(900, 600, noise));
    let made = |unsharp| {
        let opened = open(Cursor::new(&original), original.len() as u64, 1 << 30).unwrap();
        let file = opened.pyramid(Options { unsharp, ..Options::default() }).unwrap();
        let store = MemoryStore::new();
        store.put("x.tif", file.clone());
        let buffer = FetchBuffer::default();
        let opened = fulfil(&store, &buffer, open_pyramid("x.tif", &buffer));
        let levels = pollster::block_on(opened).unwrap().levels;
        let tiles = |level: &azulejo::pyramid::Level| -> Vec<u8> {
            let spans = level.tiles.iter();
            spans.flat_map(|s| file[s.start as usize..][..s.len as usize].to_vec()).collect()
        };
        levels.iter().map(tiles).collect::<Vec<_>>()
    };
    let plain = made(None);
    // The defaults of a profile.
    let sharp = made(Some(Unsharp { amount: 1.75, radius: 0.2, threshold: 2 }));
    assert_eq!(plain.len(), 3);
    assert!(plain[..2] == sharp[..2] && plain[2] != sharp[2]);
    let none = made(Some(Unsharp { amount: 0.0, radius: 0.5, threshold: 2 }));
    assert!(plain == none);
}

#[test]
fn alpha_is_preserved_and_stored_without_loss() {
    let level = &index(&file(RgbaImage::from_pixel(300, 200, Rgba([9, 8, 7, 128])))).levels[0];
    assert_eq!((level.samples, level.compression), (4, Compression::Deflate));
    assert!(level.alpha.is_some());
}

#[test]
fn an_opaque_alpha_is_dropped() {
    let level = &index(&file(RgbaImage::from_pixel(300, 200, Rgba([9, 8, 7, 255])))).levels[0];
    assert_eq!((level.samples, level.alpha), (3, None));
}

#[test]
fn grey_stays_grey() {
    let level = &index(&file(GrayImage::new(300, 200))).levels[0];
    assert_eq!((level.samples, level.photometric), (1, Photometric::MinIsBlack));
}

#[test]
fn levels_are_reduced_by_half_down_to_one_tile() {
    let index = index(&file(RgbImage::from_pixel(1100, 300, Rgb([1, 2, 3]))));
    let sizes: Vec<_> = index.levels.iter().map(|level| (level.width, level.height)).collect();
    assert_eq!(sizes, [(1100, 300), (550, 150), (275, 75), (138, 38)]);
}

#[test]
fn a_file_that_is_no_picture_is_refused_with_a_list_of_formats() {
    let refused = open(Cursor::new(b"hello"), 5, 1 << 30).err().unwrap();
    // The workspace selects the optional decoders.
    let message = refused.to_string();
    assert!(
        message.starts_with("not a file of an accepted format: JPEG, PNG, TIFF, "),
        "{message}"
    );
}

#[test]
fn a_truncated_picture_is_an_error_not_half_a_pyramid() {
    let whole = file(RgbImage::from_fn(64, 64, |x, y| Rgb([x as u8, y as u8, (x ^ y) as u8])));
    let half = &whole[..whole.len() / 2];
    let opened = open(Cursor::new(half), half.len() as u64, 1 << 30);
    assert!(opened.and_then(|opened| opened.pyramid(Options::default())).is_err());
}

/// The CRC of a PNG chunk.
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), step))
}

#[test]
fn a_header_with_too_many_pixels_is_refused_before_decoding() {
    let mut huge = file(RgbImage::new(1, 1));
    // The IHDR chunk: its type at 12, then width and height; its CRC at 29.
    huge[16..24].copy_from_slice(&[0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]);
    let sum = crc(&huge[12..29]);
    huge[29..33].copy_from_slice(&sum.to_be_bytes());
    let opened = open(Cursor::new(&huge), huge.len() as u64, u64::MAX);
    assert!(opened.is_err_and(|error| error.to_string().contains("limit")));
}
