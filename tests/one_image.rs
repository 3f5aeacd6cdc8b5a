//! Replies that show one image and nothing else: a stored tile is sent as it is, and planes are encoded
//! without RGB between.

use azulejo::{codec::jpeg::Segments, store::MemoryStore};

use crate::shop::get;

/// 637 × 359 pixels in JPEG tiles of 64 × 64, of quality 90 and 4:2:0.
const DANDELIONS: &[u8] = include_bytes!("fixtures/dandelions.tif");
/// 319 × 180 grey pixels in JPEG tiles of 64 × 64, of quality 90.
const GREY: &[u8] = include_bytes!("fixtures/grey.tif");

fn store() -> MemoryStore {
    let store = MemoryStore::new();
    store.put("assets/Shop/dandelions.tif", DANDELIONS.to_vec());
    store.put("assets/Shop/grey.tif", GREY.to_vec());
    store
}

fn image(store: &MemoryStore, request: &str) -> Vec<u8> {
    let reply = get(store, request);
    assert_eq!(reply.status, 200, "{request}");
    reply.body.to_vec()
}

/// Whether a file has the data of one of the tiles of a pyramid.
fn is_stored(file: &[u8], pyramid: &[u8]) -> bool {
    let mut segments = Segments { rest: file };
    segments.by_ref().find(|(marker, _)| *marker == 0xda).unwrap();
    pyramid.windows(segments.rest.len()).any(|bytes| bytes == segments.rest)
}

#[test]
fn a_whole_tile_of_a_level_is_sent_as_it_is_stored() {
    let store = store();
    for (request, pyramid) in [
        ("Shop/dandelions?scl=1&rect=64,128,64,64&qlt=90", DANDELIONS),
        ("Shop/dandelions?req=tile&scl=1&rect=0,0,64,64&qlt=95&fmt=jpg", DANDELIONS),
        ("Shop/grey?scl=1&rect=192,64,64,64&qlt=90&fmt=jpeg,gray", GREY),
    ] {
        assert!(is_stored(&image(&store, request), pyramid), "{request}");
    }
}

#[test]
fn other_replies_are_drawn() {
    let store = store();
    for modifiers in [
        "scl=1&rect=64,128,64,64&qlt=80",
        "scl=1&rect=65,128,64,64&qlt=90",
        "scl=1&rect=64,128,64,63&qlt=90",
        "scl=1&rect=64,128,128,64&qlt=90",
        "scl=1.01&rect=64,128,64,64&qlt=90",
        "scl=1&rect=64,128,64,64&qlt=90&flip=lr",
        "scl=1&rect=64,128,64,64&qlt=90&op_brightness=1",
        "scl=1&rect=64,128,64,64&qlt=90&jpegSize=90",
        "scl=1&rect=64,128,64,64&qlt=90&fmt=pjpeg",
        "scl=1&rect=64,128,64,64&qlt=90&layer=1&src=Shop/grey&size=5,5",
    ] {
        let file = image(&store, &format!("Shop/dandelions?{modifiers}"));
        assert!(!is_stored(&file, DANDELIONS), "{modifiers}");
    }
}

/// Its pixels are those that are encoded where a request asks for other bytes.
#[test]
fn a_stored_tile_has_the_pixels_of_its_place() {
    let store = store();
    let place = "Shop/dandelions?scl=1&rect=320,128,64,64";
    let decoded = |file: &[u8]| jpeg_decoder::Decoder::new(file).decode().unwrap();
    let tile = decoded(&image(&store, &format!("{place}&qlt=90")));
    let exact = decoded(&image(&store, &format!("{place}&qlt=100,1&fmt=jpeg&jpegSize=100")));
    let most = tile.iter().zip(&exact).map(|(a, b)| a.abs_diff(*b)).max();
    // Decoders interpolate chroma differently.
    assert!(most < Some(12), "{most:?} steps apart");
    let elsewhere = decoded(&image(&store, "Shop/dandelions?scl=1&rect=256,128,64,64&qlt=90"));
    let apart = tile.iter().zip(&elsewhere).filter(|(a, b)| a.abs_diff(**b) > 12).count();
    assert!(apart > tile.len() / 4, "the next tile is another picture: {apart}");
}

/// Its metadata is that of the reply, not that of the level.
#[test]
fn a_stored_tile_has_the_resolution_of_the_request() {
    let file = image(&store(), "Shop/dandelions?scl=1&rect=64,128,64,64&qlt=90&printRes=300");
    assert!(is_stored(&file, DANDELIONS));
    let (_, jfif) = Segments { rest: &file }.next().unwrap();
    assert_eq!(jfif[7..12], [1, 1, 44, 1, 44]);
}

/// `jpegSize=` needs the pixels; without it the planes are encoded as they are resampled.
#[test]
fn planes_are_encoded_as_their_pixels_are() {
    let store = store();
    let decoded = |request: &str| {
        let file = image(&store, &format!("Shop/dandelions?{request}"));
        let mut decoder = jpeg_decoder::Decoder::new(file.as_slice());
        let pixels = decoder.decode().unwrap();
        (decoder.info().unwrap(), pixels)
    };
    let mut differ = 0;
    for request in [
        "wid=400",
        "wid=301&hei=77&fit=crop",
        "wid=203&flip=lr",
        "wid=333&rect=13,21,101,55",
        "wid=1",
        "crop=33,17,201,203&wid=75",
    ] {
        let (info, planes) = decoded(&format!("{request}&qlt=95"));
        let (other, pixels) = decoded(&format!("{request}&qlt=95&jpegSize=9999"));
        assert_eq!((info.width, info.height), (other.width, other.height), "{request}");
        let apart = planes.iter().zip(&pixels).map(|(a, b)| u32::from(a.abs_diff(*b)));
        let mean = f64::from(apart.clone().sum::<u32>()) / planes.len() as f64;
        assert!(mean < 1.5 && apart.clone().max() < Some(24), "{request}: {mean}");
        differ += usize::from(apart.max() > Some(0));
    }
    // Tiny replies are drawn as pixels.
    assert!(differ > 1, "only {differ} were not drawn as pixels");
}

/// Only the blocks that are seen are decoded. Chroma is interpolated from those beside them, too.
#[test]
fn a_part_of_an_image_is_the_same_part_of_all_of_it() {
    let store = store();
    let pixels = |request: &str| {
        let file = image(&store, &format!("Shop/dandelions?scl=1&fmt=png&{request}"));
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        pixels
    };
    let whole = pixels("");
    for [x, y, width, height] in [
        [0, 0, 1, 1],
        [15, 15, 2, 2],
        [16, 16, 16, 16],
        [17, 30, 5, 3],
        [47, 63, 18, 2],
        [63, 1, 130, 200],
        [620, 350, 17, 9],
    ] {
        let part = pixels(&format!("rect={x},{y},{width},{height}"));
        let rows = whole.chunks_exact(637 * 3).skip(y).take(height);
        let same: Vec<u8> = rows.flat_map(|row| row[x * 3..(x + width) * 3].to_vec()).collect();
        assert!(part == same, "{x},{y},{width},{height}");
    }
}
